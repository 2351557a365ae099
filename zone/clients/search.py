"""Finding policies in a broker's portfolio, and clients among everybody, while a person types.

Each way in which what was typed can be meant is one range of an index (`zone.search_terms`), read from where the last
page ended and no further than this page reaches: a million clients take as long as a thousand.
"""

from __future__ import annotations

import base64
import binascii
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from peewee import JOIN, Case, Expression, ForeignKeyField, ModelSelect, Tuple

from zone import search_terms
from zone.clients import birth_numbers, phones
from zone.clients.birth_numbers import BadBirthNumber
from zone.clients.mandates import alive
from zone.clients.models import Client, Mandate, Phone, Policy
from zone.clients.search_index import reindex
from zone.clients.search_models import ClientTerm, PortfolioTerm
from zone.storage.there import not_there, there

__all__ = ["PAGE", "ClientRow", "Page", "PolicyRow", "everybody", "is_birth_number", "portfolio", "reindex"]

PAGE = 20
ROW = struct.Struct(">q")
Key = tuple[bytes, int]


@dataclass(frozen=True)
class PolicyRow:
    """A policy that was found, with its client, and the client's number as it may be shown."""

    policy: Policy
    client: Client
    phone_masked: str | None


@dataclass(frozen=True)
class ClientRow:
    """A client who was found, and their number and address as they may be shown."""

    client: Client
    phone_masked: str | None

    @property
    def email_masked(self) -> str:
        return phones.mask_email(self.client.email)


Row = TypeVar("Row", PolicyRow, ClientRow)


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some of what was found. `after` is where the next page begins; none when this is the last.

    It tells what was found, so it belongs into no address that what was typed may not stand in.
    """

    rows: list[Row]
    after: str | None


def portfolio(broker_id: int, typed: str, *, after: str | None = None, most: int = PAGE) -> Page[PolicyRow]:
    """The broker's policies whose number, client's name or phone was `typed`; when nothing was, all by number.

    Only those under a mandate that is in force at this moment. What `after` holds and is no mark of ours means the
    first page.
    """
    mandate = Mandate.select(Mandate.id).where(
        Mandate.broker_id == broker_id, Mandate.policy == PortfolioTerm.policy, alive()
    )
    terms = PortfolioTerm.select(PortfolioTerm.term, PortfolioTerm.policy).where(
        PortfolioTerm.broker_id == broker_id, there(mandate)
    )
    found = _scan(terms, PortfolioTerm.policy, _prefixes(typed, portfolio=True), after, most)
    rows = _policies([policy_id for _, policy_id in found[:most]])
    return Page(rows, _mark(found[most - 1]) if len(found) > most else None)


def everybody(typed: str, *, after: str | None = None, most: int = PAGE) -> Page[ClientRow]:
    """The clients whose name, reference, e-mail, phone's end or policy number was `typed`; none when nothing was."""
    terms = ClientTerm.select(ClientTerm.term, ClientTerm.client)
    found = _scan(terms, ClientTerm.client, _prefixes(typed, portfolio=False), after, most)
    rows = _clients([client_id for _, client_id in found[:most]])
    return Page(rows, _mark(found[most - 1]) if len(found) > most else None)


def is_birth_number(typed: str) -> bool:
    """Whether this is a birth number, by which nobody is looked for, and which no page should repeat."""
    try:
        birth_numbers.parse(typed)
    except BadBirthNumber:
        return False
    return True


def _prefixes(typed: str, *, portfolio: bool) -> list[bytes]:
    # Written with its slash it is meant as one; without, ten digits may be a policy's number.
    if "/" in typed and is_birth_number(typed):
        return []
    return search_terms.policy_prefixes(typed) if portfolio else search_terms.client_prefixes(typed)


def _scan(
    terms: ModelSelect[Any], row: ForeignKeyField, prefixes: Sequence[bytes], after: str | None, most: int
) -> list[Key]:
    """Up to one more than `most` rows, by their first term that fits. As many short queries as there are prefixes."""
    begin = _read_mark(after)
    found: list[Key] = []
    for number, prefix in enumerate(prefixes):
        if begin and begin[0] >= prefix + search_terms.PAST:
            continue
        page = _from(terms, row, prefix, begin)
        # A policy has one number, which is looked for first: no smaller term of it can fit.
        if number or row.model is not PortfolioTerm:
            page = page.where(_is_first(row, prefixes[: number + 1]))
        term = row.model.term
        query = page.order_by(term, row).limit(most + 1 - len(found))
        found += [(bytes(term), row_id) for term, row_id in query.tuples()]
        if len(found) > most:
            break
    return found


def _from(
    terms: ModelSelect[Any], row: ForeignKeyField, prefix: bytes, begin: Key | None
) -> ModelSelect[Any]:
    term = row.model.term
    within = terms.where(term < prefix + search_terms.PAST)
    if begin is None or begin[0] < prefix:
        return within.where(term >= prefix)
    # Not both: of two lower bounds SQLite would take the prefix, and read all pages before this one.
    return within.where(Tuple(term, row) > Tuple(term.db_value(begin[0]), begin[1]))


def _is_first(row: ForeignKeyField, prefixes: Sequence[bytes]) -> Expression:
    """That no smaller term of the row fits as well: each row is found once, however it is looked for."""
    other = row.model.alias()
    same = getattr(other, row.name) == row
    if row.model is PortfolioTerm:
        same &= other.broker_id == PortfolioTerm.broker_id
    # A CASE, or PostgreSQL may look among all who fit, and not among the few terms of this row.
    fits = [((other.term >= prefix) & (other.term < prefix + search_terms.PAST), 1) for prefix in prefixes]
    smaller = other.select(other.term).where(same, other.term < row.model.term, Case(None, fits, 0) == 1)
    return not_there(smaller)


def _policies(ids: list[int]) -> list[PolicyRow]:
    on_file = (Phone.client == Client.id) & Phone.replaced_at.is_null()
    query = (
        Policy.select(Policy, Client, Phone.number)
        .join(Client)
        .join(Phone, JOIN.LEFT_OUTER, on=on_file, attr="phone")
        .where(Policy.id.in_(ids))
    )
    rows = {policy.id: PolicyRow(policy, policy.client, _masked(policy.client)) for policy in query}
    return [rows[each] for each in ids if each in rows]


def _clients(ids: list[int]) -> list[ClientRow]:
    on_file = (Phone.client == Client.id) & Phone.replaced_at.is_null()
    query = Client.select(Client, Phone.number).join(Phone, JOIN.LEFT_OUTER, on=on_file, attr="phone")
    rows = {client.id: ClientRow(client, _masked(client)) for client in query.where(Client.id.in_(ids))}
    return [rows[each] for each in ids if each in rows]


def _masked(client: Any) -> str | None:
    phone = getattr(client, "phone", None)  # peewee sets it where there is one
    return phones.mask(phone.number) if phone else None


def _mark(key: Key) -> str:
    return base64.urlsafe_b64encode(ROW.pack(key[1]) + key[0]).decode()


def _read_mark(after: str | None) -> Key | None:
    try:
        mark = base64.urlsafe_b64decode((after or "").encode())
        return mark[ROW.size :], ROW.unpack(mark[: ROW.size])[0]
    except (binascii.Error, ValueError, struct.error):
        return None
