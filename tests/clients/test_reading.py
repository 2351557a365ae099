"""Looks at policies: each is one row of the broker's allowance and one event, an hour long."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from peewee import Database
from time_machine import travel

from tests.clients.statements import counting
from tests.people import COMPANY, JANA, PETER, give_mandate, make_client
from tests.together import together
from zone.audit import Actor, Role
from zone.audit.models import Event
from zone.clients import reading, search_index
from zone.clients.allowance import TooMuchRead
from zone.clients.mandates import NoMandate
from zone.clients.models import Client, Mandate, Policy
from zone.clients.search_models import PolicyLook, Reading
from zone.clock import now
from zone.config import Limits
from zone.vault import Vault

BROKER = Actor(Role.BROKER, 7)
MANY, TWO = Limits(), Limits(portfolio_rows_per_hour=2)


@pytest.fixture
def policies(database: Database, vault: Vault) -> list[Policy]:
    """Three, in the broker's hands."""
    for details in (JANA, PETER, COMPANY):
        give_mandate(make_client(vault, details), 7)
    return list(Policy.select().order_by(Policy.number))


def look(policy: Policy, limits: Limits = MANY) -> str:
    return str(reading.look_at(BROKER, policy.id, limits=limits).number)


def used_up() -> set[int]:
    return {reading.rows for reading in Reading.select()}


def events(tag: str) -> int:
    return int(Event.select().where(Event.tag == tag).count())


def test_the_first_look_in_an_hour_counts_and_is_told_the_client(policies: list[Policy]) -> None:
    began = now()
    with travel(began, tick=False):
        assert [look(policies[0]) for _ in range(5)] == [policies[0].number] * 5
        assert (used_up(), events("policy:viewed")) == ({1}, 1)
    with travel(began + timedelta(minutes=59), tick=False):
        look(policies[0])
        assert events("policy:viewed") == 1
    with travel(began + timedelta(hours=1), tick=False):
        look(policies[0])
        look(policies[0])
        assert events("policy:viewed") == 2
    event = Event.get(Event.tag == "policy:viewed")
    assert (event.client_id, event.actor_id) == (policies[0].client_id, 7)


def test_a_further_look_writes_nothing(policies: list[Policy], database: Database) -> None:
    look(policies[0])
    with counting(database) as statements:
        look(policies[0])
    assert [text for text in statements if not text.startswith("SELECT")] == []


def test_over_the_limit_what_is_open_stays_open_and_no_more_opens(policies: list[Policy]) -> None:
    began = now()
    with travel(began, tick=False):
        for policy in policies[:2]:
            look(policy, TWO)
        for _ in range(3):
            with pytest.raises(TooMuchRead) as refused:
                look(policies[2], TWO)
            assert refused.value.facts["until"] == began + timedelta(hours=1)
        assert look(policies[0], TWO) == policies[0].number
    assert (events("portfolio:alarm"), events("policy:viewed"), used_up()) == (1, 2, {3})
    with travel(began + timedelta(hours=1), tick=False):
        assert look(policies[2], TWO) == policies[2].number


def test_looks_and_searches_use_the_same_allowance(policies: list[Policy]) -> None:
    reading.portfolio(BROKER, "novak", limits=TWO)
    look(policies[0], TWO)
    with pytest.raises(TooMuchRead):
        look(policies[1], TWO)
    with pytest.raises(TooMuchRead):
        reading.portfolio(BROKER, "novak", limits=TWO)


def test_many_pages_of_one_policy_at_once_are_one_look(policies: list[Policy], database: Database) -> None:
    together(database, [lambda: look(policies[0])] * 8)
    assert (used_up(), events("policy:viewed")) == ({1}, 1)


def test_many_policies_at_once_are_all_counted(policies: list[Policy], database: Database) -> None:
    def look_or_not(policy: Policy) -> bool:
        try:
            return bool(look(policy, TWO))
        except TooMuchRead:
            return False

    opened = together(database, [partial(look_or_not, policy) for policy in policies * 3])
    # Those who come after the first two open nothing, however often what is open is asked for again.
    assert sum(opened) == 6
    assert (events("portfolio:alarm"), events("policy:viewed")) == (1, 2)


def test_a_policy_of_nobodys_or_anothers_counts_nothing(policies: list[Policy]) -> None:
    look(policies[1])
    Mandate.update(ends_at=now()).execute()
    for policy_id in (policies[0].id, policies[1].id, 10**9):
        with pytest.raises(NoMandate):
            reading.look_at(BROKER, policy_id, limits=MANY)
    with pytest.raises(NoMandate):
        reading.look_at(replace(BROKER, account_id=8), policies[2].id, limits=MANY)
    assert (used_up(), events("policy:viewed")) == ({1}, 1)


def test_looks_that_are_over_are_swept_and_others_go_with_their_policy(policies: list[Policy]) -> None:
    began = now()
    with travel(began, tick=False):
        look(policies[0])
    with travel(began + timedelta(minutes=30), tick=False):
        look(policies[1])
        assert search_index.sweep() == 0
    with travel(began + timedelta(hours=1), tick=False):
        assert search_index.sweep() == 1
    assert [each.policy_id for each in PolicyLook.select()] == [policies[1].id]
    Client.delete().where(Client.id == policies[1].client_id).execute()
    assert not PolicyLook.select().exists()
