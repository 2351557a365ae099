"""What is said of a letter that comes in, read from text: by the API, a manifest, a command, a watched folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from zone.clients.rows import BadCell, Reader, line, optional
from zone.config import LetterKind
from zone.language import N_


class BadDetails(Exception):
    """What was said of a letter cannot be taken. `problems` are all of them, by field, without the values."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{field}: {problem}" for field, problem in problems.items()))
        self.problems = problems


@dataclass(frozen=True, kw_only=True)
class LetterDetails:
    """All there is to say of a letter. `client` is the insurer's reference, `policy` a number of that client's.

    `external_id` is the sender's own name for the letter; a letter is dated today where nothing is said.
    """

    client: str
    subject: str
    kind: LetterKind = LetterKind.OTHER
    date: date | None = None
    policy: str | None = None
    external_id: str | None = None


def read(values: Mapping[str, str]) -> LetterDetails:
    """The details that `values` give, text by the names in `FIELDS`; what they lack counts as empty.

    Raises `BadDetails` with every problem at once.
    """
    taken: dict[str, Any] = {}
    problems = {name: N_("There is no such field. Leave it out.") for name in values if name not in FIELDS}
    for name, read_field in FIELDS.items():
        try:
            taken[name] = read_field(" ".join(values.get(name, "").split()))
        except BadCell as refusal:
            problems[name] = refusal.message
    if problems:
        raise BadDetails(problems)
    return LetterDetails(**taken)


def _kind(text: str) -> LetterKind:
    if not text:
        return LetterKind.OTHER
    if text.lower() not in list(LetterKind):
        raise BadCell(N_("Write contract, premium, statement, claim, notice or other."))
    return LetterKind(text.lower())


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadCell(N_("Write the day as 2026-05-31.")) from error


FIELDS: Mapping[str, Reader] = {
    "client": partial(line, longest=64),
    "subject": partial(line, longest=200),
    "kind": _kind,
    "date": optional(_date),
    "policy": optional(partial(line, longest=32)),
    "external_id": optional(partial(line, longest=64)),
}
