"""A broker acts for a client under a mandate that is in force at that moment, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from peewee import Database

from tests.people import give_mandate, make_client
from zone.audit import Actor, Role
from zone.audit.models import Event
from zone.clients import change_phone, confirm_phone, holds
from zone.clients.mandates import NoMandate
from zone.clients.models import Client
from zone.config import Limits
from zone.letter_passwords.resend import resend
from zone.letter_passwords.reset import reset
from zone.letters.send_again import send_again
from zone.messages.models import Message
from zone.secret import Secret
from zone.vault import Vault

BROKER = Actor(Role.BROKER, 7)
LIMITS = Limits()
DAY = timedelta(days=1)

Act = Callable[[Vault, int], object]
ACTS: dict[str, Act] = {
    "resend": lambda _, client: resend(BROKER, client, language="sk", limits=LIMITS),
    "reset": lambda vault, client: reset(vault, BROKER, client, limits=LIMITS),
    "send again": lambda vault, client: send_again(vault, BROKER, client, ["letter"], limits=LIMITS),
    "send code": lambda _, client: confirm_phone.send_code(BROKER, client, limits=LIMITS, language="sk"),
    "confirm code": lambda vault, client: confirm_phone.confirm(vault, BROKER, client, Secret("123456")),
    "vouch": lambda _, client: confirm_phone.vouch(BROKER, client, 1),
    "propose number": lambda _, client: change_phone.propose(
        BROKER, client, "0905 999 888", limits=LIMITS, language="sk", countries=frozenset({"SK"})
    ),
    "confirm number": lambda vault, client: change_phone.confirm(vault, BROKER, client, Secret("123456")),
    "withdraw number": lambda _, client: change_phone.withdraw(BROKER, client),
    "hold": lambda _, client: holds.place(BROKER, client, holds.Why.REQUEST, 1),
}


@pytest.fixture
def client(database: Database, vault: Vault) -> Client:
    return make_client(vault)


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
@pytest.mark.parametrize(
    ("broker", "dates"),
    [(8, {}), (7, {"starts": DAY}), (7, {"ends": timedelta(0)}), (7, {"ends": -DAY / 2})],
    ids=["another broker's", "not yet", "ended just now", "ended"],
)
def test_without_a_living_mandate_nothing_is_done(
    client: Client, vault: Vault, act: Act, broker: int, dates: dict[str, timedelta]
) -> None:
    give_mandate(client, broker, **dates)
    events = Event.select().count()
    with pytest.raises(NoMandate):
        act(vault, client.id)
    assert Event.select().count() == events
    assert Message.select().count() == 0


def test_with_one_the_broker_acts_and_stands_in_the_trail(client: Client) -> None:
    give_mandate(client, 7, ends=DAY)
    message = resend(BROKER, client.id, language="sk", limits=LIMITS)
    assert (message.actor_role, message.actor_id) == ("broker", 7)


def test_a_mandate_for_one_client_is_none_for_another(client: Client, vault: Vault) -> None:
    give_mandate(client, 7)
    with pytest.raises(NoMandate):
        resend(BROKER, make_client(vault).id, language="sk", limits=LIMITS)


def test_to_a_broker_a_client_who_was_erased_is_one_they_never_had(client: Client) -> None:
    give_mandate(client, 7)
    Client.delete().where(Client.id == client.id).execute()
    with pytest.raises(NoMandate):
        resend(BROKER, client.id, language="sk", limits=LIMITS)
