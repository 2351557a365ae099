"""People who sign in."""

from __future__ import annotations

from dataclasses import dataclass

from tests.people import COMPANY, JANA, PETER, give_mandate, make_client
from zone.accounts.accounts import create
from zone.accounts.passwords import hash_password
from zone.audit import OPERATOR, Actor, Role
from zone.clients.models import Client
from zone.clients.people import ClientDetails
from zone.secret import Secret
from zone.vault import Vault

PASSWORD = "Sedem bielych kaviarní"


@dataclass(frozen=True)
class Person:
    """Somebody with an account; `client` is none for staff."""

    email: str
    account_id: int
    role: Role
    client: Client | None = None

    @property
    def client_id(self) -> int:
        """Whose letters this person reads."""
        assert self.client is not None
        return self.client.id

    @property
    def actor(self) -> Actor:
        """This person in the trail."""
        return Actor(self.role, self.account_id)


def add_client(
    vault: Vault, details: ClientDetails = JANA, *, client: Client | None = None, password: str = PASSWORD
) -> Person:
    """A client who can sign in: `client`, or one of `details` with a phone confirmed lately."""
    client = client or make_client(vault, details)
    return _account(vault, client.email, Role.CLIENT, client, password)


def add_company(vault: Vault) -> Person:
    """A client with a generated password."""
    return add_client(vault, COMPANY)


def add_broker(vault: Vault) -> Person:
    """A broker with a mandate for Peter's policy."""
    broker = _account(vault, "milan.broker@example.org", Role.BROKER, None)
    client = make_client(vault, PETER)
    give_mandate(client, broker.account_id)
    return broker


def add_agent(vault: Vault) -> Person:
    """A support agent."""
    return _account(vault, "eva.support@example.org", Role.SUPPORT, None)


def _account(vault: Vault, email: str, role: Role, client: Client | None, password: str = PASSWORD) -> Person:
    account = create(
        OPERATOR,
        email=email,
        role=role,
        name=client.name if client else "Eva Malá",
        password_hash=hash_password(vault, Secret(password)),
        language="sk",
        client_id=client.id if client else None,
    )
    return Person(email, account.id, role, client)
