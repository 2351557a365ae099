"""Having an earlier password sent, which opens older letters; and the letter keys of all versions."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
import time_machine
from peewee import Database

from tests.letter_passwords.test_resend import LIMITS, NO_COOLDOWN, ask, settle
from tests.letter_passwords.test_sms import TIMEZONE, refused, rendered
from tests.letter_passwords.watchful import WatchfulVault
from tests.people import make_client, with_phone_changed_yesterday, with_phone_confirmed_two_years_ago
from tests.together import together
from zone.audit import SYSTEM, Actor, Role
from zone.audit.models import Event
from zone.clients import birth_numbers
from zone.clients.models import Client
from zone.clients.phone_rules import PhoneChangedRecently, PhoneNotConfirmed
from zone.clock import now
from zone.config import Limits
from zone.language import language
from zone.letter_passwords import letter_keys
from zone.letter_passwords.models import LetterPassword
from zone.letter_passwords.resend import TooManyResends, resend_earlier
from zone.letter_passwords.set_own import set_own
from zone.letter_passwords.versions import NoLongerKept, current, is_kept
from zone.messages.handover import Status
from zone.messages.models import Kind, Message
from zone.messages.sms.text import parts
from zone.secret import Secret
from zone.storage import transaction
from zone.vault import Context, Purpose

CLIENT = Actor(Role.CLIENT, 1)
FIRST, SECOND = Secret("slnko nad Tatrami"), Secret("mesiac nad Dunajom")


def earlier(vault: WatchfulVault, client: Client, number: int = 2, limits: Limits = LIMITS) -> Message:
    return resend_earlier(vault, CLIENT, client.id, number, language="sk", limits=limits)


@pytest.fixture
def jana_with_three(jana: Client, vault: WatchfulVault) -> Client:
    """The default, then two passwords of her own."""
    for password in (FIRST, SECOND):
        set_own(vault, CLIENT, jana.id, password)
    return jana


def version(number: int) -> LetterPassword:
    found: LetterPassword = LetterPassword.get(LetterPassword.number == number)
    return found


@pytest.mark.parametrize(("number", "password"), [(1, "2375"), (2, FIRST.reveal())])
def test_it_comes_with_the_day_that_tells_it_from_the_current_one(
    jana_with_three: Client, vault: WatchfulVault, number: int, password: str
) -> None:
    message = earlier(vault, jana_with_three, number)
    assert (message.kind, message.subject_id) == (Kind.EARLIER_PASSWORD, version(number).id)
    text = rendered(vault, message).text
    opens, last = text.reveal().split("\n")
    assert last == password
    assert language("sk", TIMEZONE).short_day(version(number).set_at) in opens
    assert parts(text).encoding == "gsm7"


def test_the_current_one_goes_as_the_current_one(jana_with_three: Client, vault: WatchfulVault) -> None:
    message = earlier(vault, jana_with_three, 3)
    assert message.kind == Kind.LETTER_PASSWORD
    assert ask(jana_with_three).id == message.id


def test_a_current_one_that_was_replaced_before_it_went_does_not_go(
    jana: Client, vault: WatchfulVault
) -> None:
    message = ask(jana)
    set_own(vault, CLIENT, jana.id, FIRST)
    refused(vault, message)


@pytest.mark.parametrize("number", [0, 4, -1])
def test_a_version_that_is_not_there(jana_with_three: Client, vault: WatchfulVault, number: int) -> None:
    with pytest.raises(NoLongerKept):
        earlier(vault, jana_with_three, number)


def test_versions_that_are_no_longer_kept(jana_with_three: Client, vault: WatchfulVault) -> None:
    with transaction():
        vault.destroy(Context(Purpose.LETTER_PASSWORD, jana_with_three.id, 2))
        birth_numbers.forget(vault, jana_with_three.id)
    for number in (1, 2):
        assert not is_kept(vault, version(number))
        with pytest.raises(NoLongerKept):
            earlier(vault, jana_with_three, number)
    assert is_kept(vault, version(3))


def test_another_clients_version_is_not_there(jana_with_three: Client, vault: WatchfulVault) -> None:
    with pytest.raises(NoLongerKept):
        earlier(vault, make_client(vault), 2)


def test_the_phone_is_looked_at_as_for_the_current_one(database: Database, vault: WatchfulVault) -> None:
    for client, refusal in (
        (with_phone_changed_yesterday(vault), PhoneChangedRecently),
        (with_phone_confirmed_two_years_ago(vault), PhoneNotConfirmed),
    ):
        set_own(vault, CLIENT, client.id, FIRST)
        with pytest.raises(refusal):
            earlier(vault, client, 1)


def test_clicks_at_once_bring_one_message(
    database: Database, jana_with_three: Client, vault: WatchfulVault
) -> None:
    messages = together(database, [partial(earlier, vault, jana_with_three)] * 8)
    assert len({message.id for message in messages}) == 1
    assert Event.select().where(Event.tag == "letter_password:resend").count() == 1


def test_another_version_is_another_message(jana_with_three: Client, vault: WatchfulVault) -> None:
    assert earlier(vault, jana_with_three, 1).id != earlier(vault, jana_with_three, 2).id


def test_the_quotas_count_both_kinds(jana_with_three: Client, vault: WatchfulVault) -> None:
    few = replace(NO_COOLDOWN, resends_per_client_day=2)
    settle(ask(jana_with_three, limits=few), Status.DELIVERED)
    settle(earlier(vault, jana_with_three, 1, few), Status.DELIVERED)
    for again in (
        partial(ask, jana_with_three, limits=few),
        partial(earlier, vault, jana_with_three, 2, few),
    ):
        with pytest.raises(TooManyResends):
            again()
    with time_machine.travel(now() + timedelta(days=1, seconds=1), tick=True):
        earlier(vault, jana_with_three, 2, few)


def test_a_letter_key_is_made_with_the_password_and_sealed(jana: Client, vault: WatchfulVault) -> None:
    set_own(vault, CLIENT, jana.id, FIRST)
    sealed = vault.get(Context(Purpose.LETTER_KEY, jana.id, 2))
    assert letter_keys.open_key(vault, SYSTEM, current(jana.id)).to_bytes() == sealed
    assert not Event.select().where(Event.tag == "letter_password:opened").exists()


def test_that_of_a_default_is_made_once_when_it_is_first_needed(
    database: Database, jana: Client, vault: WatchfulVault
) -> None:
    assert not vault.has(Context(Purpose.LETTER_KEY, jana.id, 1))
    assert letter_keys.can_open(vault, current(jana.id))
    keys = together(database, [partial(letter_keys.open_key, vault, SYSTEM, current(jana.id))] * 4)
    assert len({key.to_bytes() for key in keys}) == 1
    opened = Event.select().where(Event.tag == "letter_password:opened").count()
    letter_keys.open_key(vault, SYSTEM, current(jana.id))
    assert Event.select().where(Event.tag == "letter_password:opened").count() == opened


def test_without_a_birth_number_there_is_none(jana: Client, vault: WatchfulVault) -> None:
    with transaction():
        birth_numbers.forget(vault, jana.id)
    assert not letter_keys.can_open(vault, current(jana.id))
    with pytest.raises(NoLongerKept):
        letter_keys.open_key(vault, SYSTEM, current(jana.id))
