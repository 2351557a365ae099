"""Envelopes: a fresh data key (DEK) for each secret, AES-256-GCM, wrapped by the keyring.

The additional authenticated data names client, version and purpose, so that a ciphertext that was moved to
another client's row, or to another use, does not open.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from enum import StrEnum

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from zone.vault.keyring import KEY_BYTES, NONCE_BYTES, CannotUnwrap, Keyring, WrappedKey


class Purpose(StrEnum):
    """What a sealed secret is for."""

    BIRTH_NUMBER = "birth_number"
    LETTER_PASSWORD = "letter_password"
    LETTER_KEY = "letter_key"
    LETTER_SOURCE = "letter_source"
    TRAIL = "trail"
    NOTE = "note"


@dataclass(frozen=True)
class Context:
    """Whose secret, which one, what for. `version` counts within client and purpose."""

    purpose: Purpose
    client_id: int
    version: int

    @property
    def aad(self) -> bytes:
        """The bytes that an envelope is bound to."""
        return f"zone:{self.purpose}:{self.client_id}:{self.version}".encode()


@dataclass(frozen=True)
class Envelope:
    """A sealed secret and its wrapped key."""

    key: WrappedKey
    ciphertext: bytes


class CannotOpen(Exception):
    """An envelope was altered, moved, or sealed under another keyring."""


def seal(keyring: Keyring, context: Context, plaintext: bytes) -> Envelope:
    """`plaintext` under a key of its own."""
    dek = AESGCM.generate_key(KEY_BYTES * 8)
    return Envelope(keyring.wrap(dek, context.aad), encrypt(dek, plaintext, context.aad))


def unseal(keyring: Keyring, context: Context, envelope: Envelope) -> bytes:
    """The plaintext; raises `CannotOpen`."""
    try:
        dek = keyring.unwrap(envelope.key, context.aad)
    except CannotUnwrap as error:
        raise CannotOpen(f"{context.purpose} of client {context.client_id}: {error}") from error
    return decrypt(dek, envelope.ciphertext, context.aad)


def encrypt(key: bytes, plaintext: bytes, aad: bytes) -> bytes:
    """AES-256-GCM: a random nonce, then ciphertext and tag (NIST SP 800-38D)."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plaintext, aad)


def decrypt(key: bytes, sealed: bytes, aad: bytes) -> bytes:
    """What `encrypt` was given; raises `CannotOpen`."""
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], aad)
    except (InvalidTag, ValueError) as error:  # ValueError: too little is left of it
        raise CannotOpen("the ciphertext was altered or belongs elsewhere") from error
