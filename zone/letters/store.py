"""Where the sealed files of letters lie: outside the database, by URL. What it holds is ciphertext only."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Protocol

from zone import private_file
from zone.config import CannotStart, Config

NAME = re.compile(r"[A-Za-z0-9_-]{16,64}\.(source|copy)")


class StoreUnusable(CannotStart):
    """The letter store cannot be opened; the message says what to do."""


class FileGone(Exception):
    """A file that should be in the store is not."""


class LetterStore(Protocol):
    """Files by name. A name is written once and never changed."""

    def put(self, name: str, content: bytes) -> None:
        """Keep `content`; when this returns, it outlives a power failure."""

    def get(self, name: str) -> bytes:
        """What was put; raises `FileGone`."""

    def delete(self, name: str) -> None:
        """Remove it, if it is there."""


class FolderStore:
    """A folder on this machine, for its owner alone; sub-folders by the first two letters of the names."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def put(self, name: str, content: bytes) -> None:
        path = self._path(name)
        path.parent.mkdir(exist_ok=True, mode=0o700)
        private_file.put(path, content)
        private_file.sync(self._folder)

    def get(self, name: str) -> bytes:
        try:
            return self._path(name).read_bytes()
        except FileNotFoundError as error:
            raise FileGone(name) from error

    def delete(self, name: str) -> None:
        self._path(name).unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        if not NAME.fullmatch(name):
            raise ValueError("this is no name of a letter's file")
        return self._folder / name[:2] / name


def open_store(config: Config) -> LetterStore:
    """The store that `config.letters_url` names. Raises `StoreUnusable`."""
    scheme, _, rest = config.letters_url.partition(":")
    if scheme != "file" or not rest:
        raise StoreUnusable(f"ZONE_LETTERS_URL begins with {scheme!r}; write file:/path/to/letters")
    try:
        return FolderStore(Path(rest))
    except OSError as error:
        raise StoreUnusable(f"the letter store {rest} cannot be used: {error.strerror}") from error
