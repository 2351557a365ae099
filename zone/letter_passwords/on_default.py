"""Clients whose letters open with the default, three or four digits of their birth number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from peewee import Expression, ModelSelect, Tuple

from zone.accounts.models import Account
from zone.clients import people
from zone.clients.models import Client
from zone.letter_passwords.models import LetterPassword, Origin
from zone.storage.capped import Capped, capped_count
from zone.storage.marks import Mark
from zone.storage.there import not_there, there

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
    """Clients on the default, in two queries."""
    # An account is looked up for each row that is shown; joined, PostgreSQL may sort everybody for one page.
    query = _on_default(filters).select_extend(_account().alias("account"))
    query = query.order_by(LetterPassword.digits, LetterPassword.client).limit(PAGE + 1)
    if after is not None and filters.digits is not None:
        query = query.where(LetterPassword.client > after.row)
    elif after is not None:
        mine = Tuple(LetterPassword.digits, LetterPassword.client)
        query = query.where(mine > Tuple(after.place, after.row))
    found = list(query)
    shown = found[:PAGE]
    clients = people.by_ids([version.client_id for version in shown])
    rows = [_row(version, clients[version.client_id]) for version in shown if version.client_id in clients]
    return Page(rows, _mark(shown[-1]) if len(found) > PAGE else None)


def count(filters: Filters = ALL) -> Capped:
    """How many there are."""
    return capped_count(_on_default(filters))


def _row(version: Any, client: Client) -> OnDefault:
    """`version` has a column more than the model, that of its account."""
    return OnDefault(client, version, version.account is not None)


def _mark(version: LetterPassword) -> Mark:
    return Mark(version.digits or 0, version.client_id)


def _on_default(filters: Filters) -> ModelSelect[LetterPassword]:
    query = LetterPassword.select().where(is_on_default())
    if filters.digits is not None:
        query = query.where(LetterPassword.digits == filters.digits)
    if filters.account is not None:
        query = query.where(there(_account()) if filters.account else not_there(_account()))
    return query


def _account() -> ModelSelect[Account]:
    return Account.select(Account.id).where(Account.client == LetterPassword.client)
