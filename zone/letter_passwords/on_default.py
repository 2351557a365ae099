"""Clients whose letters open with the default, three or four digits of their birth number."""

from __future__ import annotations

from dataclasses import dataclass

from peewee import JOIN, Expression, ModelSelect, Tuple

from zone.accounts.models import Account
from zone.clients.models import Client
from zone.letter_passwords.models import LetterPassword, Origin
from zone.storage.capped import Capped, capped_count
from zone.storage.marks import Mark

PAGE = 25
# What a default consists of (rule 1 of DESIGN.md).
DIGITS = (3, 4)


@dataclass(frozen=True)
class Filters:
    """Which of them; None wants all. `account` is whether they can sign in to the zone."""

    digits: int | None = None
    account: bool | None = None


ALL = Filters()


@dataclass(frozen=True)
class OnDefault:
    """A client, the version that is in force, and whether they have an account in the zone."""

    client: Client
    version: LetterPassword
    has_account: bool


@dataclass(frozen=True)
class Page:
    """Some of them, fewest digits first. `next` is where the next page begins; none when this is the last."""

    rows: list[OnDefault]
    next: Mark | None


def is_on_default() -> Expression:
    """That a version is in force, and a default."""
    in_force: Expression = LetterPassword.replaced_at.is_null() & (LetterPassword.origin == Origin.DEFAULT)
    return in_force


def page(filters: Filters = ALL, *, after: Mark | None = None) -> Page:
    """Clients on the default, in one query."""
    query = _select(filters).order_by(LetterPassword.digits, LetterPassword.client).limit(PAGE + 1)
    if after is not None and filters.digits is not None:
        query = query.where(LetterPassword.client > after.row)
    elif after is not None:
        mine = Tuple(LetterPassword.digits, LetterPassword.client)
        query = query.where(mine > Tuple(after.first, after.row))
    found = [_row(version) for version in query]
    shown = found[:PAGE]
    return Page(shown, _mark(shown[-1].version) if len(found) > PAGE else None)


def count(filters: Filters = ALL) -> Capped:
    """How many there are."""
    return capped_count(_select(filters))


def _row(version: LetterPassword) -> OnDefault:
    account = getattr(version, "account", None)  # peewee sets it where there is one
    return OnDefault(version.client, version, account is not None)


def _mark(version: LetterPassword) -> Mark:
    return Mark(version.digits or 0, version.client_id)


def _select(filters: Filters) -> ModelSelect[LetterPassword]:
    theirs = Account.client == LetterPassword.client
    query = (
        LetterPassword.select(LetterPassword, Client, Account.id)
        .join(Client)
        .join_from(LetterPassword, Account, JOIN.LEFT_OUTER, on=theirs, attr="account")
        .where(is_on_default())
    )
    if filters.digits is not None:
        query = query.where(LetterPassword.digits == filters.digits)
    if filters.account is not None:
        query = query.where(Account.id.is_null(not filters.account))
    return query
