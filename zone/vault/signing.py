"""Signatures that anybody can check who has the public key (Ed25519, RFC 8032)."""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key


def sign(seed: bytes, data: bytes) -> bytes:
    """The signature of `data` under the private key `seed`, 32 bytes; 64 bytes."""
    return Ed25519PrivateKey.from_private_bytes(seed).sign(data)


def public_key(seed: bytes) -> bytes:
    """The public half of the private key `seed`; 32 bytes."""
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def is_signed(key: bytes, signature: bytes, data: bytes) -> bool:
    """Whether the private half of `key` signed exactly `data`."""
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, data)
    except InvalidSignature:
        return False
    return True


def to_pem(key: bytes) -> str:
    """A public key as `openssl` and others read it (SubjectPublicKeyInfo, RFC 8410)."""
    public = Ed25519PublicKey.from_public_bytes(key)
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode("ascii")


def from_pem(text: str) -> bytes:
    """The public key that `to_pem` wrote; raises `ValueError` for anything else."""
    public = load_pem_public_key(text.encode())
    if not isinstance(public, Ed25519PublicKey):
        raise ValueError("not an Ed25519 key")
    return public.public_bytes_raw()
