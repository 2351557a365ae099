"""What every letter store promises, and what it raises."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Protocol

from zone.config import CannotStart
from zone.language import N_, Away

# Copies were kept as well before version 0.2, and a write that a crash cut short leaves a dot and an ending.
NAME = re.compile(r"\.?[A-Za-z0-9_-]{16,64}\.(source|copy)(\.[0-9a-f]{8})?")


class StoreUnusable(CannotStart):
    """The letter store cannot be opened; the message says what to do and repeats nothing of the URL."""


class FileGone(Exception):
    """A file that should be in the store is not."""


class StoreAway(Away):
    """The store does not do its work at this moment. `detail` is its code or the kind of error."""

    message = N_("Letters can be neither kept nor opened just now. Please try again in a few minutes.")


class LetterStore(Protocol):
    """Files by name. A name is written once and never changed. All raise `StoreAway`."""

    def put(self, name: str, content: bytes) -> None:
        """Keep `content`; when this returns, it outlives a power failure.

        Raises `FileExistsError` rather than replace other content.
        """

    def get(self, name: str) -> bytes:
        """What was put; raises `FileGone`."""

    def delete(self, name: str) -> None:
        """Remove it, if it is there."""

    def names(self, *, before: datetime) -> Iterator[str]:
        """The names of all files that were written before that moment. What is not ours is left out."""


def checked(name: str) -> str:
    """`name`, if it is one of a letter's file; raises `ValueError`."""
    if not NAME.fullmatch(name):
        raise ValueError("this is no name of a letter's file")
    return name
