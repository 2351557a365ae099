"""Keeping the search's terms in step with what they are made of."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from peewee import Field, Tuple

from zone import search_terms
from zone.clients.models import Client, Mandate, Phone, Policy
from zone.clients.search_models import ClientLook, ClientTerm, PolicyLook, PortfolioTerm
from zone.clock import now
from zone.storage import locked, transaction

AT_ONCE = 1000

# (broker, term, policy) → when the broker's mandate ends.
InPortfolios = dict[tuple[int, bytes, int], datetime | None]

# The clients whose terms are to be made anew, each with the one policy that it is about, or none for all of them.
_gathered: ContextVar[set[tuple[int, int | None]] | None] = ContextVar("zone_search_gathered", default=None)


def reindex(client_id: int, policy_id: int | None = None) -> None:
    """Make the client's terms anew, in the caller's transaction, after a name, phone, policy or mandate has changed.

    With `policy_id` only those of one policy, where the client has not changed: a fleet may have thousands. It takes
    the client's turn: of two that change different things at once, the second sees what the first did.
    """
    waiting = _gathered.get()
    if waiting is not None:
        waiting.add((client_id, policy_id))
        return
    client = locked(Client.select().where(Client.id == client_id)).get()
    phone = Phone.get_or_none(Phone.client == client_id, Phone.replaced_at.is_null())
    number = phone.number if phone else None
    about = (Policy.client == client_id) & (Policy.id == policy_id if policy_id else True)
    policies = list(Policy.select().where(about))
    if policy_id is None:
        _write_client_terms(client, policies, number)
    else:
        _add_numbers(client, policies)
    if policies:
        _write_portfolio_terms(client, policies, number)


@contextmanager
def gathered() -> Iterator[None]:
    """Have each client reindexed once, at the end of the block, however often what is inside asks for it."""
    if _gathered.get() is not None:
        yield
        return
    waiting: set[tuple[int, int | None]] = set()
    token = _gathered.set(waiting)
    try:
        yield
    finally:
        _gathered.reset(token)
    whole = {client_id for client_id, policy_id in waiting if policy_id is None}
    parts = {part for part in waiting if part[0] not in whole}
    # In one order, so that no two transactions wait for each other.
    for client_id, policy_id in sorted(parts | {(client_id, 0) for client_id in whole}):
        reindex(client_id, policy_id or None)


def sweep() -> int:
    """Delete some terms of mandates that have ended, and some looks that are over; say how many of both.

    They had stopped to show anything, and to spare anything, by then.
    """
    terms = PortfolioTerm.broker_id, PortfolioTerm.term, PortfolioTerm.policy
    policies = PolicyLook.broker_id, PolicyLook.policy
    clients = ClientLook.account_id, ClientLook.client
    looks = _delete_some(PolicyLook.until, policies) + _delete_some(ClientLook.until, clients)
    return _delete_some(PortfolioTerm.ends_at, terms) + looks


def _delete_some(ends: Field, key: tuple[Field, ...]) -> int:
    over = ends <= now()
    some = ends.model.select(*key).where(over).limit(AT_ONCE)
    with transaction():
        return int(ends.model.delete().where(Tuple(*key).in_(some), over).execute())


def _write_client_terms(client: Client, policies: list[Policy], phone: str | None) -> None:
    numbers = [policy.number for policy in policies]
    wanted = search_terms.client_terms(client.name, client.reference, client.email, numbers, phone)
    mine = ClientTerm.client == client.id
    rows: Any = ClientTerm.select(ClientTerm.term).where(mine).tuples()
    there = {bytes(term) for (term,) in rows}
    gone = sorted(there - wanted)
    for start in range(0, len(gone), AT_ONCE):
        ClientTerm.delete().where(mine, ClientTerm.term.in_(gone[start : start + AT_ONCE])).execute()
    _insert_client_terms(client, wanted - there)


def _add_numbers(client: Client, policies: list[Policy]) -> None:
    """A policy keeps its number and its client for good."""
    _insert_client_terms(client, set().union(*(search_terms.number_terms(each.number) for each in policies)))


def _insert_client_terms(client: Client, terms: set[bytes]) -> None:
    rows = [(term, client.id) for term in sorted(terms)]
    for start in range(0, len(rows), AT_ONCE):
        some = ClientTerm.insert_many(
            rows[start : start + AT_ONCE], fields=(ClientTerm.term, ClientTerm.client)
        )
        some.on_conflict_ignore().execute()


def _write_portfolio_terms(client: Client, policies: list[Policy], phone: str | None) -> None:
    """Those of a policy are replaced together, and only where one is different."""
    by_id = {policy.id: policy for policy in policies}
    ids = sorted(by_id)
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        wanted = _wanted_in_portfolios(client, [by_id[each] for each in some], phone)
        there = _there_in_portfolios(some)
        different = {policy for _, _, policy in _different(wanted, there)}
        if different & {policy for _, _, policy in there}:
            PortfolioTerm.delete().where(PortfolioTerm.policy.in_(sorted(different))).execute()
        _insert_portfolio_terms({key: ends for key, ends in wanted.items() if key[2] in different})


def _different(one: InPortfolios, other: InPortfolios) -> set[tuple[int, bytes, int]]:
    return {key for key, _ in one.items() ^ other.items()}


def _there_in_portfolios(policies: list[int]) -> InPortfolios:
    columns = PortfolioTerm.broker_id, PortfolioTerm.term, PortfolioTerm.policy, PortfolioTerm.ends_at
    rows: Any = PortfolioTerm.select(*columns).where(PortfolioTerm.policy.in_(policies)).tuples()
    return {(broker, bytes(term), policy): ends_at for broker, term, policy, ends_at in rows}


def _insert_portfolio_terms(terms: InPortfolios) -> None:
    columns = PortfolioTerm.broker_id, PortfolioTerm.term, PortfolioTerm.policy, PortfolioTerm.ends_at
    rows = [(*key, terms[key]) for key in sorted(terms)]
    for start in range(0, len(rows), AT_ONCE):
        PortfolioTerm.insert_many(rows[start : start + AT_ONCE], fields=columns).execute()


def _wanted_in_portfolios(client: Client, policies: list[Policy], phone: str | None) -> InPortfolios:
    terms = {each.id: search_terms.policy_terms(client.name, each.number, phone) for each in policies}
    not_over = Mandate.ends_at.is_null() | (Mandate.ends_at > now())
    mandates: Any = (
        Mandate.select(Mandate.broker_id, Mandate.policy, Mandate.ends_at)
        .where(Mandate.policy.in_(list(terms)), not_over)
        .tuples()
    )
    last: dict[tuple[int, int], datetime | None] = {}
    for broker, policy, ends_at in mandates:
        other = last.get((broker, policy), ends_at)
        last[broker, policy] = max(other, ends_at) if other and ends_at else None
    return {
        (broker, term, policy): ends_at
        for (broker, policy), ends_at in last.items()
        for term in terms[policy]
    }
