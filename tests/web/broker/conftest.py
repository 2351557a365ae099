"""A broker in the portal, with one client's policy."""

from __future__ import annotations

import pytest

from tests.web.browser import Browser
from tests.web.conftest import SignIn
from tests.web.people import Person
from zone.clients.models import Policy

NEW = "requests/new/electronic-correspondence"


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
