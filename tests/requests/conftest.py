"""A broker with a client, a support agent, and letters that the client has."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from peewee import Database

from tests.letters.conftest import encryptor, folder, intake, store
from tests.people import COMPANY, JANA, give_mandate, make_client
from zone.accounts.accounts import create
from zone.audit import OPERATOR, Actor, Role
from zone.clients.models import Client, Policy
from zone.vault import Vault

__all__ = ["encryptor", "folder", "intake", "store"]


@dataclass(frozen=True)
class Case:
    """A broker, one of their clients, and the client's policy."""

    broker: Actor
    client: Client
    policy: Policy


@pytest.fixture
def broker(database: Database) -> Actor:
    account = create(
        OPERATOR, email="b@example.org", role=Role.BROKER, name="Milan Malý", password_hash="-", language="sk"
    )
    return Actor(Role.BROKER, account.id)


@pytest.fixture
def agent(database: Database) -> Actor:
    account = create(
        OPERATOR, email="a@example.org", role=Role.SUPPORT, name="Eva Malá", password_hash="-", language="sk"
    )
    return Actor(Role.SUPPORT, account.id)


@pytest.fixture
def case(broker: Actor, vault: Vault) -> Case:
    """With Jana, who is on the default."""
    return _case(broker, make_client(vault, JANA))


@pytest.fixture
def company(broker: Actor, vault: Vault) -> Case:
    """With a company, whose password is generated."""
    return _case(broker, make_client(vault, COMPANY))


def _case(broker: Actor, client: Client) -> Case:
    assert broker.account_id is not None
    give_mandate(client, broker.account_id)
    return Case(broker, client, Policy.get(Policy.client == client))
