"""Sealed strings and streams, opened as any reader opens them: each by itself, with a cipher of its own."""

from __future__ import annotations

import os

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7
from hypothesis import given
from hypothesis import strategies as st

from zone.letters.encryption.sealing import Sealer, opened, sealed_size

KEY = os.urandom(32)


def opened_alone(sealed: bytes) -> bytes:
    """By ISO 32000-2, 7.6.3.1: the IV is the first block, then comes AES-256 in CBC mode, padded as PKCS#7 says."""
    cipher = Cipher(algorithms.AES(KEY), modes.CBC(sealed[:16])).decryptor()
    padding = PKCS7(128).unpadder()
    return padding.update(cipher.update(sealed[16:]) + cipher.finalize()) + padding.finalize()


@given(st.lists(st.binary(max_size=100)))
def test_each_opens_without_those_before_it(secrets: list[bytes]) -> None:
    sealer = Sealer(KEY)
    sealed = [sealer.string(secret) for secret in secrets]
    sealed += [b"".join(sealer.stream(memoryview(secret))) for secret in secrets]
    assert [opened_alone(one) for one in sealed] == secrets * 2
    assert [opened(memoryview(one), KEY) for one in sealed] == secrets * 2
    assert [len(one) for one in sealed] == [sealed_size(len(secret)) for secret in secrets] * 2


def test_the_same_is_sealed_otherwise_each_time_and_no_block_comes_twice() -> None:
    one, other = Sealer(KEY), Sealer(KEY)
    sealed = b"".join(sealer.string(bytes(64)) for _ in range(2000) for sealer in (one, other))
    blocks = [sealed[at : at + 16] for at in range(0, len(sealed), 16)]
    assert len(blocks) == len(set(blocks)) == 2 * 2000 * 6
