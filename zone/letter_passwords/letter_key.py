"""What a letter password becomes for AES-256, revision 6 (ISO 32000-2, 7.6.4), so that letters need it no more.

The costly hash depends on the password and on salts, not on the letter. `derive` pays for it once for each
version of a password; `zone.letters.encryption.file_key` then locks one letter in microseconds.

A `LetterKey` opens every letter that was locked with it, so it is kept as sealed as the password. It does not
show the password, which matters to a client who uses it elsewhere too; but who holds it, or any one letter,
can try guesses at the speed of the hash, and a default of three or four digits falls at once.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from zone.letter_passwords.saslprep import is_prepared
from zone.secret import Secret

# The limit at which readers cut or refuse a password (ISO 32000-2, 7.6.4.3.3).
PASSWORD_BYTES: Final = 127

SALT_BYTES: Final = 8
ENTRY_BYTES: Final = 48
KEY_BYTES: Final = 32


@dataclass(frozen=True, repr=False)
class LetterKey:
    """/U and /O, and the intermediate keys under which a letter's own key is wrapped as /UE and /OE."""

    u: bytes
    o: bytes
    user_key: bytes
    owner_key: bytes

    def to_bytes(self) -> bytes:
        """For the vault: 160 bytes."""
        return self.u + self.o + self.user_key + self.owner_key

    @classmethod
    def from_bytes(cls, sealed: bytes) -> LetterKey:
        """Back from the vault. Raises `ValueError` on what `to_bytes` does not make."""
        if len(sealed) != 2 * ENTRY_BYTES + 2 * KEY_BYTES:
            raise ValueError("not a letter key")
        return cls(sealed[:48], sealed[48:96], sealed[96:128], sealed[128:])


def derive(password: Secret) -> LetterKey:
    """A letter key of `password` with fresh salts, and with a random owner password that is thrown away.

    Raises `ValueError` when some readers would take the password differently (`acceptance` refuses such ones).
    """
    text = password.reveal()
    if not text or not is_prepared(text) or len(text.encode()) > PASSWORD_BYTES:
        raise ValueError("some PDF readers cannot take this letter password")
    u, user_key = _entry(text.encode(), b"")
    o, owner_key = _entry(os.urandom(KEY_BYTES), u)
    return LetterKey(u, o, user_key, owner_key)


def _entry(password: bytes, user_entry: bytes) -> tuple[bytes, bytes]:
    """/U or /O, and the intermediate key beside it (algorithms 8 and 9, steps a and b)."""
    validation_salt, key_salt = os.urandom(SALT_BYTES), os.urandom(SALT_BYTES)
    check = hardened_hash(password, validation_salt, user_entry)
    return check + validation_salt + key_salt, hardened_hash(password, key_salt, user_entry)


def hardened_hash(password: bytes, salt: bytes, user_entry: bytes) -> bytes:
    """Algorithm 2.B: at least 64 rounds of AES-128 and SHA-2, 32 bytes. `user_entry` is /U for /O, else empty."""
    key = hashlib.sha256(password + salt + user_entry).digest()
    last, rounds = 0, 0
    while rounds < 64 or last > rounds - 32:
        cipher = Cipher(algorithms.AES(key[:16]), modes.CBC(key[16:32])).encryptor()
        mixed = cipher.update((password + key + user_entry) * 64)
        # The first 16 bytes as one number, modulo 3, which is the sum of its bytes modulo 3.
        digest = (hashlib.sha256, hashlib.sha384, hashlib.sha512)[sum(mixed[:16]) % 3]
        key, last = digest(mixed).digest(), mixed[-1]
        rounds += 1
    return key[:KEY_BYTES]
