"""A folder into which others put letters: a PDF, and beside it a JSON file of the same name that tells of it.

The sender writes the PDF first and the JSON last, each under another ending or with a dot in front, and renames it
when it is whole. A name is used once. Then, within the folder:

    x.pdf, x.json      from the sender
    taken/x/           claimed and being worked on
    done/x/            in, and being deleted: letters in clear do not lie about
    failed/x/          not taken in; reason.txt tells why

Each step is a rename, so that a watcher may be killed at any moment. Whoever comes after it finds each letter in
one of these places; and a letter that was in already is known by its content, and not taken twice.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import chain, count
from pathlib import Path
from threading import Event
from time import monotonic

from zone import private_file
from zone.letters.details import FIELDS
from zone.letters.from_files.bringing import NOT_IN, Brought, Fate, Read
from zone.letters.from_files.manifest import with_subject
from zone.letters.from_files.source_file import BadFile, read_within

LONGEST_JSON = 64 * 1024
PDF, JSON = ".pdf", ".json"
TAKEN, DONE, FAILED = "taken", "done", "failed"

Bring = Callable[[Mapping[str, str], Read], Brought]
Pair = Mapping[str, str]  # the names of a letter's files, by their endings


class InUse(Exception):
    """Another watcher has the folder."""


class NotPrivate(Exception):
    """A folder within, which the message names, is a link or open to others."""


class BadJson(Exception):
    """What tells of a letter cannot be understood. The message says why, without quoting it."""


@dataclass
class WatchedFolder:
    """One folder. `grace` is how many seconds half of a pair, or a JSON file that cannot be read, is waited for."""

    path: Path
    most: int
    grace: float
    _unready: dict[str, tuple[object, float]] = field(default_factory=dict)

    @contextmanager
    def mine(self) -> Iterator[None]:
        """The folder for this process alone; one that was killed has let go of it. Raises `InUse`, `NotPrivate`."""
        for name in (TAKEN, DONE, FAILED):
            (self.path / name).mkdir(mode=0o700, exist_ok=True)
            if not private_file.is_private(self.path / name):
                raise NotPrivate(name)
        lock = os.open(self.path / TAKEN / ".lock", os.O_RDWR | os.O_CREAT, private_file.OWNER_ONLY)
        try:
            _lock(lock)
            yield
        finally:
            os.close(lock)

    def look(self, bring: Bring, stop: Event) -> Iterator[tuple[str, Brought]]:
        """Take what there is, letter by letter, until it is all done or `stop` is set. Raises what `bring` raises."""
        for done in (self.path / DONE).iterdir():
            shutil.rmtree(done)
        found = _pairs(self.path)
        self._unready = {name: since for name, since in self._unready.items() if name in found}
        left_over = sorted(path.name for path in (self.path / TAKEN).iterdir() if path.is_dir())
        due = (name for name, pair in found.items() if name not in left_over and self._is_due(name, pair))
        for name in chain(left_over, due):
            if stop.is_set():
                return
            self._claim(name, found.get(name, {}))
            if brought := self._work(name, bring):
                yield name, brought

    def _is_due(self, name: str, pair: Pair) -> bool:
        """Whether all is there and whole, or nothing has come for the time of grace."""
        if len(pair) == 2:
            with suppress(BadJson, BadFile):
                _said(self.path, pair[JSON])
                return True
        state, at = [_state(self.path / file) for file in pair.values()], monotonic()
        if self._unready.get(name, (None, at))[0] != state:
            self._unready[name] = state, at
        return at - self._unready[name][1] >= self.grace

    def _claim(self, name: str, pair: Pair) -> None:
        """The JSON goes first: a claim that was cut short is carried on by name."""
        claimed = self.path / TAKEN / name
        claimed.mkdir(mode=0o700, exist_ok=True)
        has = _pair(claimed)
        if has.keys() & pair.keys():
            return  # the sender has used the name again; that letter waits for its turn
        for ending in sorted(pair.keys() - has.keys()):
            with suppress(FileNotFoundError):  # its sender took it back
                (self.path / pair[ending]).rename(claimed / pair[ending])

    def _work(self, name: str, bring: Bring) -> Brought | None:
        """Bring a letter that was claimed, and put it where it belongs; none if there is nothing."""
        claimed = self.path / TAKEN / name
        pair = _pair(claimed)
        if not pair:
            claimed.rmdir()
            return None
        try:
            brought = self._bring(name, claimed, pair, bring)
        except (BadFile, BadJson) as error:
            brought = Brought(Fate.FAILED, str(error))
        if brought.fate in NOT_IN:
            private_file.put(
                claimed / "reason.txt", f"{brought.fate}: {brought.why}\n".encode(errors="replace")
            )
            claimed.rename(_free(self.path / FAILED, name))
        else:
            done = _free(self.path / DONE, name)
            claimed.rename(done)
            shutil.rmtree(done)
        return brought

    def _bring(self, name: str, claimed: Path, pair: Pair, bring: Bring) -> Brought:
        if PDF not in pair:
            raise BadFile("There is no PDF beside the JSON. Write the PDF first, the JSON last.")
        if JSON not in pair:
            raise BadFile("There is no JSON beside the PDF. Put both back together.")
        values = with_subject(_said(claimed, pair[JSON]), name)
        return bring(values, lambda: read_within(claimed, pair[PDF], self.most))


def _pairs(folder: Path) -> dict[str, Pair]:
    """What senders put here, by name without the ending."""
    pairs: dict[str, dict[str, str]] = {}
    for path in sorted(folder.iterdir()):
        is_file = path.is_symlink() or not path.is_dir()
        if is_file and path.suffix.lower() in (PDF, JSON) and not path.name.startswith("."):
            pairs.setdefault(path.stem, {})[path.suffix.lower()] = path.name
    return dict(pairs)


def _pair(folder: Path) -> Pair:
    """The files of the letter that has `folder` to itself."""
    pairs = _pairs(folder)
    return next(iter(pairs.values()), {})


def _said(folder: Path, name: str) -> dict[str, str]:
    """What the JSON file tells. Raises `BadFile`, `BadJson`."""
    content = read_within(folder, name, LONGEST_JSON + 1)
    try:
        told = json.loads(content) if len(content) <= LONGEST_JSON else None
    except (ValueError, RecursionError) as error:
        raise BadJson("The JSON file is not JSON, or only half of one.") from error
    if not isinstance(told, dict):
        raise BadJson('The JSON file must be one small object, as {"client": "K-1", "subject": "…"}.')
    if not told.keys() <= FIELDS.keys():
        raise BadJson(f"A field of the JSON file is none of: {', '.join(FIELDS)}.")
    said = {field: value for field, value in told.items() if value is not None}
    if wrong := [field for field, value in said.items() if not isinstance(value, str)]:
        raise BadJson(f"Each value in the JSON file must be text in quotation marks: {', '.join(wrong)}.")
    return said


def _lock(descriptor: int) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise InUse from error


def _state(path: Path) -> object:
    """What changes while a file is being written."""
    with suppress(FileNotFoundError):
        found = path.lstat()
        return found.st_mtime_ns, found.st_size, found.st_ino
    return None


def _free(folder: Path, name: str) -> Path:
    """A path in `folder` that is not taken, `name` itself if it can be."""
    names = (name if number == 1 else f"{name}.{number}" for number in count(1))
    return next(path for path in map(folder.joinpath, names) if not path.exists())
