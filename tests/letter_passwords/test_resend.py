"""Having the current letter password sent again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
import time_machine
from peewee import Database

from tests.people import (
    give_mandate,
    make_client,
    with_phone_changed_yesterday,
    with_phone_confirmed_two_years_ago,
)
from tests.together import together
from zone.accounts.accounts import create
from zone.audit import OPERATOR, Actor, Role
from zone.audit.models import Event
from zone.clients.models import Client
from zone.clients.phone_rules import PhoneChangedRecently, PhoneMissing, PhoneNotConfirmed
from zone.clock import now
from zone.config import Limits
from zone.letter_passwords.resend import LIFETIME, TooManyResends, resend
from zone.letter_passwords.set_own import set_own
from zone.letter_passwords.versions import current
from zone.messages.handover import Status
from zone.messages.models import Message
from zone.secret import Secret
from zone.storage import transaction
from zone.vault import Vault

LIMITS = Limits()
NO_COOLDOWN = replace(LIMITS, resend_cooldown=timedelta(0))
CLIENT, BROKER = Actor(Role.CLIENT, 1), Actor(Role.BROKER, 2)


def ask(client: Client, actor: Actor = CLIENT, limits: Limits = LIMITS) -> Message:
    return resend(actor, client.id, language="sk", limits=limits)


def settle(message: Message, status: Status) -> None:
    Message.update(status=status).where(Message.id == message.id).execute()


def ask_and_deliver(client: Client, actor: Actor = CLIENT, limits: Limits = NO_COOLDOWN) -> None:
    settle(ask(client, actor, limits), Status.DELIVERED)


def test_the_message_names_version_and_phone_and_shows_neither(jana: Client) -> None:
    message = ask(jana, BROKER)
    assert message.subject_id == current(jana.id).id
    assert message.to_masked == "+421 9•• ••• 101"
    assert (message.status, message.actor_role, message.actor_id) == (Status.QUEUED, "broker", 2)
    event = Event.get(Event.tag == "letter_password:resend")
    assert (event.client_id, event.actor_id) == (jana.id, 2)
    assert message.reference in event.facts


@pytest.mark.parametrize("status", [Status.QUEUED, Status.SENDING, Status.SENT, Status.DELIVERED])
def test_within_the_cool_down_everyone_sees_the_first_message(jana: Client, status: Status) -> None:
    first = ask(jana)
    settle(first, status)
    events = Event.select().count()
    assert ask(jana, BROKER).id == first.id
    assert (Message.select().count(), Event.select().count()) == (1, events)


@pytest.mark.parametrize("status", [Status.FAILED, Status.UNKNOWN])
def test_what_may_not_have_arrived_may_be_asked_for_again_at_once(jana: Client, status: Status) -> None:
    first = ask(jana)
    settle(first, status)
    assert ask(jana).id != first.id


def test_after_the_cool_down_it_is_sent_again(jana: Client) -> None:
    with time_machine.travel(now(), tick=False) as time:
        first = ask(jana)
        settle(first, Status.SENT)
        time.shift(LIMITS.resend_cooldown - timedelta(seconds=1))
        assert ask(jana).id == first.id
        time.shift(timedelta(seconds=1))
        assert ask(jana).id != first.id


def test_what_still_waits_for_the_carrier_is_not_doubled_until_it_expires(jana: Client) -> None:
    with time_machine.travel(now(), tick=False) as time:
        first = ask(jana)
        time.shift(LIFETIME - timedelta(seconds=1))
        assert ask(jana).id == first.id
        time.shift(timedelta(seconds=1))
        assert ask(jana).id != first.id


def test_a_new_password_does_not_wait_for_the_cool_down_of_the_old_one(jana: Client, vault: Vault) -> None:
    first = ask(jana)
    version = set_own(vault, CLIENT, jana.id, Secret("slnko nad Tatrami"))
    second = ask(jana)
    assert second.id != first.id
    assert second.subject_id == version.id


def test_a_client_has_five_a_day(jana: Client) -> None:
    with time_machine.travel(now(), tick=False) as time:
        start = now()
        for _ in range(LIMITS.resends_per_client_day):
            ask_and_deliver(jana)
            time.shift(timedelta(hours=1))
        with pytest.raises(TooManyResends) as refused:
            ask(jana, BROKER)
        assert refused.value.facts["until"] == start + timedelta(days=1)
        time.move_to(start + timedelta(days=1))
        ask_and_deliver(jana)


def test_an_actor_has_a_quota_over_all_clients(jana: Client, company: Client) -> None:
    limits = replace(NO_COOLDOWN, resends_per_actor_hour=2)
    ask_and_deliver(jana, BROKER, limits)
    ask_and_deliver(company, BROKER, limits)
    with pytest.raises(TooManyResends):
        ask(jana, BROKER, limits)
    ask(jana, Actor(Role.BROKER, 3), limits)
    # A support agent and a broker are different actors, whatever their numbers.
    ask(company, Actor(Role.SUPPORT, 2), limits)


def test_a_program_that_sends_a_nights_letters_has_no_quota_of_its_own(jana: Client, company: Client) -> None:
    limits = replace(NO_COOLDOWN, resends_per_actor_hour=1)
    ask_and_deliver(jana, OPERATOR, limits)
    ask(company, OPERATOR, limits)


def test_the_installation_has_a_quota(jana: Client, company: Client) -> None:
    limits = replace(NO_COOLDOWN, resends_per_installation_hour=1)
    ask_and_deliver(jana, limits=limits)
    with pytest.raises(TooManyResends):
        ask(company, BROKER, limits)


def test_no_number_no_message(database: Database, vault: Vault) -> None:
    client = make_client(vault, phone=None)
    with pytest.raises(PhoneMissing):
        ask(client)
    assert Message.select().count() == 0


def test_a_number_confirmed_two_years_ago_is_confirmed_first(database: Database, vault: Vault) -> None:
    with pytest.raises(PhoneNotConfirmed):
        ask(with_phone_confirmed_two_years_ago(vault))


def test_a_number_changed_yesterday_gets_nothing_for_72_hours(database: Database, vault: Vault) -> None:
    client = with_phone_changed_yesterday(vault)
    with time_machine.travel(now(), tick=False) as time:
        with pytest.raises(PhoneChangedRecently):
            ask(client)
        time.shift(timedelta(hours=48))
        ask(client)


def test_the_old_number_gets_nothing_either_once_it_is_replaced(jana: Client, vault: Vault) -> None:
    first = ask(jana)
    client = with_phone_changed_yesterday(vault)
    assert ask(jana).id == first.id
    with pytest.raises(PhoneChangedRecently):
        ask(client)


def test_fifty_at_once_make_one_message(jana: Client, database: Database) -> None:
    messages = together(database, [partial(ask, jana)] * 50)
    assert len({message.id for message in messages}) == 1
    assert Message.select().count() == 1
    assert Event.select().where(Event.tag == "letter_password:resend").count() == 1


def test_an_actor_cannot_pass_the_quota_by_asking_for_many_clients_at_once(
    database: Database, vault: Vault
) -> None:
    account = create(
        OPERATOR, email="b@example.org", role=Role.BROKER, name="B", password_hash="-", language="sk"
    )
    limits = replace(LIMITS, resends_per_actor_hour=3)
    clients = [make_client(vault) for _ in range(12)]
    for client in clients:
        give_mandate(client, account.id)

    def try_to_ask(client: Client) -> bool:
        try:
            ask(client, Actor(Role.BROKER, account.id), limits)
        except TooManyResends:
            return False
        return True

    assert sum(together(database, [partial(try_to_ask, client) for client in clients])) == 3
    assert Message.select().count() == 3


def test_a_crash_leaves_neither_message_nor_event(jana: Client) -> None:
    events = Event.select().count()

    @transaction()
    def crash() -> None:
        ask(jana)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        crash()
    assert (Message.select().count(), Event.select().count()) == (0, events)
