"""Reading one client's trail."""

from __future__ import annotations

import pytest
from peewee import Database

from tests.audit.trails import disarm, write
from tests.messages.outbox_parts import ON_SQLITE
from zone.audit import OPERATOR, Actor, Role, Tag, record
from zone.audit.models import Event
from zone.audit.reading import chosen, facts_of, in_order, of_client, seen
from zone.vault import Vault


def test_an_event_is_read_as_it_was_said(database: Database, vault: Vault) -> None:
    record(Tag.PASSWORD_RESEND, Actor(Role.BROKER, 7, impersonation_id=4), client_id=3, to="+421", version=2)
    (seen,) = of_client(vault, 3, limit=5)
    assert (seen.id, seen.at) == (Event.get().id, Event.get().at)
    assert (seen.tag, seen.actor_role, seen.actor_id) == (Tag.PASSWORD_RESEND, Role.BROKER, 7)
    assert (seen.client_id, seen.impersonation_id, seen.facts) == (3, 4, {"to": "+421", "version": 2})


def test_the_newest_come_first_and_those_of_others_never(database: Database, vault: Vault) -> None:
    for client in (3, 4, 3, None, 3):
        record(Tag.SIGN_IN, OPERATOR, client_id=client)
    ids = [event.id for event in Event.select().where(Event.client_id == 3).order_by(Event.id.desc())]
    assert [seen.id for seen in of_client(vault, 3, limit=9)] == ids
    assert [seen.id for seen in of_client(vault, 3, limit=2)] == ids[:2]
    assert [seen.id for seen in of_client(vault, 3, before=ids[0], limit=1)] == ids[1:2]


def test_tags_and_roles_choose(database: Database, vault: Vault) -> None:
    record(Tag.SIGN_IN, Actor(Role.CLIENT, 1), client_id=3)
    record(Tag.PASSWORD_RESEND, Actor(Role.BROKER, 7), client_id=3)
    record(Tag.PASSWORD_RESEND, Actor(Role.CLIENT, 1), client_id=3)
    (signed_in,) = of_client(vault, 3, tags={Tag.SIGN_IN}, limit=9)
    (by_broker,) = of_client(vault, 3, roles=(Role.BROKER,), limit=9)
    assert (signed_in.tag, by_broker.actor_id) == (Tag.SIGN_IN, 7)
    assert of_client(vault, 3, tags=(), limit=9) == []


def test_a_client_and_a_moment_choose_of_all(database: Database) -> None:
    record(Tag.SIGN_IN, Actor(Role.CLIENT, 1), client_id=3)
    moment = Event.get().at
    record(Tag.SIGN_OUT, Actor(Role.CLIENT, 1), client_id=4)
    assert [event.tag for event in chosen(since=moment)] == ["account:sign_out", "account:sign_in"]
    assert [event.tag for event in chosen(4)] == ["account:sign_out"]
    assert [len(some) for some in in_order(chosen())] == [2]


@pytest.mark.parametrize("facts", ["", "{", "[]", "7", '{"version": 1e', "[" * 50_000])
def test_facts_that_cannot_be_read_hide_no_event(
    database: Database, vault: Vault, caplog: pytest.LogCaptureFixture, facts: str
) -> None:
    write(3, clients=1)
    disarm(database)
    bad = Event.get(Event.number == 2)
    Event.update(facts=facts).where(Event.id == bad.id).execute()
    assert [seen.facts.get("version") for seen in of_client(vault, 1, limit=9)] == [2, None, 0]
    assert f"event {bad.id} was altered" in caplog.text
    assert "audit verify" in caplog.text


def test_what_is_left_of_a_sealed_event_with_bad_facts_is_shown(database: Database, vault: Vault) -> None:
    record(Tag.PASSWORD_RESEND, OPERATOR, client_id=3, to="+421", version=2)
    disarm(database)
    Event.update(facts="{", actor_role="nobody").execute()
    (seen,) = of_client(vault, 3, limit=9)
    assert (seen.facts, seen.actor_role) == ({"to": "+421"}, None)


def test_an_unknown_tag_is_left_out_and_the_page_is_full_all_the_same(
    database: Database, vault: Vault, caplog: pytest.LogCaptureFixture
) -> None:
    write(5, clients=1)
    disarm(database)
    Event.update(tag="x:y").where(Event.number.in_([2, 4])).execute()
    assert [seen.facts["version"] for seen in of_client(vault, 1, limit=3)] == [4, 2, 0]
    assert [seen.facts["version"] for seen in of_client(vault, 1, limit=2)] == [4, 2]
    assert len(facts_of(vault, list(Event.select()))) == 5
    bad = Event.get(Event.number == 2)
    assert f"event {bad.id} was altered" in caplog.text


@ON_SQLITE
@pytest.mark.parametrize("column", ["at", "sealed", "client_id", "actor_id", "impersonation_id"])
def test_text_where_none_belongs_fails_no_reading(database: Database, vault: Vault, column: str) -> None:
    write(3, clients=1)
    disarm(database)
    database.execute_sql(f"UPDATE event SET {column} = 'x' WHERE number = 1")
    assert {one.facts["version"] for one in seen(vault, list(chosen()))} >= {1, 2}
