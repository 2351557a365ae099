"""The trail: what an event holds, and what it never does."""

from __future__ import annotations

import json
from typing import Any

import pytest
from peewee import Database

from tests.audit.trails import facts_of
from zone.audit import OPERATOR, Actor, Role, Tag, record
from zone.audit.models import Event
from zone.secret import Secret
from zone.storage import transaction


def test_an_event_says_who_did_what_for_whom(database: Database) -> None:
    record(Tag.PASSWORD_RESEND, Actor(Role.BROKER, 7), client_id=3, to="+421 9•• ••• 101", version=2)
    event = Event.get()
    assert (event.tag, event.actor_role, event.actor_id, event.client_id) == (
        "letter_password:resend",
        "broker",
        7,
        3,
    )
    assert facts_of(event) == {"to": "+421 9•• ••• 101", "version": 2}


def test_the_name_of_who_acts_is_among_the_facts(database: Database) -> None:
    record(Tag.CLIENT_CHANGED, Actor(Role.PROGRAM, 2, "billing"), client_id=3, fields="name")
    assert json.loads(Event.get().facts) == {"by": "billing", "fields": "name"}


@pytest.mark.parametrize("name", ["to", "use"])
def test_a_secret_among_the_facts_is_refused(database: Database, name: str) -> None:
    facts: dict[str, Any] = {name: Secret("canary")}
    with pytest.raises(TypeError):
        record(Tag.PASSWORD_SET, OPERATOR, client_id=3, **facts)
    assert Event.select().count() == 0


def test_an_act_that_fails_leaves_no_event(database: Database) -> None:
    def fail() -> None:
        with transaction():
            record(Tag.PASSWORD_SET, OPERATOR)
            raise InterruptedError

    with pytest.raises(InterruptedError):
        fail()
    assert Event.select().count() == 0
