"""Letters in a folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from zone import private_file
from zone.letters.store.letter_store import NAME, FileGone, StoreAway, checked

MARKER = ".zone-letters"
MEANING = b"The letters of Zone lie here. A folder without this file it takes for one that is not mounted.\n"


class FolderStore:
    """A folder on this machine, for its owner alone; sub-folders by the first two letters of the names.

    A file marks it, so that a disk or share that goes away under a running process is `StoreAway`, not an empty
    folder. Opening marks whatever folder is there: a process that starts while it is not mounted cannot tell.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not (folder / MARKER).exists():
            with suppress(FileExistsError):  # another process was quicker
                private_file.create(folder / MARKER, MEANING)

    def put(self, name: str, content: bytes) -> None:
        path = self._path(name)
        with self._mounted():
            path.parent.mkdir(exist_ok=True, mode=0o700)
            private_file.create(path, content)
            private_file.sync(self._folder)

    def get(self, name: str) -> bytes:
        with self._mounted():
            try:
                return self._path(name).read_bytes()
            except FileNotFoundError as error:
                self._check()  # it may have gone away only now
                raise FileGone(name) from error

    def delete(self, name: str) -> None:
        with self._mounted():
            self._path(name).unlink(missing_ok=True)

    def names(self, *, before: datetime) -> Iterator[str]:
        with self._mounted():
            folders = [entry.path for entry in os.scandir(self._folder) if entry.is_dir()]
        for folder in folders:
            with self._mounted():
                found = [entry.name for entry in os.scandir(folder) if _is_older(entry, before)]
            yield from filter(NAME.fullmatch, found)

    def _path(self, name: str) -> Path:
        return self._folder / checked(name).removeprefix(".")[:2] / name

    def _check(self) -> None:
        if not (self._folder / MARKER).exists():
            raise StoreAway(f"{MARKER} is missing: the folder is not mounted")

    @contextmanager
    def _mounted(self) -> Iterator[None]:
        """What fails inside, or for want of the marker, is `StoreAway`."""
        try:
            self._check()
            yield
        except FileExistsError:
            raise
        except OSError as error:
            raise StoreAway(error.strerror or type(error).__name__) from error


def _is_older(entry: os.DirEntry[str], moment: datetime) -> bool:
    with suppress(FileNotFoundError):  # somebody deleted it meanwhile
        return datetime.fromtimestamp(entry.stat().st_mtime, UTC) < moment
    return False
