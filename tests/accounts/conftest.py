"""A person with an account, and the door they come through."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from peewee import Database

from zone.accounts.accounts import create
from zone.accounts.models import Account
from zone.accounts.passwords import hash_password
from zone.accounts.principal import Principal
from zone.accounts.sign_in import SignedIn, sign_in
from zone.audit import OPERATOR, Role
from zone.clients.models import Client
from zone.clock import now
from zone.config import Limits
from zone.secret import Secret
from zone.vault import Vault

LIMITS = Limits()
PASSWORD = "Štyri zelené lampáše"
JANA, EVA = "jana@example.org", "eva@example.org"
HOME, ELSEWHERE = "192.0.2.1", "198.51.100.7"


@dataclass(frozen=True)
class Door:
    """Signing in, with what most attempts have in common."""

    vault: Vault

    def __call__(
        self,
        password: str = PASSWORD,
        *,
        email: str = JANA,
        address: str = HOME,
        browser: Secret | None = None,
    ) -> SignedIn:
        return sign_in(
            self.vault,
            email=email,
            password=Secret(password),
            address=address,
            browser=browser,
            limits=LIMITS,
        )


Add = Callable[[str], Account]


@pytest.fixture
def add(database: Database, vault: Vault) -> Add:
    """Makes accounts of clients, all with the same password."""
    hashed = hash_password(vault, Secret(PASSWORD))

    def add_client(email: str) -> Account:
        client = Client.create(
            reference=email, kind="person", name="Jana Kováčová", email=email, language="sk", created_at=now()
        )
        return create(
            OPERATOR,
            email=email,
            role=Role.CLIENT,
            name="Jana Kováčová",
            password_hash=hashed,
            language="sk",
            client_id=client.id,
        )

    return add_client


@pytest.fixture
def jana(add: Add) -> Account:
    return add(JANA)


@pytest.fixture
def door(jana: Account, vault: Vault) -> Door:
    return Door(vault)


@pytest.fixture
def eva(door: Door, add: Add) -> Principal:
    """A support agent who has just signed in."""
    add(EVA)
    Account.update(role=Role.SUPPORT, client=None).where(Account.email == EVA).execute()
    Client.delete().where(Client.email == EVA).execute()
    return door(email=EVA).principal
