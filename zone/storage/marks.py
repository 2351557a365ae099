"""Where the next page of a list begins that is not in the order of its rows' numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
# As an address may hold it: a number no larger than the microseconds of a year to come, and one of a row.
WRITTEN = re.compile(r"([0-9]{1,17})\.([0-9]{1,18})", re.ASCII)


@dataclass(frozen=True)
class Mark:
    """The last row that was shown: its place in what the list is in order of, as a number, and its own number."""

    place: int
    row: int

    def __str__(self) -> str:
        return f"{self.place}.{self.row}"

    @property
    def moment(self) -> datetime:
        """What `at` was given."""
        return EPOCH + self.place * MICROSECOND


def at(moment: datetime, row: int) -> Mark:
    """The mark in a list that is in order of time."""
    return Mark((moment - EPOCH) // MICROSECOND, row)


def read(text: str) -> Mark:
    """The mark that `str` wrote. Raises `ValueError` for what it cannot have written."""
    written = WRITTEN.fullmatch(text)
    if written is None:
        raise ValueError("no mark")
    return Mark(int(written[1]), int(written[2]))
