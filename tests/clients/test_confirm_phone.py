"""A client confirms their number with a code."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

import pytest
import time_machine
from peewee import Database

from tests.clients.codes import TIMEZONE, code_of, rendered, wrong
from tests.people import make_client, with_phone_changed_yesterday
from zone.audit import OPERATOR, Actor, Role, Tag
from zone.audit.models import Event
from zone.clients import phones
from zone.clients.confirm_phone import confirm, send_code, waiting_message
from zone.clients.models import Client, Phone, PhoneCode
from zone.clients.phone_code_sms import renderer
from zone.clients.phone_codes import (
    TRIES,
    CodeExpired,
    CodeRefused,
    CodeUsedUp,
    CodeWrong,
    TooManyCodes,
)
from zone.clients.phone_rules import PhoneChangedRecently, PhoneMissing, check_fit_for_password
from zone.clock import now
from zone.config import Limits
from zone.messages.handover import Reason, Status
from zone.messages.models import Message
from zone.messages.render import CannotRender
from zone.secret import Secret
from zone.storage import transaction, using
from zone.vault import Vault

LIMITS = Limits()
ACTOR = Actor(Role.CLIENT, 7)


@pytest.fixture
def client(database: Database, vault: Vault) -> Client:
    """A client whose number was never confirmed."""
    return make_client(vault, phone="+421905123456", phone_confirmed=None)


def send(client: Client) -> Message:
    return send_code(ACTOR, client.id, limits=LIMITS, language="en")


def current(client: Client) -> Phone:
    phone = phones.current(client.id)
    assert phone is not None
    return phone


def tags() -> list[str]:
    return [event.tag for event in Event.select().where(Event.actor_role == Role.CLIENT).order_by(Event.id)]


def test_the_code_from_the_sms_confirms_the_number(client: Client, vault: Vault) -> None:
    message = send(client)
    assert rendered(vault, message).to == "+421905123456"
    confirm(vault, ACTOR, client.id, code_of(vault, message))
    assert current(client).confirmed_at is not None
    assert current(client).confirmed_by_role == Role.CLIENT
    check_fit_for_password(current(client), limits=LIMITS, at=now())
    assert tags() == ["phone:code_requested", "phone:confirmed"]


def test_the_code_may_be_typed_with_spaces(client: Client, vault: Vault) -> None:
    code = code_of(vault, send(client)).reveal()
    confirm(vault, ACTOR, client.id, Secret(f" {code[:3]} {code[3:]}\n"))
    assert current(client).confirmed_at is not None


def test_neither_code_nor_number_is_kept_with_the_message_or_its_events(client: Client, vault: Vault) -> None:
    message = send(client)
    kept = str(
        list(Message.select().dicts()) + list(Event.select().dicts()) + list(PhoneCode.select().dicts())
    )
    assert code_of(vault, message).reveal() not in kept
    assert "905123456" not in kept
    assert message.to_masked == "+421 9•• ••• 456"


def test_a_wrong_code_confirms_nothing_and_is_counted(client: Client, vault: Vault) -> None:
    code = code_of(vault, send(client))
    with pytest.raises(CodeWrong):
        confirm(vault, ACTOR, client.id, wrong(code))
    assert current(client).confirmed_at is None
    assert PhoneCode.get().tries == 1
    assert tags()[-1] == "phone:code_wrong"


def test_after_five_wrong_tries_the_right_code_is_worth_nothing(client: Client, vault: Vault) -> None:
    code = code_of(vault, send(client))
    for _ in range(TRIES - 1):
        with pytest.raises(CodeWrong):
            confirm(vault, ACTOR, client.id, wrong(code))
    for guess in (wrong(code), code):
        with pytest.raises(CodeUsedUp):
            confirm(vault, ACTOR, client.id, guess)
    assert PhoneCode.get().tries == TRIES
    assert current(client).confirmed_at is None


def test_guessing_in_parallel_wins_no_extra_tries(client: Client, vault: Vault, database: Database) -> None:
    code = code_of(vault, send(client))

    def guess(_: int) -> type[Exception]:
        with using(database), pytest.raises(CodeRefused) as refused:
            confirm(vault, ACTOR, client.id, wrong(code))
        return refused.type

    with ThreadPoolExecutor(8) as pool:
        outcomes = Counter(pool.map(guess, range(24)))
    assert outcomes[CodeWrong] == TRIES - 1
    assert PhoneCode.get().tries == TRIES
    assert tags().count("phone:code_wrong") == TRIES


@pytest.mark.parametrize("typed", ["", "abc", "čšť", "1" * 10_000])
def test_what_is_no_code_at_all_is_a_wrong_code(client: Client, vault: Vault, typed: str) -> None:
    send(client)
    with pytest.raises(CodeWrong):
        confirm(vault, ACTOR, client.id, Secret(typed))


def test_a_code_works_once(client: Client, vault: Vault) -> None:
    code = code_of(vault, send(client))
    confirm(vault, ACTOR, client.id, code)
    assert waiting_message(client.id) is None
    with time_machine.travel(now() + timedelta(minutes=2)), pytest.raises(CodeExpired):
        confirm(vault, ACTOR, client.id, code)


def test_a_double_click_confirms_once(client: Client, vault: Vault) -> None:
    code = code_of(vault, send(client))
    confirm(vault, ACTOR, client.id, code)
    confirm(vault, ACTOR, client.id, code)
    assert Event.select().where(Event.tag == Tag.PHONE_CONFIRMED).count() == 1
    with pytest.raises(CodeExpired):
        confirm(vault, ACTOR, client.id, Secret("000000" if code != Secret("000000") else "000001"))


def test_a_code_expires(client: Client, vault: Vault) -> None:
    message = send(client)
    code = code_of(vault, message)
    with time_machine.travel(now() + LIMITS.phone_code_valid):
        with pytest.raises(CodeExpired):
            confirm(vault, ACTOR, client.id, code)
        with pytest.raises(CannotRender):
            renderer(vault, TIMEZONE)(message)


def test_without_a_code_nothing_can_be_confirmed(client: Client, vault: Vault) -> None:
    with pytest.raises(CodeExpired):
        confirm(vault, ACTOR, client.id, Secret("123456"))


def test_a_code_for_the_number_before_confirms_nothing(client: Client, vault: Vault) -> None:
    message = send(client)
    code = code_of(vault, message)
    phones.set_number(OPERATOR, client.id, "+421905999999", at=now())
    with pytest.raises(CodeExpired):
        confirm(vault, ACTOR, client.id, code)
    with pytest.raises(CannotRender) as refused:
        renderer(vault, TIMEZONE)(message)
    assert refused.value.reason is Reason.ADDRESS


def test_only_the_newest_code_counts(client: Client, vault: Vault) -> None:
    first = send(client)
    old = code_of(vault, first)
    with time_machine.travel(now() + timedelta(seconds=61)):
        second = send(client)
        assert second.id != first.id
        with pytest.raises(CannotRender):
            renderer(vault, TIMEZONE)(first)
        with pytest.raises(CodeWrong):
            confirm(vault, ACTOR, client.id, old)
        confirm(vault, ACTOR, client.id, code_of(vault, second))


def test_asking_again_within_a_minute_shows_the_message_under_way(client: Client) -> None:
    first = send(client)
    assert send(client) == first == waiting_message(client.id)
    assert Message.select().count() == PhoneCode.select().count() == 1


@pytest.mark.parametrize("status", [Status.FAILED, Status.UNKNOWN])
def test_a_message_that_may_not_have_arrived_does_not_make_the_client_wait(
    client: Client, status: Status
) -> None:
    first = send(client)
    Message.update(status=status).execute()
    assert send(client).id != first.id


def test_the_sixth_code_of_a_day_is_refused_until_the_first_is_a_day_old(client: Client) -> None:
    start = now()
    for minute in range(0, 10, 2):
        with time_machine.travel(start + timedelta(minutes=minute), tick=False):
            send(client)
    with time_machine.travel(start + timedelta(hours=23)), pytest.raises(TooManyCodes) as refused:
        send(client)
    assert refused.value.facts == {"until": start + timedelta(days=1)}
    with time_machine.travel(start + timedelta(days=1)):
        send(client)


def test_without_a_number_there_is_nowhere_to_send(database: Database, vault: Vault) -> None:
    client = make_client(vault, phone=None)
    with pytest.raises(PhoneMissing):
        send(client)


def test_confirming_a_new_number_does_not_end_its_hold(database: Database, vault: Vault) -> None:
    client = with_phone_changed_yesterday(vault)
    confirm(vault, ACTOR, client.id, code_of(vault, send(client)))
    with pytest.raises(PhoneChangedRecently):
        check_fit_for_password(current(client), limits=LIMITS, at=now())


def test_a_code_that_was_rolled_back_is_neither_sent_nor_valid(client: Client, vault: Vault) -> None:
    with suppress(ZeroDivisionError), transaction():
        message = send(client)
        code = code_of(vault, message)
        raise ZeroDivisionError
    assert waiting_message(client.id) is None
    assert tags() == []
    with pytest.raises(CodeExpired):
        confirm(vault, ACTOR, client.id, code)
