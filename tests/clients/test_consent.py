"""A client agrees by a code that a support agent acts for them."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from peewee import Database

from tests.clients.codes import code_of, wrong
from tests.people import make_client, with_phone_changed_yesterday
from zone.audit import Actor, Role, Tag
from zone.audit.models import Event
from zone.clients import consent, holds, phones
from zone.clients.models import Client, PhoneCode
from zone.clients.phone_codes import CodeExpired, CodeWrong
from zone.clients.phone_rules import PhoneChangedRecently, PhoneMissing
from zone.clock import now
from zone.config import Limits
from zone.messages.models import Message
from zone.vault import Vault

LIMITS = Limits()
AGENT = Actor(Role.SUPPORT, 3)
GIVEN = Event.tag == Tag.CONSENT_GIVEN


@pytest.fixture
def client(database: Database, vault: Vault) -> Client:
    return make_client(vault)


def ask(client: Client) -> Message:
    return consent.send(AGENT, client.id, limits=LIMITS, language="sk")


def test_the_code_that_the_client_read_out_is_consent_once(client: Client, vault: Vault) -> None:
    message = ask(client)
    assert ask(client) == message
    code = code_of(vault, message)
    consent.check(vault, AGENT, client.id, code)
    consent.check(vault, AGENT, client.id, code)  # a double click
    assert Event.select().where(GIVEN, Event.actor_id == 3, Event.client_id == client.id).count() == 1
    with time_machine.travel(now() + timedelta(minutes=2), tick=True), pytest.raises(CodeExpired):
        consent.check(vault, AGENT, client.id, code)


def test_a_wrong_code_is_none_and_is_counted(client: Client, vault: Vault) -> None:
    code = code_of(vault, ask(client))
    with pytest.raises(CodeWrong):
        consent.check(vault, AGENT, client.id, wrong(code))
    assert PhoneCode.get().tries == 1
    assert not Event.select().where(GIVEN).exists()


def test_without_having_asked_there_is_none(client: Client, vault: Vault) -> None:
    with pytest.raises(CodeExpired):
        consent.check(vault, AGENT, client.id, wrong(code_of(vault, ask(make_client(vault)))))


def test_the_number_before_consents_to_nothing(client: Client, vault: Vault) -> None:
    code = code_of(vault, ask(client))
    phones.set_number(AGENT, client.id, "+421905999888", at=now(), confirmed_at=now())
    with pytest.raises(CodeExpired):
        consent.check(vault, AGENT, client.id, code)


def test_a_number_that_may_have_been_slipped_in_consents_to_nothing(database: Database, vault: Vault) -> None:
    with pytest.raises(PhoneChangedRecently):
        ask(with_phone_changed_yesterday(vault))
    with pytest.raises(PhoneMissing):
        ask(make_client(vault, phone=None))
    held = make_client(vault)
    holds.place(AGENT, held.id, holds.Why.PHONE_CHANGE)
    with pytest.raises(holds.OnHold):
        ask(held)
    assert not Message.select().exists()
