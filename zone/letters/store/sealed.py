"""A letter's file, sealed under a key of its own in the vault. Destroying the key destroys the file."""

from __future__ import annotations

import secrets

from zone.letters.store.letter_store import LetterStore
from zone.vault import Context, Vault
from zone.vault.envelope import decrypt, encrypt
from zone.vault.keyring import KEY_BYTES


def write(store: LetterStore, name: str, content: bytes) -> bytes:
    """Seal `content` into the store and return its key. Raises `StoreAway`.

    Whoever keeps the file puts the key into the vault. Until then it is noise, which `retention.sweep` removes: a
    crash, or a commit of which nobody knows whether it came through, neither leaks nor loses anything.
    """
    key = secrets.token_bytes(KEY_BYTES)
    store.put(name, encrypt(key, content, name.encode()))
    return key


def read(store: LetterStore, vault: Vault, name: str, context: Context) -> bytes:
    """The content, checked for integrity. Raises `FileGone`, `NotInVault`, `CannotOpen` and `StoreAway`."""
    return decrypt(vault.get(context), store.get(name), name.encode())
