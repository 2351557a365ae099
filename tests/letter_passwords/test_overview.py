"""What is seen of a letter password at a glance, and said of it."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
import time_machine
from peewee import Database

from tests.letter_passwords.watchful import WatchfulVault
from tests.people import MARIA, make_client, with_phone_changed_yesterday
from zone.audit import Actor, Role
from zone.clients.models import Client
from zone.clients.phone_rules import PhoneChangedRecently, PhoneMissing
from zone.config import Limits
from zone.language import language
from zone.letter_passwords.acceptance import normalise
from zone.letter_passwords.assess import assess
from zone.letter_passwords.in_words import which
from zone.letter_passwords.overview import overview
from zone.letter_passwords.resend import resend
from zone.letter_passwords.set_own import set_own
from zone.letter_passwords.strength import Level
from zone.letter_passwords.versions import current
from zone.secret import Secret

LIMITS = Limits()
ACTOR = Actor(Role.CLIENT, 1)
ENGLISH = language("en", ZoneInfo("Europe/Bratislava"))


def test_a_default_is_said_by_its_digits(jana: Client, vault: WatchfulVault) -> None:
    assert which(current(jana.id), ENGLISH) == "the last 4 digits of your birth number"
    maria = make_client(vault, MARIA)
    assert which(current(maria.id), ENGLISH) == "the last 3 digits of your birth number"


def test_own_and_generated_are_said_by_their_day(
    database: Database, vault: WatchfulVault, jana: Client, company: Client
) -> None:
    with time_machine.travel("2026-12-31T23:30:00Z", tick=False):  # the next day, where the reader lives
        own = set_own(vault, ACTOR, jana.id, Secret("slnko nad Tatrami"))
    assert which(own, ENGLISH) == "your own password of 1 January 2027"
    assert which(current(company.id), ENGLISH).startswith("the password of ")


def test_at_a_glance(jana: Client, vault: WatchfulVault) -> None:
    before = overview(jana.id, limits=LIMITS)
    assert (before.is_default, before.phone_masked, before.obstacle) == (True, "+421 9•• ••• 101", None)
    assert (before.last, before.last_is_of_current) == (None, False)
    message = resend(ACTOR, jana.id, language="sk", limits=LIMITS)
    assert overview(jana.id, limits=LIMITS).last == message
    assert overview(jana.id, limits=LIMITS).last_is_of_current
    set_own(vault, ACTOR, jana.id, Secret("slnko nad Tatrami"))
    after = overview(jana.id, limits=LIMITS)
    assert (after.is_default, after.last_is_of_current) == (False, False)


def test_why_no_password_may_go_to_the_phone(database: Database, vault: WatchfulVault) -> None:
    without = overview(make_client(vault, phone=None).id, limits=LIMITS)
    assert isinstance(without.obstacle, PhoneMissing)
    assert without.phone_masked is None
    changed = overview(with_phone_changed_yesterday(vault).id, limits=LIMITS)
    assert isinstance(changed.obstacle, PhoneChangedRecently)


@pytest.mark.parametrize(
    ("typed", "refused", "encoding"),
    [
        ("x", "at least 10", "gsm7"),
        ("Kováčová a psy", "Leave out your name", "ucs2"),
        ("grave`accent a psy", "Leave out `", "ucs2"),
        ("slnko-kvapka-stena-lampa", None, "gsm7"),
        ("x" * 512, "at most 32", "gsm7"),
    ],
)
def test_what_is_typed_is_assessed(
    jana: Client, vault: WatchfulVault, typed: str, refused: str | None, encoding: str
) -> None:
    assessed = assess(vault, jana.id, normalise(typed), ENGLISH)
    assert assessed is not None
    assert (refused or "") in (assessed.refusal or "")
    assert (assessed.refusal is None) == (refused is None)
    assert assessed.sms.encoding == encoding
    assert assessed.strength.level in Level


def test_nothing_is_assessed_as_nothing(jana: Client, vault: WatchfulVault) -> None:
    assert assess(vault, jana.id, Secret(""), ENGLISH) is None
