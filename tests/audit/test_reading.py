"""Reading one client's trail."""

from __future__ import annotations

from peewee import Database

from zone.audit import OPERATOR, Actor, Role, Tag, record
from zone.audit.models import Event
from zone.audit.reading import chosen, in_order, of_client
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
