"""Proving again who sits there before the password of the letters is changed."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from tests.web.browser import Browser, new_browser
from tests.web.conftest import SignIn
from tests.web.people import PASSWORD, Person
from zone.clock import now
from zone.letter_passwords.models import LetterPassword
from zone.letter_passwords.versions import current

OWN = "/settings/electronic-correspondence/own"
NEW = "Zelený mlyn pri rieke"


@pytest.fixture
def late(sign_in: SignIn, jana: Person) -> Browser:
    """Jana, who signed in six minutes ago."""
    with time_machine.travel(now() - timedelta(minutes=6), tick=False):
        return sign_in(jana)


def test_after_five_minutes_the_page_asks_first(late: Browser) -> None:
    assert late.get(OWN).location == f"/prove?next={OWN}"


def test_after_five_minutes_nothing_is_set_and_it_is_said(late: Browser, jana: Person) -> None:
    before = current(jana.client_id)
    late.send("/language", {"language": "en"})
    answer = late.send(OWN, {"password": NEW})
    assert answer.location == f"/prove?next={OWN}"
    page = late.get(answer.location)
    assert "nothing was changed yet" in page.text
    assert NEW not in page.text
    assert current(jana.client_id) == before


def test_a_wrong_sign_in_password_is_said_beside_the_field(late: Browser, jana: Person) -> None:
    late.send("/language", {"language": "en"})
    page = late.send("/prove", {"password": "Nie je to ono", "next": OWN})
    assert page.status_code == 422
    assert "That is not your sign-in password." in page.text
    assert "Nie je to ono" not in page.text
    assert late.get(OWN).status_code == 303


def test_who_has_proven_it_goes_back_and_sets_the_password(late: Browser, jana: Person) -> None:
    assert late.send("/prove", {"password": PASSWORD, "next": OWN}).location == OWN
    assert late.get(OWN).status_code == 200
    assert late.send(OWN, {"password": NEW}).status_code == 303
    assert LetterPassword.select().where(LetterPassword.client == jana.client_id).count() == 2


def test_proof_ends_with_its_five_minutes(late: Browser) -> None:
    late.send("/prove", {"password": PASSWORD, "next": OWN})
    with time_machine.travel(now() + timedelta(minutes=5), tick=False):
        assert late.get(OWN).status_code == 303


def test_proof_in_one_browser_is_none_in_another(late: Browser, app: Flask, jana: Person) -> None:
    with time_machine.travel(now() - timedelta(minutes=6), tick=False):
        other = new_browser(app)
        other.sign_in(jana.email, PASSWORD)
    late.send("/prove", {"password": PASSWORD, "next": OWN})
    assert other.get(OWN).status_code == 303
