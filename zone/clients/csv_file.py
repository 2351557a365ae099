"""The insurer's list of clients as a CSV file, one client a row.

The columns, in any order:

    reference, kind, name, email, phone, birth_number    always; the last two may be empty in a row
    phone_confirmed, language, policy_number, product    may be left out

A row tells all there is to say of its client: an empty phone or birth number means that the client has none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from zone import csv_table
from zone.clients.people import ClientDetails
from zone.clients.rows import BadRow, validate

REQUIRED = ("reference", "kind", "name", "email", "phone", "birth_number")
OPTIONAL = ("phone_confirmed", "language", "policy_number", "product")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line it begins on, and the client or what is wrong."""

    line: int
    details: ClientDetails | None = None
    problems: tuple[str, ...] = ()


def read(file: BinaryIO, countries: frozenset[str]) -> Iterator[Row]:
    """Every row, good or bad. Raises `NotATable`."""
    seen = _Seen()
    for row in csv_table.read(file, required=REQUIRED, optional=OPTIONAL):
        yield seen.check(_row(row, countries))


def _row(row: csv_table.Row, countries: frozenset[str]) -> Row:
    if row.problem:
        return Row(row.line, problems=(row.problem,))
    try:
        return Row(row.line, validate(row.values, countries))
    except BadRow as error:
        return Row(row.line, problems=tuple(map(": ".join, error.problems.items())))


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
