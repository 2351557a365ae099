"""The SMS with the password, written at the moment of sending."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from tests.letter_passwords.watchful import WatchfulVault
from tests.people import JANA
from zone.audit import OPERATOR, Actor, Role
from zone.audit.models import Event
from zone.clients import birth_numbers, phones
from zone.clients.models import Client, Phone
from zone.clients.people import upsert
from zone.clock import now
from zone.config import Limits
from zone.language import language
from zone.letter_passwords import sms
from zone.letter_passwords.models import LetterPassword
from zone.letter_passwords.resend import resend
from zone.letter_passwords.set_own import set_own
from zone.letter_passwords.versions import current
from zone.messages.handover import Reason
from zone.messages.models import Message
from zone.messages.render import CannotRender, Sms
from zone.messages.sms.text import parts
from zone.secret import Secret
from zone.storage import transaction
from zone.vault import Context, Purpose

TIMEZONE = ZoneInfo("Europe/Bratislava")
ACTOR = Actor(Role.CLIENT, 1)
PASSWORDS = {
    "slnko-nad-tatrami": ("gsm7", 1),
    "{[~\\|^]}€ a ešte": ("ucs2", 1),
    "€{}[]~|^\\" * 3 + "12ab": ("gsm7", 1),
    "Žltý kôň úpel ďábelské": ("ucs2", 1),
    "пароль-для-писем": ("ucs2", 1),
    "كلمةالسرالطويلة": ("ucs2", 1),
    "𐐀" * 31: ("ucs2", 2),
    "%(password)s {0} <b>&amp;": ("gsm7", 1),
}


def ask(client: Client, code: str = "sk") -> Message:
    return resend(ACTOR, client.id, language=code, limits=Limits())


def rendered(vault: WatchfulVault, message: Message) -> Sms:
    carried = sms.renderer(vault, TIMEZONE)(message)
    assert isinstance(carried, Sms)
    return carried


def refused(vault: WatchfulVault, message: Message) -> Reason:
    with pytest.raises(CannotRender) as refusal:
        sms.renderer(vault, TIMEZONE)(message)
    return refusal.value.reason


@pytest.mark.parametrize("code", ["sk", "en"])
@pytest.mark.parametrize("password", PASSWORDS)
def test_the_password_stands_exactly_and_alone_on_the_last_line(
    jana: Client, vault: WatchfulVault, password: str, code: str
) -> None:
    set_own(vault, ACTOR, jana.id, Secret(password))
    carried = rendered(vault, ask(jana, code))
    assert carried.to == JANA.phone
    heading, line = carried.text.reveal().split("\n")
    assert line == password
    assert heading.endswith(":")
    for own in ("Jana", "Kováč", "PZ-2001", "K-1001"):
        assert own not in heading


@pytest.mark.parametrize("password", PASSWORDS)
def test_the_parts_put_together_are_the_text(password: str) -> None:
    text = sms.text(Secret(password), language("en", TIMEZONE))
    split = parts(text)
    assert (split.encoding, split.count) == PASSWORDS[password]
    assert "".join(part.reveal() for part in split.texts) == text.reveal()
    assert sms.preview(Secret(password), language("en", TIMEZONE)) == split


def test_opening_the_password_leaves_an_event_without_it(jana: Client, vault: WatchfulVault) -> None:
    rendered(vault, ask(jana))
    event = Event.get(Event.tag == "letter_password:opened")
    assert (event.actor_role, event.client_id) == ("system", jana.id)
    assert event.facts == '{"use": "sms", "version": 1}'


def test_a_password_replaced_meanwhile_is_not_sent(jana: Client, vault: WatchfulVault) -> None:
    message = ask(jana)
    set_own(vault, ACTOR, jana.id, Secret("slnko nad Tatrami"))
    assert refused(vault, message) is Reason.UNRENDERABLE
    assert not Event.select().where(Event.tag == "letter_password:opened").exists()


def test_a_number_replaced_meanwhile_gets_nothing_and_neither_does_the_new_one(
    jana: Client, vault: WatchfulVault
) -> None:
    message = ask(jana)
    phones.set_number(OPERATOR, jana.id, "+421905999999", at=now())
    assert refused(vault, message) is Reason.ADDRESS


def test_a_default_whose_birth_number_is_another_now_is_not_sent(jana: Client, vault: WatchfulVault) -> None:
    """Between the correction and the version that follows from it nothing wrong goes out."""
    message = ask(jana)
    with transaction():
        upsert(vault, OPERATOR, replace(JANA, birth_number=birth_numbers.parse("486123/417")), at=now())
    assert refused(vault, message) is Reason.UNRENDERABLE


def test_a_default_whose_birth_number_is_gone_is_not_sent(jana: Client, vault: WatchfulVault) -> None:
    message = ask(jana)
    with transaction():
        birth_numbers.forget(vault, jana.id)
    assert refused(vault, message) is Reason.UNRENDERABLE


def test_a_password_whose_key_was_destroyed_is_not_sent(company: Client, vault: WatchfulVault) -> None:
    message = ask(company)
    with transaction():
        vault.destroy(Context(Purpose.LETTER_PASSWORD, company.id, current(company.id).number))
    assert refused(vault, message) is Reason.UNRENDERABLE


def test_a_client_who_is_gone_gets_nothing(jana: Client, vault: WatchfulVault) -> None:
    message = ask(jana)
    LetterPassword.delete().execute()
    Phone.delete().execute()
    assert refused(vault, message) is Reason.ADDRESS
