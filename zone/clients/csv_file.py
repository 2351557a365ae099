"""The insurer's list of clients as a CSV file, one client a row.

UTF-8, with or without a byte order mark; commas or semicolons; RFC 4180 quoting. The first line names the
columns, in any order:

    reference, kind, name, email, phone, birth_number    always; the last two may be empty in a row
    phone_confirmed, language, policy_number, product    may be left out

A row tells all there is to say of its client: an empty phone or birth number means that the client has none.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import TextIOWrapper
from itertools import chain
from typing import BinaryIO

from zone.clients.people import ClientDetails
from zone.clients.rows import BadRow, validate

REQUIRED = ("reference", "kind", "name", "email", "phone", "birth_number")
OPTIONAL = ("phone_confirmed", "language", "policy_number", "product")
LONGEST_HEADER = 1000


class NotAClientsFile(Exception):
    """The file cannot be read at all. The message says why and what to do, without quoting it."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line it begins on, and the client or what is wrong."""

    line: int
    details: ClientDetails | None = None
    problems: tuple[str, ...] = ()


def read(file: BinaryIO, countries: frozenset[str]) -> Iterator[Row]:
    """Every row, good or bad. Raises `NotAClientsFile`."""
    text = TextIOWrapper(file, encoding="utf-8-sig", newline="")
    seen, before = _Seen(), 0
    try:
        header = text.readline(LONGEST_HEADER)
        records = csv.reader(chain([header], text), delimiter=";" if ";" in header else ",", strict=True)
        columns = _columns(next(records, []))
        before = records.line_num
        for cells in records:
            line, before = before + 1, records.line_num
            if any(cell.strip() for cell in cells):
                yield seen.check(_row(line, columns, cells, countries))
    except UnicodeDecodeError as error:
        raise NotAClientsFile("The file is not in UTF-8. Save it as „CSV UTF-8“.") from error
    except csv.Error as error:
        raise NotAClientsFile(
            f"line {before + 1}: the file is not CSV from here on ({error}). Look for a quotation mark."
        ) from error
    finally:
        text.detach()


def _columns(header: list[str]) -> list[str]:
    columns = [name.strip().lower() for name in header]
    for place, name in enumerate(columns, start=1):
        # The name is not shown: where the header was forgotten, it is somebody's data.
        if name not in REQUIRED + OPTIONAL:
            raise NotAClientsFile(
                f"Column {place} of the first line is none of: {', '.join(REQUIRED + OPTIONAL)}."
            )
        if name in columns[: place - 1]:
            raise NotAClientsFile(f"The first line names the column {name} twice.")
    missing = [name for name in REQUIRED if name not in columns]
    if missing:
        raise NotAClientsFile(f"The first line lacks the column {', '.join(missing)}.")
    return columns


def _row(line: int, columns: list[str], cells: list[str], countries: frozenset[str]) -> Row:
    if len(cells) != len(columns):
        return Row(line, problems=(f"has {len(cells)} cells where the first line has {len(columns)}.",))
    try:
        return Row(line, validate(dict(zip(columns, cells, strict=True)), countries))
    except BadRow as error:
        return Row(line, problems=tuple(error.problems))


@dataclass
class _Seen:
    """What earlier rows have named, and on which line."""

    references: dict[str, int] = field(default_factory=dict)
    policies: dict[str, int] = field(default_factory=dict)

    def check(self, row: Row) -> Row:
        """`row`, or a bad one where it repeats a reference or a policy."""
        if row.details is None:
            return row
        problems = []
        first = self.references.setdefault(row.details.reference, row.line)
        if first != row.line:
            problems.append(f"reference: is on line {first} already.")
        if row.details.policy_number is not None:
            first = self.policies.setdefault(row.details.policy_number, row.line)
            if first != row.line:
                problems.append(f"policy_number: is on line {first} already.")
        return Row(row.line, problems=tuple(problems)) if problems else row
