"""A table in a CSV file, as an insurer's systems write it, one thing a row.

UTF-8, with or without a byte order mark; commas or semicolons; RFC 4180 quoting. The first line names the
columns, in any order.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from io import TextIOWrapper
from itertools import chain
from typing import BinaryIO

LONGEST_HEADER = 1000


class NotATable(Exception):
    """The file cannot be read at all. The message says why and what to do, without quoting it."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line it begins on, its cells by column, or what is wrong with it."""

    line: int
    values: dict[str, str] = field(default_factory=dict)
    problem: str = ""


def read(file: BinaryIO, *, required: Collection[str], optional: Collection[str]) -> Iterator[Row]:
    """Every row that says anything, one after the other. Raises `NotATable`."""
    text = TextIOWrapper(file, encoding="utf-8-sig", newline="")
    before = 0
    try:
        header = text.readline(LONGEST_HEADER)
        records = csv.reader(chain([header], text), delimiter=";" if ";" in header else ",", strict=True)
        columns = _columns(next(records, []), required, optional)
        before = records.line_num
        for cells in records:
            line, before = before + 1, records.line_num
            if any(cell.strip() for cell in cells):
                yield _row(line, columns, cells)
    except UnicodeDecodeError as error:
        raise NotATable("The file is not in UTF-8. Save it as „CSV UTF-8“.") from error
    except csv.Error as error:
        raise NotATable(
            f"line {before + 1}: the file is not CSV from here on ({error}). Look for a quotation mark."
        ) from error
    finally:
        text.detach()


def _columns(header: list[str], required: Collection[str], optional: Collection[str]) -> list[str]:
    columns = [name.strip().lower() for name in header]
    known = [*required, *optional]
    for place, name in enumerate(columns, start=1):
        # The name is not shown: where the header was forgotten, it is somebody's data.
        if name not in known:
            raise NotATable(f"Column {place} of the first line is none of: {', '.join(known)}.")
        if name in columns[: place - 1]:
            raise NotATable(f"The first line names the column {name} twice.")
    missing = [name for name in required if name not in columns]
    if missing:
        raise NotATable(f"The first line lacks the column {', '.join(missing)}.")
    return columns


def _row(line: int, columns: list[str], cells: list[str]) -> Row:
    if len(cells) != len(columns):
        return Row(line, problem=f"has {len(cells)} cells where the first line has {len(columns)}.")
    return Row(line, dict(zip(columns, cells, strict=True)))
