"""AES-256 in CBC mode as crypt filter AESV3 wants it (ISO 32000-2, 7.6.3.1): random IV, data, PKCS#7 padding."""

from __future__ import annotations

import os
from typing import Final

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK: Final = 16
PADDINGS: Final = [bytes([length]) * length for length in range(BLOCK + 1)]


def sealed_size(size: int) -> int:
    """How many bytes come of `size` bytes."""
    return BLOCK + size + BLOCK - size % BLOCK


class Sealer:
    """Seals the strings and streams of one document, each as readers expect it: IV, then its blocks under that IV.

    To set up a cipher takes as long as to seal fifty strings, so one cipher goes through the whole document. Before
    each string or stream a fresh random block R goes through it, and what comes out serves as the IV:

        IV = E(R xor L), where L is the last block that came out before.

    That is the ordinary scheme, not one like it. R is uniform, and independent of all that happened before: of L, and
    of the text, which was there first. So R xor L is uniform; and E, for any one key, is a permutation, which takes a
    uniform block to a uniform block. Given everything before, an IV that is drawn and this one have the same
    distribution; nobody can foresee it before the text is fixed, and R is written nowhere. From there CBC goes on as
    from an IV that was set, C1 = E(P1 xor IV), for to CBC the IV is but the block before the first. Not even somebody
    who has the key could tell such a document from one with a cipher for each string. The price is one block more
    for each, of the 2^64 after which blocks begin to collide.
    """

    def __init__(self, key: bytes) -> None:
        cipher = Cipher(algorithms.AES(key), modes.CBC(os.urandom(BLOCK)))
        self._update = cipher.encryptor().update

    def string(self, plain: bytes) -> bytes:
        """A string, sealed."""
        return self._update(os.urandom(BLOCK) + plain + PADDINGS[BLOCK - len(plain) % BLOCK])

    def stream(self, plain: memoryview) -> tuple[bytes, bytes, bytes]:
        """The data of a stream, sealed, in three parts, so that a large one is not copied."""
        padding = PADDINGS[BLOCK - len(plain) % BLOCK]
        return self._update(os.urandom(BLOCK)), self._update(plain), self._update(padding)


def opened(sealed: memoryview, key: bytes) -> bytes:
    """What was sealed under `key`."""
    cipher = Cipher(algorithms.AES(key), modes.CBC(bytes(sealed[:BLOCK]))).decryptor()
    padded = cipher.update(sealed[BLOCK:])
    return padded[: -padded[-1]]
