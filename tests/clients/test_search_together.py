"""Changes of one client at the same moment, rows that were there before the search, and the broker's allowance."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from peewee import Database
from time_machine import travel

from tests.everything import snapshot
from tests.people import COMPANY, JANA, PETER, give_mandate, make_client
from tests.together import together
from zone.audit import OPERATOR, Actor, Role
from zone.audit.models import Event
from zone.clients import mandates, phones, policies, reading, search
from zone.clients.allowance import TooMuchRead
from zone.clients.models import Policy
from zone.clients.people import ClientDetails, upsert
from zone.clock import now
from zone.config import Limits
from zone.storage import transaction
from zone.storage.migrate import downgrade, upgrade
from zone.vault import Vault

BROKER = Actor(Role.BROKER, 7)
FEW = Limits(portfolio_rows_per_hour=5, portfolio_rows_per_day=8)


def numbers(typed: str) -> list[str]:
    return [row.policy.number for row in search.portfolio(7, typed).rows]


def bring(vault: Vault, details: ClientDetails) -> None:
    with transaction():
        upsert(vault, OPERATOR, details, at=now())


def give(reference: str, policy: Policy) -> None:
    mandates.put(OPERATOR, reference, broker_id=7, policy=policy, starts=now(), ends=None)


def call_at(client_id: int, number: str) -> None:
    phones.set_number(OPERATOR, client_id, number, at=now())


def test_changes_at_the_same_moment_leave_the_terms_of_what_stands(database: Database, vault: Vault) -> None:
    for round_ in range(5):
        details = replace(JANA, reference=f"T-{round_}", policy_number=f"T-{round_}", birth_number=None)
        client = make_client(vault, details)
        renamed = replace(details, name=f"Eva Nová{round_}")
        acts: list[Callable[[], None]] = [
            partial(bring, vault, renamed),
            partial(give, f"M-{round_}", policies.find(f"T-{round_}")),
            partial(call_at, client.id, f"+42190577788{round_}"),
        ]
        together(database, acts)
        assert f"T-{round_}" in numbers("eva")
        assert numbers(f"nova{round_}") == [f"T-{round_}"]
        phone = phones.current(client.id)
        assert phone is not None
        assert f"T-{round_}" in numbers(phone.number)
        before = snapshot(database)
        with transaction():
            search.reindex(client.id)
        assert snapshot(database) == before


def test_many_policies_of_one_client_at_once_wait_for_each_other(database: Database, vault: Vault) -> None:
    client = make_client(vault, JANA)
    acts = [partial(policies.put, OPERATOR, client, f"PZ-9{number}", "Auto") for number in range(8)]
    assert together(database, acts) == [True] * 8
    for number in range(8):
        assert [row.client.id for row in search.everybody(f"PZ-9{number}").rows] == [client.id]


def test_what_was_there_before_is_found_after_the_migration(database: Database, vault: Vault) -> None:
    give_mandate(make_client(vault, JANA), 7, 8)
    give_mandate(make_client(vault, PETER), 7, ends=timedelta(days=1))
    give_mandate(make_client(vault, replace(COMPANY, phone=None)), 7, ends=timedelta(days=-1))
    made = {table: rows for table, rows in snapshot(database).items() if table.endswith("_term")}
    assert len(made) == 2
    downgrade(database, "0005_search_terms")
    upgrade(database)
    assert {table: rows for table, rows in snapshot(database).items() if table in made} == made
    assert numbers("kovacova") == ["PZ-2001"]


@pytest.fixture
def portfolio(database: Database, vault: Vault) -> None:
    """Three policies."""
    for details in (JANA, PETER, COMPANY):
        give_mandate(make_client(vault, details), 7)


def read(typed: str = "pz", *, after: str | None = None) -> int:
    return len(reading.portfolio(BROKER, typed, after=after, limits=FEW).rows)


def alarms() -> list[dict[str, object]]:
    return [json.loads(event.facts) for event in Event.select().where(Event.tag == "portfolio:alarm")]


def test_rows_are_counted_until_none_are_left_and_again_an_hour_later(portfolio: None) -> None:
    began = now()
    with travel(began, tick=False):
        assert read() == 3
        for _ in range(3):
            with pytest.raises(TooMuchRead) as refused:
                read()
        assert refused.value.facts["until"] == began + timedelta(hours=1)
        assert alarms() == [{"span": "hour", "rows": 6}]
    with travel(began + timedelta(hours=1), tick=False):
        # The search that went too far counts, those that were refused after it do not: 6 of the day's 8 are gone.
        with pytest.raises(TooMuchRead) as refused:
            read()
        assert refused.value.facts["until"] == began + timedelta(days=1)
    assert alarms()[1:] == [{"span": "day", "rows": 9}]
    with travel(began + timedelta(days=1), tick=False):
        assert read() == 3


def test_the_beginning_of_the_list_is_free_and_the_rest_is_not(portfolio: None) -> None:
    for _ in range(9):
        assert read("") == 3
    after = search.portfolio(7, "", most=1).after
    assert read("", after=after) == read("", after=after) == 2
    with pytest.raises(TooMuchRead):
        read("", after=after)


def test_many_searches_at_once_are_all_counted(portfolio: None, database: Database) -> None:
    def search_once() -> int:
        try:
            return read("novak")
        except TooMuchRead:
            return 0

    assert sum(together(database, [search_once] * 12)) == FEW.portfolio_rows_per_hour
    assert len(alarms()) == 1


def test_another_broker_has_an_allowance_of_their_own(portfolio: None) -> None:
    read()
    with pytest.raises(TooMuchRead):
        read()
    assert reading.portfolio(Actor(Role.BROKER, 8), "pz", limits=FEW).rows == []


def test_a_search_that_finds_nobody_costs_as_much_as_one_that_finds_somebody(portfolio: None) -> None:
    for _ in range(FEW.portfolio_rows_per_hour):
        assert read("nobody") == 0
    with pytest.raises(TooMuchRead):
        read("nobody")
