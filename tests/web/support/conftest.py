"""Support at its desk, with one client's pages."""

from __future__ import annotations

import re

import pytest
from werkzeug.test import TestResponse

from tests.web.browser import Browser
from tests.web.conftest import SignIn
from tests.web.people import Person

TOKEN = re.compile(r'name="token"[^>]*value="([\w-]+)"')


@pytest.fixture
def desk(sign_in: SignIn, agent: Person) -> Browser:
    browser = sign_in(agent)
    browser.send("/language", {"language": "en"})
    return browser


def at(client: Person, place: str = "") -> str:
    """An address below the client's."""
    return f"/support/clients/{client.client_id}" + (f"/{place}" if place else "")


def token(page: TestResponse) -> str:
    """The name of the page's form."""
    found = TOKEN.search(page.text)
    assert found, page.text
    return found[1]
