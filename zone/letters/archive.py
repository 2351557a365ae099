"""The client's letters: the list with its filters, one letter with its copies, and what to send again."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from peewee import JOIN, ModelSelect, fn

from zone.clients.models import Policy
from zone.clock import now
from zone.config import LetterKind
from zone.letter_passwords.models import LetterPassword
from zone.letters.models import Copy, Letter, State
from zone.messages.models import Message

PAGE = 20
# The letters that are offered to be sent again after a change of password: not older, and not more.
OFFERED_FOR = timedelta(days=365)
OFFERED = 30


class NoSuchLetter(Exception):
    """The client has no letter of this name; somebody else may. Or it is no longer kept."""


@dataclass(frozen=True)
class Filters:
    """Which letters are wanted; None wants all, and what names nothing finds nothing.

    `policy` is a number, `kind` a `LetterKind`, `year` that of the letter's date.
    """

    policy: str | None = None
    kind: str | None = None
    year: int | None = None


NO_FILTERS = Filters()


@dataclass(frozen=True)
class Choices:
    """What filters can choose from: policies and kinds that have letters, the letters' years, newest first."""

    policies: list[str]
    kinds: list[LetterKind]
    years: list[int]


@dataclass(frozen=True)
class Page:
    """Some letters, newest first, each with its last copy. `older` is where the next page begins, if any."""

    entries: list[tuple[Letter, Copy | None]]
    older: int | None


def page(
    client_id: int, filters: Filters = NO_FILTERS, *, before: int | None = None, length: int = PAGE
) -> Page:
    """The client's letters older than `before`, with policy, last copy, its version and message; in two queries."""
    query = _mine(client_id).order_by(Letter.id.desc()).limit(length + 1)
    if before is not None:
        query = query.where(Letter.id < before)
    if filters.policy is not None:
        query = query.where(Policy.number == filters.policy)
    if filters.kind is not None:
        query = query.where(Letter.kind == filters.kind)
    if filters.year is not None:
        query = query.where(Letter.dated.year == filters.year)
    letters = list(query)
    shown = letters[:length]
    last = last_copies(shown)
    older = shown[-1].id if len(letters) > length else None
    return Page([(letter, last.get(letter.id)) for letter in shown], older)


def choices(client_id: int) -> Choices:
    """What the client's letters can be filtered by, in one query."""
    columns = Policy.number, Letter.kind, Letter.dated.year.cast("integer")
    found: list[Any] = list(_mine(client_id).select(*columns).distinct().tuples())
    kinds = {kind for _, kind, _ in found}
    return Choices(
        sorted({policy for policy, _, _ in found if policy is not None}),
        [kind for kind in LetterKind if kind in kinds],
        sorted({year for _, _, year in found}, reverse=True),
    )


def letter(client_id: int, reference: str) -> Letter:
    """The client's letter, with its policy. Raises `NoSuchLetter`."""
    found: Letter | None = _mine(client_id).where(Letter.reference == reference).first()
    if found is None:
        raise NoSuchLetter
    return found


def find(client_id: int, references: Collection[str]) -> list[Letter]:
    """All of these letters of the client, in the order in which they came. Raises `NoSuchLetter` where one is not."""
    letters = list(_mine(client_id).where(Letter.reference.in_(references)).order_by(Letter.id))
    if len(letters) != len(references):
        raise NoSuchLetter
    return letters


def subjects(client_id: int, references: Collection[str]) -> dict[str, str]:
    """What these letters of the client are called, by reference; without those that are no longer kept."""
    return {reference: each.subject for reference, each in kept(client_id, references).items()}


def kept(client_id: int, references: Collection[str]) -> dict[str, Letter]:
    """These letters of the client by reference, without those that are no longer kept."""
    return {each.reference: each for each in _mine(client_id).where(Letter.reference.in_(references))}


def copies(of: Letter) -> list[Copy]:
    """All copies of a letter with version and message, newest first."""
    return list(_copies().where(Copy.letter == of).order_by(Copy.id.desc()))


def last_copies(letters: Iterable[Letter]) -> dict[int, Copy]:
    """The newest copy of each letter with version and message, by the letter's id."""
    ids = [each.id for each in letters]
    newest = Copy.select(fn.MAX(Copy.id)).where(Copy.letter.in_(ids)).group_by(Copy.letter)
    return {copy.letter_id: copy for copy in _copies().where(Copy.id.in_(newest))}


def recent_copies(client_id: int, within: timedelta) -> list[tuple[Letter, Copy]]:
    """The newest copy of each letter that was asked for lately, by whomever, newest first."""
    asked = Copy.select(Copy.letter).join(Letter)
    asked = asked.where(Letter.client == client_id, Copy.asked_at > now() - within)
    letters = list(_mine(client_id).where(Letter.id.in_(asked)).order_by(Letter.id.desc()).limit(OFFERED * 2))
    last = last_copies(letters)
    return [(each, last[each.id]) for each in letters]


def under_another_password(client_id: int, versions: Collection[int]) -> list[tuple[Letter, Copy]]:
    """Lately sent letters that none of these versions opens, at most `OFFERED`: unread first, then newest first."""
    query = _not_under(client_id, versions).order_by(Letter.read_at.is_null().desc(), Letter.id.desc())
    letters = list(query.limit(OFFERED))
    last = last_copies(letters)
    return [(each, last[each.id]) for each in letters]


def count_under_another_password(client_id: int, versions: Collection[int]) -> int:
    """How many such letters there are, beyond `OFFERED` too."""
    return int(_not_under(client_id, versions).count())


def _not_under(client_id: int, versions: Collection[int]) -> ModelSelect[Letter]:
    newest = Copy.select(fn.MAX(Copy.id)).join(Letter).where(Letter.client == client_id).group_by(Copy.letter)
    encrypted = Copy.password.is_null(False), Copy.password.not_in(versions)
    locked = Copy.select(Copy.letter).where(Copy.id.in_(newest), *encrypted)
    return _mine(client_id).where(Letter.received_at > now() - OFFERED_FOR, Letter.id.in_(locked))


def _mine(client_id: int) -> ModelSelect[Letter]:
    kept = Letter.client == client_id, Letter.state == State.KEPT
    return Letter.select(Letter, Policy).join(Policy, JOIN.LEFT_OUTER).where(*kept)


def _copies() -> ModelSelect[Copy]:
    return (
        Copy.select(Copy, LetterPassword, Message)
        .join_from(Copy, LetterPassword, JOIN.LEFT_OUTER)
        .join_from(Copy, Message, JOIN.LEFT_OUTER)
    )
