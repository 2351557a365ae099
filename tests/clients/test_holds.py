"""While a hold stands no letter password goes out by SMS, whoever asks."""

from __future__ import annotations

import pytest
from peewee import Database

from tests.people import COMPANY, give_mandate, make_client
from tests.together import together
from zone.audit import OPERATOR, SYSTEM, Actor, Role, Tag
from zone.audit.models import Event
from zone.clients.holds import OnHold, Why, lift, place, standing
from zone.clients.models import Client, Hold
from zone.config import Limits
from zone.letter_passwords.overview import overview
from zone.letter_passwords.resend import resend
from zone.letter_passwords.reset import reset
from zone.letter_passwords.set_own import set_own
from zone.messages.handover import Reason, Status
from zone.messages.models import Message
from zone.secret import Secret
from zone.vault import Vault

LIMITS = Limits()
SELF, BROKER, AGENT = Actor(Role.CLIENT, 1), Actor(Role.BROKER, 7), Actor(Role.SUPPORT, 3)
BY_LINK = Actor(Role.CLIENT)


@pytest.fixture
def client(database: Database, vault: Vault) -> Client:
    client = make_client(vault)
    give_mandate(client, 7)
    return client


def send(actor: Actor, client: Client) -> Message:
    return resend(actor, client.id, language="sk", limits=LIMITS)


def tags() -> list[str]:
    return [event.tag for event in Event.select().where(Event.tag.startswith("hold:")).order_by(Event.id)]


def test_it_stops_everybody_until_it_is_lifted(client: Client) -> None:
    place(BY_LINK, client.id, Why.PHONE_CHANGE, 5)
    for actor in (SELF, BROKER, AGENT, OPERATOR):
        with pytest.raises(OnHold):
            send(actor, client)
    assert isinstance(overview(client.id, limits=LIMITS).obstacle, OnHold)
    assert not Message.select().exists()
    assert lift(AGENT, client.id)
    assert send(SELF, client).status == Status.QUEUED
    assert overview(client.id, limits=LIMITS).obstacle is None


def test_a_password_that_is_about_to_go_is_stopped_too(client: Client, vault: Vault) -> None:
    other = make_client(vault)
    waits, begun = send(SELF, client), send(SELF, other)
    Message.update(status=Status.SENDING).where(Message.id == begun.id).execute()
    place(BY_LINK, client.id, Why.ACCESS, 5)
    place(BY_LINK, other.id, Why.ACCESS, 5)
    stopped = Message.get_by_id(waits.id)
    assert (stopped.status, stopped.reason) == (Status.FAILED, Reason.UNRENDERABLE)
    assert Message.get_by_id(begun.id).status == Status.SENDING  # nobody can take it back


def test_a_generated_password_is_not_reset_meanwhile_and_an_own_one_can_be_set(
    database: Database, vault: Vault
) -> None:
    company = make_client(vault, COMPANY)
    place(BY_LINK, company.id, Why.REQUEST, 1)
    set_own(vault, SELF, company.id, Secret("slnko nad Tatrami"))
    with pytest.raises(OnHold):
        reset(vault, AGENT, company.id, limits=LIMITS)


def test_each_thing_that_was_not_the_client_holds_once_and_all_are_lifted_together(client: Client) -> None:
    hold = place(BY_LINK, client.id, Why.PHONE_CHANGE, 5)
    other = place(SELF, client.id, Why.ACCESS, 9)
    for _ in range(3):
        assert place(BY_LINK, client.id, Why.PHONE_CHANGE, 5) == hold
        assert place(SELF, client.id, Why.ACCESS, 9) == other
    assert tags() == [Tag.HOLD_PLACED] * 2
    assert standing(client.id) == other
    assert lift(AGENT, client.id)
    assert standing(client.id) is None
    assert Hold.select().where(Hold.lifted_at.is_null()).count() == 0


def test_many_at_one_moment_place_one(client: Client, database: Database) -> None:
    placed = together(database, [lambda: place(BY_LINK, client.id, Why.PHONE_CHANGE, 5)] * 6)
    assert len({hold.id for hold in placed}) == 1
    assert tags() == [Tag.HOLD_PLACED]


def test_it_is_lifted_once_and_may_be_placed_again(client: Client) -> None:
    first = place(BY_LINK, client.id, Why.PHONE_CHANGE, 5)
    assert [lift(AGENT, client.id), lift(AGENT, client.id)] == [True, False]
    assert tags() == [Tag.HOLD_PLACED, Tag.HOLD_LIFTED]
    lifted = Hold.get_by_id(first.id)
    assert (lifted.lifted_by_role, lifted.lifted_by_account) == ("support", 3)
    assert place(BY_LINK, client.id, Why.PHONE_CHANGE, 6) != first
    assert lift(OPERATOR, client.id)


@pytest.mark.parametrize("actor", [SELF, BY_LINK, BROKER, SYSTEM, Actor(Role.PROGRAM, 1)])
def test_nobody_else_lifts_it(client: Client, actor: Actor) -> None:
    place(BY_LINK, client.id, Why.PHONE_CHANGE, 5)
    with pytest.raises(PermissionError):
        lift(actor, client.id)
    assert standing(client.id) is not None
