"""Mandates as the insurer tells of them, and what a broker sees of them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from peewee import Database

from tests.people import JANA, PETER, make_client
from zone.audit import Actor, Role
from zone.audit.models import Event
from zone.clients import mandates, policies, portfolio
from zone.clients.mandates import EndsBeforeItStarts, UnknownMandate
from zone.clients.models import Mandate, Policy
from zone.clock import now
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
    return [policy.number for policy in portfolio.page(broker).policies]


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
