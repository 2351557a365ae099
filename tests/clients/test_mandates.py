"""Mandates as the insurer tells of them, and what a broker sees of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from peewee import Database

from tests.people import JANA, PETER, make_client
from tests.together import together
from zone.audit import Actor, Role
from zone.audit.models import Event
from zone.clients import mandates, policies, search
from zone.clients.mandates import EndsBeforeItStarts, UnknownMandate, UnknownPolicy
from zone.clients.models import Client, Mandate, Policy
from zone.clock import now
from zone.storage import current_database
from zone.vault import Vault

PROGRAM = Actor(Role.PROGRAM, 1, "crm")
BROKER, OTHER = 7, 8
A_MINUTE = timedelta(minutes=1)


@pytest.fixture
def policy(database: Database, vault: Vault) -> Policy:
    make_client(vault, JANA)
    return policies.find("PZ-2001")


def put(
    policy: Policy, *, broker: int = BROKER, starts: datetime | None = None, ends: datetime | None = None
) -> bool:
    start = starts or now() - timedelta(days=30)
    return mandates.put(PROGRAM, "M-1", broker_id=broker, policy=policy, starts=start, ends=ends)


def seen_by(broker: int) -> list[str]:
    return [row.policy.number for row in search.portfolio(broker, "").rows]


def tags() -> list[str]:
    told = Event.select().where(Event.tag.startswith("mandate:")).order_by(Event.id)
    return [event.tag for event in told]


def test_a_mandate_opens_the_policy_to_the_broker(policy: Policy) -> None:
    assert put(policy)
    assert seen_by(BROKER) == ["PZ-2001"]
    assert tags() == ["mandate:given"]


def test_ending_a_mandate_takes_effect_at_once(policy: Policy) -> None:
    put(policy)
    assert not put(policy, ends=now())
    assert seen_by(BROKER) == []
    assert tags() == ["mandate:given", "mandate:ended"]


def test_a_mandate_that_will_end_is_in_force_until_then(policy: Policy) -> None:
    put(policy)
    put(policy, ends=now() + A_MINUTE)
    assert seen_by(BROKER) == ["PZ-2001"]
    assert tags() == ["mandate:given", "mandate:changed"]


def test_a_mandate_of_tomorrow_can_be_called_off(policy: Policy) -> None:
    tomorrow = now() + timedelta(days=1)
    put(policy, starts=tomorrow, ends=tomorrow)
    assert seen_by(BROKER) == []


def test_the_same_again_changes_nothing(policy: Policy) -> None:
    since = now()
    assert put(policy, starts=since)
    assert not put(policy, starts=since)
    assert Mandate.select().count() == 1
    assert tags() == ["mandate:given"]


def test_another_broker_or_policy_is_one_mandate_ended_and_one_given(policy: Policy, vault: Vault) -> None:
    put(policy)
    put(policy, broker=OTHER)
    assert (seen_by(BROKER), seen_by(OTHER)) == ([], ["PZ-2001"])
    make_client(vault, PETER)
    put(policies.find("PZ-2002"), broker=OTHER)
    assert seen_by(OTHER) == ["PZ-2002"]
    assert tags() == ["mandate:given"] + ["mandate:ended", "mandate:given"] * 2
    ended, given = Event.select().order_by(Event.id.desc()).limit(2)[::-1]
    assert ended.client_id != given.client_id


def test_an_end_before_the_start_is_refused(policy: Policy) -> None:
    with pytest.raises(EndsBeforeItStarts):
        put(policy, starts=now(), ends=now() - A_MINUTE)
    with pytest.raises(UnknownMandate):
        mandates.find("M-1")


def test_mandates_that_change_places_at_once_do_not_wait_for_each_other(policy: Policy, vault: Vault) -> None:
    make_client(vault, PETER)
    both = [policy, policies.find("PZ-2002")]

    def puts(reference: str, to: Policy) -> Callable[[], bool]:
        return lambda: mandates.put(PROGRAM, reference, broker_id=BROKER, policy=to, starts=now(), ends=None)

    for turn in range(4):
        acts = [puts(f"M-{each}", both[(turn + each) % 2]) for each in range(6)]
        assert together(current_database(), acts) == [turn == 0] * 6
    assert Mandate.select().count() == 6


def test_one_mandate_that_is_told_many_times_at_once_is_given_once(policy: Policy, vault: Vault) -> None:
    assert sorted(together(current_database(), [lambda: put(policy)] * 6)) == [False] * 5 + [True]
    assert tags().count("mandate:given") == 1


def test_a_mandate_for_a_client_who_was_erased_is_refused(policy: Policy) -> None:
    Client.delete().where(Client.id == policy.client_id).execute()
    with pytest.raises(UnknownPolicy):
        put(policy)
    assert tags() == []
