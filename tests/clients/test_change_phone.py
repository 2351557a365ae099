"""A broker or a support agent puts a new number on file."""

from __future__ import annotations

import logging
from collections import Counter
from datetime import timedelta

import pytest
import time_machine
from peewee import Database

from tests.clients.codes import TIMEZONE, code_of, rendered, wrong
from tests.everything import snapshot
from tests.people import give_mandate, make_client
from tests.together import together
from zone.audit import OPERATOR, Actor, Role, Tag
from zone.audit.models import Event
from zone.clients import change_phone, phones
from zone.clients.change_phone import SameNumber, confirm, propose, waiting, withdraw
from zone.clients.models import Client, Phone, PhoneCode
from zone.clients.phone_code_sms import renderer
from zone.clients.phone_codes import TRIES, CodeExpired, CodeRefused, CodeUsedUp, CodeWrong
from zone.clients.phone_rules import PhoneChangedByYou, check_fit_for_password
from zone.clients.phones import BadPhone
from zone.clock import now
from zone.config import Limits
from zone.messages.models import Channel, Kind, Message
from zone.messages.render import CannotRender
from zone.vault import Vault

LIMITS = Limits()
BROKER, OTHER, AGENT = Actor(Role.BROKER, 7), Actor(Role.BROKER, 8), Actor(Role.SUPPORT, 3)
OLD, NEW, NEWER = "+421905123456", "+421905999888", "+421905999777"


@pytest.fixture
def client(database: Database, vault: Vault) -> Client:
    client = make_client(vault, phone=OLD)
    give_mandate(client, 7, 8)
    return client


def ask(client: Client, number: str = NEW, actor: Actor = BROKER) -> Message:
    countries = frozenset({"SK", "CZ"})
    return propose(actor, client.id, number, limits=LIMITS, language="en", countries=countries)


def on_file(client: Client) -> str | None:
    phone = phones.current(client.id)
    return phone.number if phone else None


def notices() -> list[tuple[str, str]]:
    told = Message.select().where(Message.kind == Kind.PHONE_CHANGED).order_by(Message.id)
    return [(message.channel, message.to_masked) for message in told]


def changes() -> int:
    """How often somebody but the operator changed it."""
    return Event.select().where(Event.tag == Tag.PHONE_CHANGED, Event.actor_role != Role.OPERATOR).count()


@pytest.mark.parametrize("actor", [BROKER, AGENT])
def test_the_code_goes_to_the_new_number_and_puts_it_on_file(
    client: Client, vault: Vault, actor: Actor
) -> None:
    message = ask(client, "0905 999 888", actor)
    assert rendered(vault, message).to == NEW
    assert on_file(client) == OLD
    phone = confirm(vault, actor, client.id, code_of(vault, message))
    assert phone == phones.current(client.id)
    assert (phone.number, phone.set_by_role, phone.set_by_account) == (NEW, actor.role, actor.account_id)
    assert (phone.confirmed_by_role, phone.confirmed_by_account) == (actor.role, actor.account_id)
    assert phone.confirmed_at == phone.set_at
    with pytest.raises(PhoneChangedByYou):
        check_fit_for_password(phone, limits=LIMITS, at=now(), actor=actor)
    assert waiting(client.id) is None


def test_the_old_number_and_the_e_mail_are_told(client: Client, vault: Vault) -> None:
    confirm(vault, BROKER, client.id, code_of(vault, ask(client)))
    assert notices() == [(Channel.SMS, phones.mask(OLD)), (Channel.MAIL, phones.mask_email(client.email))]
    first = Message.get(Message.kind == Kind.PHONE_CHANGED, Message.channel == Channel.SMS)
    assert Phone.get_by_id(first.address_id).number == OLD
    assert first.language == client.language


def test_a_first_number_is_told_by_e_mail(database: Database, vault: Vault) -> None:
    client = make_client(vault, phone=None)
    confirm(vault, AGENT, client.id, code_of(vault, ask(client, actor=AGENT)))
    assert on_file(client) == NEW
    assert notices() == [(Channel.MAIL, phones.mask_email(client.email))]


def test_what_waits_is_shown_masked_and_by_whom(client: Client) -> None:
    assert waiting(client.id) is None
    message = ask(client)
    proposal = waiting(client.id)
    assert proposal is not None
    assert (proposal.number_masked, proposal.message, proposal.by) == ("+421 9•• ••• 888", message, BROKER)
    assert proposal.expires_at - proposal.asked_at == LIMITS.phone_code_valid
    with time_machine.travel(now() + LIMITS.phone_code_valid, tick=True):
        assert waiting(client.id) is None


@pytest.mark.parametrize("number", ["", "0905", "02 5930 1111", "+49 1512 3456789", "not a number"])
def test_what_takes_no_sms_is_refused(client: Client, number: str) -> None:
    with pytest.raises(BadPhone):
        ask(client, number)
    assert not PhoneCode.select().exists()


def test_the_number_on_file_is_refused_however_it_is_written(client: Client) -> None:
    for written in (OLD, "0905 123 456", "00421905123456"):
        with pytest.raises(SameNumber):
            ask(client, written)


@pytest.mark.parametrize("role", [Role.CLIENT, Role.OPERATOR, Role.PROGRAM, Role.SYSTEM])
def test_nobody_else_may(client: Client, vault: Vault, role: Role) -> None:
    actor = Actor(role, 7)
    code = code_of(vault, ask(client))
    for act in (
        lambda: ask(client, actor=actor),
        lambda: confirm(vault, actor, client.id, code),
        lambda: withdraw(actor, client.id),
    ):
        with pytest.raises(PermissionError):
            act()
    assert on_file(client) == OLD


def test_a_double_click_asks_once_and_changes_once(client: Client, vault: Vault) -> None:
    first = ask(client)
    assert ask(client) == first
    code = code_of(vault, first)
    phone = confirm(vault, BROKER, client.id, code)
    assert confirm(vault, BROKER, client.id, code) == phone
    assert changes() == 1
    assert len(notices()) == 2
    with time_machine.travel(now() + timedelta(minutes=2), tick=True), pytest.raises(CodeExpired):
        confirm(vault, BROKER, client.id, code)


def test_two_clicks_at_one_moment_change_once(client: Client, vault: Vault, database: Database) -> None:
    code = code_of(vault, ask(client))
    done = together(database, [lambda: confirm(vault, BROKER, client.id, code)] * 4)
    assert {phone.id for phone in done} == {Phone.get(Phone.number == NEW).id}
    assert changes() == 1


def test_another_number_within_the_minute_is_another_code(client: Client, vault: Vault) -> None:
    first = ask(client)
    code = code_of(vault, first)
    second = ask(client, NEWER)
    assert second != first
    with pytest.raises(CannotRender):
        renderer(vault, TIMEZONE)(first)
    with pytest.raises(CodeWrong):
        confirm(vault, BROKER, client.id, code)
    assert confirm(vault, BROKER, client.id, code_of(vault, second)).number == NEWER


def test_somebody_elses_proposal_ends_the_one_before(client: Client, vault: Vault) -> None:
    code = code_of(vault, ask(client))
    ask(client, NEWER, OTHER)
    with pytest.raises(CodeExpired):
        confirm(vault, BROKER, client.id, code)
    proposal = waiting(client.id)
    assert proposal is not None
    assert proposal.by == OTHER


def test_what_is_withdrawn_is_worth_nothing(client: Client, vault: Vault) -> None:
    message = ask(client)
    code = code_of(vault, message)
    withdraw(AGENT, client.id)
    withdraw(AGENT, client.id)
    assert waiting(client.id) is None
    assert Event.select().where(Event.tag == Tag.PHONE_WITHDRAWN).count() == 1
    with pytest.raises(CodeExpired):
        confirm(vault, BROKER, client.id, code)
    with pytest.raises(CannotRender):
        renderer(vault, TIMEZONE)(message)


def test_wrong_codes_are_counted_and_use_the_proposal_up(client: Client, vault: Vault) -> None:
    code = code_of(vault, ask(client))
    for _ in range(TRIES - 1):
        with pytest.raises(CodeWrong):
            confirm(vault, BROKER, client.id, wrong(code))
    for guess in (wrong(code), code):
        with pytest.raises(CodeUsedUp):
            confirm(vault, BROKER, client.id, guess)
    assert PhoneCode.get().tries == TRIES
    assert on_file(client) == OLD
    assert notices() == []


def test_guessing_in_parallel_wins_no_extra_tries(client: Client, vault: Vault, database: Database) -> None:
    code = code_of(vault, ask(client))

    def guess() -> type[Exception]:
        with pytest.raises(CodeRefused) as refused:
            confirm(vault, BROKER, client.id, wrong(code))
        return refused.type

    outcomes = Counter(outcome for _ in range(3) for outcome in together(database, [guess] * 8))
    assert outcomes[CodeWrong] == TRIES - 1
    assert PhoneCode.get().tries == TRIES
    assert Event.select().where(Event.tag == Tag.PHONE_CODE_WRONG).count() == TRIES


def test_a_number_that_came_on_file_meanwhile_is_confirmed(client: Client, vault: Vault) -> None:
    code = code_of(vault, ask(client))
    brought = phones.set_number(OPERATOR, client.id, NEW, at=now())
    assert confirm(vault, BROKER, client.id, code) == brought
    assert (changes(), notices()) == (0, [])
    phone = phones.current(client.id)
    assert phone is not None
    assert phone.confirmed_at is not None


@pytest.mark.parametrize("end", ["used", "withdrawn", "replaced", "expired"])
def test_the_number_is_kept_no_longer_than_it_is_needed(client: Client, vault: Vault, end: str) -> None:
    message = ask(client)
    code = PhoneCode.get(PhoneCode.number == NEW)
    match end:
        case "used":
            confirm(vault, BROKER, client.id, code_of(vault, message))
        case "withdrawn":
            withdraw(BROKER, client.id)
        case "replaced":
            ask(client, NEWER)
        case "expired":
            assert change_phone.forget_expired() == 0
            with time_machine.travel(now() + LIMITS.phone_code_valid, tick=True):
                assert change_phone.forget_expired() == 1
    assert PhoneCode.get_by_id(code.id).number is None


def test_neither_code_nor_number_stands_where_it_should_not(
    client: Client, vault: Vault, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        message = ask(client)
        code = code_of(vault, message)
        with pytest.raises(CodeWrong):
            confirm(vault, BROKER, client.id, wrong(code))
        confirm(vault, BROKER, client.id, code)
    assert "INSERT INTO" in caplog.text
    assert code.reveal() not in caplog.text
    kept = snapshot(database)
    holders = {table for table, rows in kept.items() for row in rows if NEW.removeprefix("+421") in row}
    assert holders == {"phone"}
    texts = [row for table in ("event", "message", "phone_code") for row in kept[table]]
    assert not [row for row in texts if code.reveal() in row]
