"""Which store a URL names."""

from __future__ import annotations

from pathlib import Path

from zone.config import Config
from zone.letters.store.folder import FolderStore
from zone.letters.store.letter_store import LetterStore, StoreUnusable


def open_store(config: Config) -> LetterStore:
    """The store that `config.letters_url` names. Raises `StoreUnusable`."""
    scheme, _, rest = config.letters_url.partition(":")
    if scheme == "s3":
        # Here, as boto3 takes as long to import as all the rest, and few need it.
        from zone.letters.store.s3 import open_s3

        return open_s3(config.letters_url)
    if scheme != "file" or not rest:
        raise StoreUnusable(
            "ZONE_LETTERS_URL: write file:/path/to/letters or s3://key:secret@host/bucket?region=…"
        )
    try:
        return FolderStore(Path(rest))
    except OSError as error:
        raise StoreUnusable(f"the letter store {rest} cannot be used: {error.strerror}") from error
