"""Reading one row of text into the client that it tells of."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any

from zone.clients import birth_numbers, phones
from zone.clients.birth_numbers import BadBirthNumber
from zone.clients.models import ClientKind
from zone.clients.people import ClientDetails
from zone.clients.phones import BadPhone
from zone.clock import now
from zone.language import N_, Refusal, known

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
EMAIL_LENGTH = 254  # RFC 5321, 4.5.3.1.3, less the angle brackets

Reader = Callable[[str], object]
Values = Mapping[str, Any]


class BadRow(Exception):
    """A row cannot be taken. `problems` are all of them, by column, without the values."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{column}: {problem}" for column, problem in problems.items()))
        self.problems = problems


class BadCell(Refusal):
    """One value cannot be taken. The message says what to write instead."""


def validate(row: Mapping[str, str], countries: frozenset[str]) -> ClientDetails:
    """The client that `row` tells of: text by the names of `ClientDetails`; what it lacks counts as empty.

    Raises `BadRow` with every problem at once.
    """
    values: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for column, read in _readers(countries).items():
        try:
            values[column] = read(" ".join(row.get(column, "").split()))
        except (BadCell, BadBirthNumber, BadPhone) as error:
            problems[column] = error.message
    problems |= {column: message for column, clash, message in CLASHES if clash(values)}
    if problems:
        raise BadRow(problems)
    return ClientDetails(**values)


def _readers(countries: frozenset[str]) -> dict[str, Reader]:
    """How each column is read. An empty cell of an optional column is None."""
    return {
        "reference": partial(line, longest=64),
        "kind": _kind,
        "name": partial(line, longest=200),
        "email": _email,
        "phone": optional(lambda text: phones.parse_mobile(text, countries)),
        "phone_confirmed": optional(_confirmed),
        "birth_number": optional(birth_numbers.parse),
        "language": optional(_language),
        "policy_number": optional(partial(line, longest=32)),
        "product": optional(partial(line, longest=120)),
    }


# Columns that do not go together: where to say it, when, and what.
CLASHES: tuple[tuple[str, Callable[[Values], bool], str], ...] = (
    (
        "birth_number",
        lambda row: row.get("kind") is ClientKind.COMPANY and _given(row, "birth_number"),
        N_("A company has no birth number. Leave it empty, or write person as kind."),
    ),
    (
        "phone_confirmed",
        lambda row: _given(row, "phone_confirmed") and _empty(row, "phone"),
        N_("There is no phone that could be confirmed. Leave it empty, or give the phone."),
    ),
    (
        "product",
        lambda row: _given(row, "policy_number") and _empty(row, "product"),
        N_("Write what the policy insures, such as Home insurance."),
    ),
    (
        "policy_number",
        lambda row: _given(row, "product") and _empty(row, "policy_number"),
        N_("Write the number of the policy, or leave the product empty."),
    ),
)


def _given(row: Values, column: str) -> bool:
    return row.get(column) is not None


def _empty(row: Values, column: str) -> bool:
    """Whether the cell was read and holds nothing; one that could not be read has its own problem."""
    return column in row and row[column] is None


def optional(read: Reader) -> Reader:
    """Reads as `read` does, and nothing as None."""
    return lambda text: read(text) if text else None


def line(text: str, *, longest: int) -> str:
    """One line of text, composed (NFC). Raises `BadCell`."""
    text = unicodedata.normalize("NFC", text)
    if not text:
        raise BadCell(N_("This must not be empty."))
    if len(text) > longest:
        raise BadCell(N_("This is too long. Shorten it."))
    if not text.isprintable():
        raise BadCell(N_("There are invisible characters here. Type it anew."))
    return text


def _kind(text: str) -> ClientKind:
    if text.lower() not in list(ClientKind):
        raise BadCell(N_("Write person or company."))
    return ClientKind(text.lower())


def _email(text: str) -> str:
    address = line(text, longest=EMAIL_LENGTH)
    if not EMAIL.fullmatch(address):
        raise BadCell(N_("This is not an e-mail address. Write it as name@example.org."))
    return address


def _confirmed(text: str) -> datetime:
    """The day's beginning in UTC, or the present where the day has begun here and not there."""
    at = now()
    try:
        moment = datetime.combine(date.fromisoformat(text), time(), UTC)
    except ValueError as error:
        raise BadCell(N_("Write the day as 2026-05-31, or leave it empty.")) from error
    if moment > at + timedelta(days=1):
        raise BadCell(N_("This day is in the future. Write when the client last confirmed the number."))
    return min(moment, at)


def _language(text: str) -> str:
    if known(text.lower()) != text.lower():
        raise BadCell(N_("Write sk or en, or leave it empty."))
    return text.lower()
