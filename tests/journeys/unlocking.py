"""Whether a letter opens: six independent readers judge."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.readers import READERS, WrongPassword

LETTERS = Path(__file__).parents[2] / "zone" / "demo" / "letters"


def opens_with(letter: bytes, password: str, source: Path) -> None:
    """Every reader opens `letter` with `password` and finds what `source` says; none does with anything near to it."""
    near = {None, password[:-1], password.swapcase(), password[::-1]} - {password}
    for name, read in READERS.items():
        assert read(letter, password) == read(source.read_bytes(), None), name
        for wrong in near:
            stays_shut(letter, wrong, name)


def stays_shut(letter: bytes, password: str | None, reader: str = "pikepdf") -> None:
    with pytest.raises(WrongPassword):
        READERS[reader](letter, password)
