"""A client who reads English, and letters that have gone out."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.letters.posted import post
from tests.web.browser import Browser
from tests.web.conftest import SendLetter, SignIn
from tests.web.people import Person
from zone.letter_passwords.set_own import set_own
from zone.letters.models import Letter
from zone.parts import Parts
from zone.secret import Secret

SendLetters = Callable[[Person, int], list[Letter]]
OWN = Secret("Zelený mlyn pri rieke")


@pytest.fixture
def reader(sign_in: SignIn, jana: Person) -> Browser:
    """Jana's browser."""
    browser = sign_in(jana)
    browser.send("/language", {"language": "en"})
    return browser


@pytest.fixture
def sent(letter: SendLetter, parts: Parts) -> SendLetters:
    """Sends a client so many letters, and they go out."""

    def send(person: Person, count: int) -> list[Letter]:
        letters = [letter(person) for _ in range(count)]
        post(parts.intake)
        return letters

    return send


@pytest.fixture
def under_another(sent: SendLetters, jana: Person, parts: Parts) -> list[Letter]:
    """Three letters of Jana's that went out before she set a password of her own."""
    letters = sent(jana, 3)
    set_own(parts.vault, jana.actor, jana.client_id, OWN)
    return letters
