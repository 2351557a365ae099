"""Confirming the phone number by a code."""

from __future__ import annotations

import pytest

from tests.people import with_phone_confirmed_two_years_ago
from tests.web.browser import Browser
from tests.web.conftest import SignIn
from tests.web.people import Person, add_client
from zone.clients.models import Phone
from zone.messages.models import Kind, Message
from zone.messages.render import Sms
from zone.parts import Parts
from zone.vault import Vault

PHONE = "/settings/phone"
PANEL = "/settings/electronic-correspondence"


@pytest.fixture
def ondrej(vault: Vault) -> Person:
    """A client whose number has to be confirmed first."""
    return add_client(vault, client=with_phone_confirmed_two_years_ago(vault))


@pytest.fixture
def english(sign_in: SignIn, ondrej: Person) -> Browser:
    browser = sign_in(ondrej)
    browser.send("/language", {"language": "en"})
    return browser


def code(parts: Parts) -> str:
    """The code as the worker would write it into the SMS."""
    message = Message.get(Message.kind == Kind.PHONE_CODE)
    sms = parts.renderers[Kind.PHONE_CODE](message)
    assert isinstance(sms, Sms)
    return "".join(character for character in sms.text.reveal() if character.isdigit())[:6]


def test_the_code_confirms_the_number_and_the_password_can_be_sent(
    english: Browser, ondrej: Person, parts: Parts
) -> None:
    assert 'name="code"' not in english.get(PHONE).text
    english.send(f"{PHONE}/code")
    assert 'name="code"' in english.get(PHONE).text
    digits = code(parts)
    answer = english.send(PHONE, {"code": f" {digits[:3]} {digits[3:]} "})
    assert answer.location == PANEL
    page = english.get(PANEL).text
    assert "your phone number is confirmed" in page
    assert "Send the password by SMS" in page
    assert Phone.get(Phone.client == ondrej.client_id).confirmed_by_role == "client"


def test_a_wrong_code_is_said_beside_the_field(english: Browser, parts: Parts) -> None:
    english.send(f"{PHONE}/code")
    wrong = "000000" if code(parts) != "000000" else "111111"
    for typed, said in (
        (wrong, "not the code from the SMS"),
        ("12345678901234567890", "not the code"),
        ("", "Enter the six digits"),
    ):
        page = english.send(PHONE, {"code": typed})
        assert page.status_code == 422
        assert said in page.text


def test_a_code_typed_wrongly_too_often_is_used_up(english: Browser, parts: Parts) -> None:
    english.send(f"{PHONE}/code")
    right = code(parts)
    wrong = "000000" if right != "000000" else "111111"
    for _ in range(5):
        page = english.send(PHONE, {"code": wrong})
    assert "typed wrongly too many times" in page.text
    page = english.send(PHONE, {"code": right})
    assert page.status_code == 422
    assert "typed wrongly too many times" in page.text


def test_without_a_code_on_its_way_there_is_nothing_to_confirm(english: Browser) -> None:
    page = english.send(PHONE, {"code": "123456"})
    assert page.status_code == 422
    assert "no longer valid" in page.text
