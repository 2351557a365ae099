"""Secrets sealed at rest, and hashes of passwords."""

from zone.vault.envelope import CannotOpen, Context, Purpose
from zone.vault.keyring import Keyring, KeysUnusable, NoSigningKey, open_keyring
from zone.vault.vault import Busy, NotInVault, Vault

__all__ = [
    "Busy",
    "CannotOpen",
    "Context",
    "Keyring",
    "KeysUnusable",
    "NoSigningKey",
    "NotInVault",
    "Purpose",
    "Vault",
    "open_keyring",
]
