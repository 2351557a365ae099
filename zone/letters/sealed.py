"""A letter's files, each sealed under a key of its own in the vault. Destroying the key destroys the file."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from zone.letters.store import LetterStore
from zone.vault import Context, Vault
from zone.vault.envelope import decrypt, encrypt
from zone.vault.keyring import KEY_BYTES


@contextmanager
def written(store: LetterStore, files: Mapping[str, bytes]) -> Iterator[dict[str, bytes]]:
    """Seal `files` into the store and yield the key of each; when the block fails they are removed again.

    Whoever keeps a file puts its key into the vault inside the block. Until then it is noise: a crash leaks
    nothing.
    """
    keys = {name: secrets.token_bytes(KEY_BYTES) for name in files}
    try:
        for name, content in files.items():
            store.put(name, encrypt(keys[name], content, name.encode()))
        yield keys
    except BaseException:
        for name in files:
            store.delete(name)
        raise


def read(store: LetterStore, vault: Vault, name: str, context: Context) -> bytes:
    """The content, checked for integrity. Raises `FileGone`, `NotInVault`, `CannotOpen`."""
    return decrypt(vault.get(context), store.get(name), name.encode())
