"""An agent at the desk, and the pages of one client."""

from __future__ import annotations

import re

import pytest
from werkzeug.test import TestResponse

from tests.web.browser import Browser
from tests.web.conftest import SignIn
from tests.web.people import Person
from zone.audit.models import Event

TOKEN = re.compile(r'name="token"[^>]*value="([\w-]+)"')


@pytest.fixture
def desk(sign_in: SignIn, agent: Person) -> Browser:
    """Eva Malá's, in English."""
    browser = sign_in(agent)
    browser.send("/language", {"language": "en"})
    return browser


def at(client: Person, place: str = "") -> str:
    """An address of the client's card, or below it."""
    return f"/support/clients/{client.client_id}" + (f"/{place}" if place else "")


def token(page: TestResponse) -> str:
    """The name of the page's form."""
    found = TOKEN.search(page.text)
    assert found, page.text
    return found[1]


def events(tag: str) -> list[Event]:
    return list(Event.select().where(Event.tag == tag).order_by(Event.id))
