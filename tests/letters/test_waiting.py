"""A letter that its client could not open waits with its reason, and goes by itself once that is cured."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from peewee import Database

from tests.letters.posted import bring, only_copy, post
from tests.people import COMPANY, JANA, make_client
from tests.together import together
from zone.audit import OPERATOR, SYSTEM, Actor, Role
from zone.audit.models import Event
from zone.clients import birth_numbers, holds, phones
from zone.clients.models import Client, Phone
from zone.clients.phones import How
from zone.clock import now
from zone.letter_passwords.set_own import set_own
from zone.letters import waiting
from zone.letters.dispatch import LOOK_AGAIN, Obstacle
from zone.letters.intake import Intake
from zone.letters.models import Copy
from zone.messages.models import Message
from zone.secret import Secret
from zone.storage import transaction
from zone.vault.models import VaultEntry

OWN = Secret("slnko nad Tatrami")
NUMBER = "+421905100199"


def no_phone(intake: Intake) -> Client:
    return make_client(intake.vault, COMPANY, phone=None)


def stale_phone(intake: Intake) -> Client:
    return make_client(intake.vault, COMPANY, phone_confirmed=now() - timedelta(days=400))


def changed_phone(intake: Intake) -> Client:
    client = make_client(intake.vault, COMPANY)
    with transaction():
        phones.set_number(OPERATOR, client.id, NUMBER, at=now(), confirmed_at=now())
    return client


def lost_birth_number(intake: Intake) -> Client:
    client = make_client(intake.vault, JANA, reference=COMPANY.reference)
    with transaction():
        birth_numbers.forget(intake.vault, client.id)
    return client


def held(intake: Intake) -> Client:
    client = make_client(intake.vault, COMPANY)
    holds.place(Actor(Role.CLIENT), client.id, holds.Why.PHONE_CHANGE, 1)
    return client


def lift_hold(intake: Intake, client: Client) -> None:
    assert holds.lift(Actor(Role.SUPPORT, 3), client.id)


def give_phone(intake: Intake, client: Client) -> None:
    with transaction():
        phones.set_number(OPERATOR, client.id, NUMBER, at=now(), confirmed_at=now())


def confirm_phone(intake: Intake, client: Client) -> None:
    with transaction():
        phones.mark_confirmed(OPERATOR, Phone.get(Phone.client == client), at=now(), how=How.RECORD)


def set_password(intake: Intake, client: Client) -> None:
    set_own(intake.vault, Actor(Role.CLIENT, 1), client.id, OWN)


def release(intake: Intake) -> int:
    return waiting.release(intake.vault, limits=intake.limits)


@pytest.mark.parametrize(
    ("who", "obstacle", "cure"),
    [
        (no_phone, Obstacle.NO_PHONE, give_phone),
        (no_phone, Obstacle.NO_PHONE, set_password),
        (stale_phone, Obstacle.PHONE_NOT_CONFIRMED, confirm_phone),
        (stale_phone, Obstacle.PHONE_NOT_CONFIRMED, set_password),
        (changed_phone, Obstacle.PHONE_CHANGED, set_password),
        (held, Obstacle.ON_HOLD, lift_hold),
        (held, Obstacle.ON_HOLD, set_password),
        (lost_birth_number, Obstacle.PASSWORD_GONE, set_password),
    ],
)
def test_it_waits_and_goes_once_that_is_cured(
    database: Database,
    intake: Intake,
    who: Callable[[Intake], Client],
    obstacle: Obstacle,
    cure: Callable[[Intake, Client], None],
) -> None:
    client = who(intake)
    letter = bring(intake, client=client.reference)
    copy = only_copy(letter)
    assert (copy.message_id, copy.waits_for) == (None, obstacle)
    assert not Message.select().exists()
    assert [waits.reference for waits in waiting.worklist().rows] == [copy.reference]
    assert Event.select().where(Event.tag == "letter:waits").count() == 1
    assert release(intake) == 0
    with time_machine.travel(now() + timedelta(seconds=1), tick=True):
        cure(intake, client)
        assert release(intake) == 1
    copy = only_copy(letter)
    assert copy.message_id is not None
    assert copy.waits_for is None
    assert waiting.worklist().rows == []
    assert list(post(intake)) == [copy.id]


def damaged_birth_number(intake: Intake) -> Client:
    client = make_client(intake.vault, JANA, reference="D-1", policy_number="PD-1", email="d@example.org")
    VaultEntry.update(ciphertext=b"damaged").where(VaultEntry.client_id == client.id).execute()
    return client


def test_one_client_whose_secret_is_damaged_keeps_nobody_else_back(
    database: Database, intake: Intake, caplog: pytest.LogCaptureFixture
) -> None:
    damaged = bring(intake, client=damaged_birth_number(intake).reference)
    client = no_phone(intake)
    bring(intake, client=client.reference)
    with time_machine.travel(now() + timedelta(hours=1), tick=True):
        give_phone(intake, client)
        assert release(intake) == 1
    assert only_copy(damaged).waits_for == Obstacle.PASSWORD_GONE
    assert "birth number of client" in caplog.text


def test_time_itself_may_cure_it(database: Database, intake: Intake) -> None:
    letter = bring(intake, client=changed_phone(intake).reference)
    assert only_copy(letter).waits_for == Obstacle.PHONE_CHANGED
    with time_machine.travel(now() + timedelta(hours=73), tick=True):
        assert release(intake) == 1
    assert [message.kind for message in Message.select().order_by(Message.id)] == [
        "letter_password",
        "letter",
    ]


def test_nothing_is_looked_at_more_often_than_it_must(database: Database, intake: Intake) -> None:
    letter = bring(intake, client=no_phone(intake).reference)
    looked_at = only_copy(letter).looked_at
    assert release(intake) == 0
    assert only_copy(letter).looked_at == looked_at
    with time_machine.travel(now() + LOOK_AGAIN + timedelta(seconds=1), tick=True):
        assert release(intake) == 0
        assert only_copy(letter).looked_at > looked_at
    assert Event.select().where(Event.tag == "letter:waits").count() == 1


def test_two_workers_release_a_letter_once(database: Database, intake: Intake) -> None:
    client = no_phone(intake)
    letters = [bring(intake, client=client.reference) for _ in range(5)]
    with time_machine.travel(now() + timedelta(seconds=1), tick=True):
        give_phone(intake, client)
        assert sum(together(database, [lambda: release(intake)] * 4)) == 5
    assert Message.select().where(Message.kind == "letter").count() == len(letters)
    assert Message.select().where(Message.kind == "letter_password").count() == 1
    assert not Copy.select().where(Copy.message.is_null()).exists()


def test_the_password_goes_under_the_name_of_who_sent_the_letter(database: Database, intake: Intake) -> None:
    client = no_phone(intake)
    bring(intake, client=client.reference)
    with time_machine.travel(now() + timedelta(seconds=1), tick=True):
        give_phone(intake, client)
        release(intake)
    assert {message.actor_role for message in Message.select()} == {OPERATOR.role}
    assert SYSTEM.role not in {message.actor_role for message in Message.select()}
