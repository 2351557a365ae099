"""Setting an own password."""

from __future__ import annotations

import re

import pytest

from tests.web.browser import HTMX, Browser
from tests.web.conftest import SignIn
from tests.web.inspector import parse
from tests.web.people import PASSWORD, Person
from zone.audit import SYSTEM
from zone.letter_passwords.models import Origin
from zone.letter_passwords.versions import current, open_password
from zone.storage import transaction
from zone.vault import Vault

OWN = "/settings/electronic-correspondence/own"
GOOD = "Zelený mlyn pri rieke"


@pytest.fixture
def english(sign_in: SignIn, jana: Person) -> Browser:
    browser = sign_in(jana)
    browser.send("/language", {"language": "en"})
    return browser


def in_force(vault: Vault, person: Person) -> str:
    with transaction():
        return open_password(vault, SYSTEM, current(person.client_id), use="test").reveal()


def test_what_was_typed_is_in_force(english: Browser, jana: Person, vault: Vault) -> None:
    page = english.send(OWN, {"password": GOOD}, follow_redirects=True)
    assert "Your new password is in force." in page.text
    assert GOOD not in page.text
    assert in_force(vault, jana) == GOOD


def test_an_accent_typed_apart_is_the_same_letter(english: Browser, jana: Person, vault: Vault) -> None:
    english.send(OWN, {"password": "Zeleny\u0301 mlyn pri rieke"})
    assert in_force(vault, jana) == "Zelen\u00fd mlyn pri rieke"


def test_the_suggestion_can_be_taken_as_it_stands(english: Browser, jana: Person, vault: Vault) -> None:
    offered = re.search(r'name="password" value="([^"]+)"', english.get(OWN).text)
    assert offered
    assert english.send(OWN, {"password": offered[1]}).status_code == 303
    assert in_force(vault, jana) == offered[1]


def test_another_suggestion_comes_alone(english: Browser) -> None:
    parts = [english.get(f"{OWN}/suggestion", headers=HTMX).text for _ in range(2)]
    assert parts[0] != parts[1]
    assert [root.get("id") for root in parse(parts[0])] == ["suggestion"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Enter a password."),
        ("krátke", "Use at least 10 characters."),
        ("1234567890123", "Digits alone are guessed quickly."),
        ("mlyn`pri`rieke", "Leave out `."),
        ("mlyn\u200bpri<rieke>", "There is an invisible character in it"),
        ("Jana Kováčová doma", "Leave out your name."),
        (PASSWORD, "This is the password that you sign in with."),
        (" mlyn pri rieke ", "Leave out the space"),
    ],
)
def test_a_refusal_stands_beside_the_field_and_repeats_no_password(
    english: Browser, jana: Person, typed: str, said: str
) -> None:
    page = english.send(OWN, {"password": typed})
    assert page.status_code == 422
    message = re.search(r'id="password-message">([^<]+)<', page.text)
    assert message
    assert said in message[1]
    assert "<title>Error:" in page.text
    assert not typed or typed not in page.text
    assert current(jana.client_id).origin == Origin.DEFAULT


def test_strength_is_told_while_typing(english: Browser) -> None:
    part = english.send(f"{OWN}/strength", {"password": GOOD}, headers=HTMX)
    assert [root.get("id") for root in parse(part.text)] == ["strength"]
    assert "diacritics" in part.text
    assert GOOD not in part.text
    plain = english.send(f"{OWN}/strength", {"password": "Zeleny mlyn"}, headers=HTMX)
    assert "it fits into one message" in plain.text
    assert 'id="strength"' in english.send(f"{OWN}/strength", {"password": ""}).text


def test_guessing_by_setting_is_told_to_wait_beside_the_field(english: Browser) -> None:
    pages = [english.send(OWN, {"password": PASSWORD}) for _ in range(11)]
    assert {page.status_code for page in pages} == {422}
    assert "This is the password that you sign in with." in pages[9].text
    assert "Too many attempts." in pages[10].text
