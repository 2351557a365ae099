"""A broker or a support agent notes that the client said the number is theirs."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from peewee import Database

from tests.people import give_mandate, make_client, with_phone_changed_yesterday
from zone.audit import OPERATOR, SYSTEM, Actor, Role, Tag
from zone.audit.models import Event
from zone.clients import phones
from zone.clients.confirm_phone import PhoneIsAnother, vouch
from zone.clients.models import Client
from zone.clients.phone_rules import PhoneChangedRecently, PhoneMissing, check_fit_for_password
from zone.clock import now
from zone.config import Limits
from zone.vault import Vault

BROKER, AGENT = Actor(Role.BROKER, 7), Actor(Role.SUPPORT, 3)
CONFIRMED = Event.tag == Tag.PHONE_CONFIRMED


@pytest.fixture
def client(database: Database, vault: Vault) -> Client:
    client = make_client(vault, phone_confirmed=None)
    give_mandate(client, 7)
    return client


def on_file(client: Client) -> int:
    """The row of the client's number."""
    phone = phones.current(client.id)
    assert phone is not None
    return phone.id


@pytest.mark.parametrize("actor", [BROKER, AGENT])
def test_the_number_is_confirmed_and_it_is_known_by_whose_word(client: Client, actor: Actor) -> None:
    phone = vouch(actor, client.id, on_file(client))
    assert phone == phones.current(client.id)
    kept = phones.current(client.id)
    assert kept is not None
    assert (kept.confirmed_by_role, kept.confirmed_by_account) == (actor.role, actor.account_id)
    check_fit_for_password(kept, limits=Limits(), at=now(), actor=actor)
    event = Event.get(CONFIRMED)
    assert (event.actor_role, event.actor_id, event.client_id) == (actor.role, actor.account_id, client.id)
    assert '"how": "word"' in event.facts


def test_a_double_click_is_one_event(client: Client) -> None:
    vouch(BROKER, client.id, on_file(client))
    vouch(BROKER, client.id, on_file(client))
    assert Event.select().where(CONFIRMED).count() == 1
    vouch(AGENT, client.id, on_file(client))
    with time_machine.travel(now() + timedelta(minutes=2), tick=True):
        vouch(AGENT, client.id, on_file(client))
    assert Event.select().where(CONFIRMED).count() == 3


@pytest.mark.parametrize("actor", [Actor(Role.CLIENT, 1), OPERATOR, SYSTEM, Actor(Role.PROGRAM, 1)])
def test_nobody_else_can_and_a_client_not_for_themselves(client: Client, actor: Actor) -> None:
    with pytest.raises(PermissionError):
        vouch(actor, client.id, on_file(client))
    assert not Event.select().where(CONFIRMED).exists()


def test_without_a_number_there_is_nothing_to_vouch_for(database: Database, vault: Vault) -> None:
    with pytest.raises(PhoneMissing):
        vouch(AGENT, make_client(vault, phone=None).id, 1)


def test_it_does_not_end_the_protection_of_a_new_number(database: Database, vault: Vault) -> None:
    client = with_phone_changed_yesterday(vault)
    with pytest.raises(PhoneChangedRecently):
        check_fit_for_password(
            vouch(AGENT, client.id, on_file(client)), limits=Limits(), at=now(), actor=AGENT
        )


def test_a_number_that_came_on_file_meanwhile_is_not_vouched_for_unseen(client: Client) -> None:
    seen = on_file(client)
    phones.set_number(OPERATOR, client.id, "+421905999888", at=now())
    with pytest.raises(PhoneIsAnother):
        vouch(BROKER, client.id, seen)
    phone = phones.current(client.id)
    assert phone is not None
    assert phone.confirmed_at is None
