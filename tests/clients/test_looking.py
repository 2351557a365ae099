"""Looks at clients: each is one row of the agent's allowance and one event, an hour long."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from peewee import Database
from time_machine import travel

from tests.clients.statements import counting
from tests.people import COMPANY, JANA, PETER, make_client
from tests.together import together
from zone.audit import OPERATOR, Actor, Role
from zone.audit.models import Event
from zone.clients import looking, search_index
from zone.clients.allowance import TooMuchRead
from zone.clients.models import Client
from zone.clients.people import UnknownClient
from zone.clients.search_models import ClientLook, Reading
from zone.clock import now
from zone.config import Limits
from zone.vault import Vault

AGENT, ANOTHER = Actor(Role.SUPPORT, 3), Actor(Role.SUPPORT, 4)
MANY, TWO = Limits(), Limits(support_rows_per_hour=2)


@pytest.fixture
def clients(database: Database, vault: Vault) -> list[Client]:
    return [make_client(vault, details) for details in (JANA, PETER, COMPANY)]


def look(client: Client, limits: Limits = MANY, actor: Actor = AGENT) -> str:
    return str(looking.look_at_client(actor, client.id, limits=limits).name)


def used_up(actor: Actor = AGENT) -> set[int]:
    return {each.rows for each in Reading.select().where(Reading.account_id == actor.account_id)}


def events(tag: str) -> int:
    return int(Event.select().where(Event.tag == tag).count())


def test_the_first_look_in_an_hour_counts_and_is_told_the_client(clients: list[Client]) -> None:
    began = now()
    with travel(began, tick=False):
        assert {look(clients[0]) for _ in range(5)} == {JANA.name}
        assert (used_up(), events("client:viewed")) == ({1}, 1)
    with travel(began + timedelta(minutes=59), tick=False):
        look(clients[0])
        assert events("client:viewed") == 1
    with travel(began + timedelta(hours=1), tick=False):
        look(clients[0])
        look(clients[0])
        assert events("client:viewed") == 2
    event = Event.get(Event.tag == "client:viewed")
    assert (event.client_id, event.actor_id, event.facts) == (clients[0].id, 3, "{}")


def test_each_agent_looks_for_themselves(clients: list[Client]) -> None:
    look(clients[0])
    look(clients[0], actor=ANOTHER)
    assert (used_up(), used_up(ANOTHER), events("client:viewed")) == ({1}, {1}, 2)


def test_a_further_look_writes_nothing(clients: list[Client], database: Database) -> None:
    look(clients[0])
    with counting(database) as statements:
        look(clients[0])
    assert [text for text in statements if not text.startswith("SELECT")] == []


def test_over_the_limit_what_is_open_stays_open_and_no_more_opens(clients: list[Client]) -> None:
    began = now()
    with travel(began, tick=False):
        for client in clients[:2]:
            look(client, TWO)
        for _ in range(3):
            with pytest.raises(TooMuchRead) as refused:
                look(clients[2], TWO)
            assert refused.value.facts["until"] == began + timedelta(hours=1)
        assert look(clients[0], TWO) == JANA.name
    assert (events("clients:alarm"), events("client:viewed"), used_up()) == (1, 2, {3})
    alarm = Event.get(Event.tag == "clients:alarm")
    assert (alarm.actor_id, alarm.client_id) == (3, None)
    with travel(began + timedelta(hours=1), tick=False):
        assert look(clients[2], TWO) == COMPANY.name


def test_looks_and_searches_use_the_same_allowance(clients: list[Client]) -> None:
    (row,) = looking.everybody(AGENT, "novak", limits=TWO).rows
    assert (row.client.name, row.phone_masked, row.email_masked) == (
        PETER.name,
        "+421 9•• ••• 102",
        "p•••@example.org",
    )
    assert looking.everybody(AGENT, "", limits=TWO).rows == []
    assert looking.everybody(AGENT, "nobody at all", limits=TWO).rows == []
    with pytest.raises(TooMuchRead):
        look(clients[1], TWO)
    with pytest.raises(TooMuchRead):
        looking.everybody(AGENT, "novak", limits=TWO)
    assert looking.everybody(ANOTHER, "novak", limits=TWO).rows


def test_many_pages_of_one_client_at_once_are_one_look(clients: list[Client], database: Database) -> None:
    together(database, [lambda: look(clients[0])] * 8)
    assert (used_up(), events("client:viewed")) == ({1}, 1)


def test_many_clients_at_once_are_all_counted(clients: list[Client], database: Database) -> None:
    def look_or_not(client: Client) -> bool:
        try:
            return bool(look(client, TWO))
        except TooMuchRead:
            return False

    opened = together(database, [partial(look_or_not, client) for client in clients * 3])
    assert sum(opened) == 6
    assert (events("clients:alarm"), events("client:viewed")) == (1, 2)


def test_who_is_not_there_counts_nothing(clients: list[Client]) -> None:
    with pytest.raises(UnknownClient):
        looking.look_at_client(AGENT, 10**9, limits=MANY)
    Client.delete().where(Client.id == clients[2].id).execute()
    with pytest.raises(UnknownClient):
        look(clients[2])
    assert (used_up(), events("client:viewed")) == (set(), 0)


@pytest.mark.parametrize(
    "actor", [Actor(Role.CLIENT, 1), Actor(Role.BROKER, 7), OPERATOR, Actor(Role.SUPPORT)]
)
def test_only_an_agent_looks(clients: list[Client], actor: Actor) -> None:
    with pytest.raises(PermissionError):
        look(clients[0], actor=actor)
    with pytest.raises(PermissionError):
        looking.everybody(actor, "novak", limits=MANY)


def test_looks_that_are_over_are_swept_and_others_go_with_their_client(clients: list[Client]) -> None:
    began = now()
    with travel(began, tick=False):
        look(clients[0])
    with travel(began + timedelta(minutes=30), tick=False):
        look(clients[1])
        assert search_index.sweep() == 0
    with travel(began + timedelta(hours=1), tick=False):
        assert search_index.sweep() == 1
    assert [each.client_id for each in ClientLook.select()] == [clients[1].id]
    Client.delete().where(Client.id == clients[1].id).execute()
    assert not ClientLook.select().exists()
