"""A broker in the portal, with one client's policy."""

from __future__ import annotations

import re

import pytest
from werkzeug.test import TestResponse

from tests.web.browser import Browser
from tests.web.conftest import SignIn
from tests.web.people import Person
from zone.audit import Actor, Role
from zone.clients.models import Policy
from zone.secret import Secret

NEW = "requests/new/electronic-correspondence"
CLIENT = Actor(Role.CLIENT, 901)
OWN = Secret("slnko nad Tatrami")
TOKEN = re.compile(r'name="token"[^>]*value="([\w-]+)"')


@pytest.fixture
def policy(broker: Person) -> Policy:
    """Peter's, on which the broker has a mandate."""
    return Policy.get(Policy.number == "PZ-2002")


@pytest.fixture
def portal(sign_in: SignIn, broker: Person) -> Browser:
    return sign_in(broker)


@pytest.fixture
def english(portal: Browser) -> Browser:
    portal.send("/language", {"language": "en"})
    return portal


def at(policy: Policy, place: str = "") -> str:
    """An address below the policy's."""
    return f"/broker/policies/{policy.id}" + (f"/{place}" if place else "")


def token(page: TestResponse) -> str:
    """The name of the page's form."""
    found = TOKEN.search(page.text)
    assert found, page.text
    return found[1]


def choose(portal: Browser, policy: Policy, kind: str) -> TestResponse:
    """Choose one of the two on the step for it."""
    path = at(policy, f"{NEW}/choice")
    return portal.send(path, {"token": token(portal.get(path)), "kind": kind})
