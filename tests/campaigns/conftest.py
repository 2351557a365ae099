"""An agent, and clients on the default who have an account."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from peewee import Database

from tests.people import make_client
from zone.accounts.accounts import create
from zone.accounts.passwords import hash_password
from zone.audit import OPERATOR, Actor, Role
from zone.campaigns.criteria import Criteria
from zone.campaigns.models import Campaign
from zone.campaigns.start import start
from zone.clients.models import Client
from zone.secret import Secret
from zone.vault import Vault

MakeClients = Callable[..., list[Client]]
Start = Callable[..., Campaign]
FAST = 5000


@pytest.fixture
def agent(database: Database) -> Actor:
    account = create(
        OPERATOR, email="e@example.org", role=Role.SUPPORT, name="Eva Malá", password_hash="-", language="sk"
    )
    return Actor(Role.SUPPORT, account.id)


@pytest.fixture
def clients(database: Database, vault: Vault) -> MakeClients:
    """Makes so many who may be invited, with such details."""

    def make(number: int = 1, **details: Any) -> list[Client]:
        made = [make_client(vault, **details) for _ in range(number)]
        for client in made:
            give_account(vault, client)
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


def give_account(vault: Vault, client: Client) -> None:
    create(
        OPERATOR,
        email=client.email,
        role=Role.CLIENT,
        name=client.name,
        password_hash=hash_password(vault, Secret("Sedem bielych kaviarní")),
        language=client.language,
        client_id=client.id,
    )


def fresh(campaign: Campaign) -> Campaign:
    """The row as it is now."""
    found: Campaign = Campaign.get_by_id(campaign.id)
    return found
