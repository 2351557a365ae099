"""An agent, and clients on the default who have an account."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from peewee import Database

from tests.people import make_client
from tests.requests.conftest import agent
from tests.web.people import add_client
from zone.audit import Actor
from zone.campaigns.models import Campaign
from zone.campaigns.start import start
from zone.campaigns.whom import Criteria
from zone.clients.models import Client
from zone.vault import Vault

__all__ = ["agent"]

MakeClients = Callable[..., list[Client]]
Start = Callable[..., Campaign]
FAST = 5000


@pytest.fixture
def clients(database: Database, vault: Vault) -> MakeClients:
    """Makes so many who may be invited, with such details."""

    def make(number: int = 1, **details: Any) -> list[Client]:
        made = [make_client(vault, **details) for _ in range(number)]
        for client in made:
            add_client(vault, client=client)
        return made

    return make


@pytest.fixture
def begin(agent: Actor) -> Start:
    """Starts a campaign that invites everybody, as fast as it may."""

    def begin(
        criteria: Criteria | None = None,
        *,
        per_hour: int = FAST,
        most: int | None = None,
        token: str = "t",
    ) -> Campaign:
        return start(agent, criteria or Criteria(), per_hour=per_hour, most=most, token=token)

    return begin


def fresh(campaign: Campaign) -> Campaign:
    """The row as it is now."""
    found: Campaign = Campaign.get_by_id(campaign.id)
    return found
