"""Invented people for tests. Each is somebody about whom one thing is special."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any

from zone.audit import OPERATOR
from zone.clients import birth_numbers
from zone.clients.models import Client, ClientKind, Mandate, Policy
from zone.clients.people import ClientDetails, upsert
from zone.clients.search import reindex
from zone.clock import now
from zone.letter_passwords.enrol import first_for
from zone.letter_passwords.first import ensure_current
from zone.storage import transaction
from zone.vault import Vault

JANA = ClientDetails(
    reference="K-1001",
    kind=ClientKind.PERSON,
    name="Jana Kováčová",
    email="jana.kovacova@example.org",
    phone="+421905100101",
    birth_number=birth_numbers.parse("865514/2375"),
    language="sk",
    policy_number="PZ-2001",
    product="Poistenie domácnosti",
)
PETER = replace(
    JANA,
    reference="K-1002",
    name="Peter Novák",
    email="peter.novak@example.org",
    phone="+421905100102",
    birth_number=birth_numbers.parse("790302/3744"),
    policy_number="PZ-2002",
)
MARIA = replace(
    JANA,
    reference="K-1003",
    name="Mária Horváthová",
    email="maria.horvathova@example.org",
    phone="+421905100103",
    birth_number=birth_numbers.parse("486123/417"),
    policy_number="PZ-2003",
)
COMPANY = replace(
    JANA,
    reference="K-1004",
    kind=ClientKind.COMPANY,
    name="Drevo Kysuce, s. r. o.",
    email="posta@drevo.example.org",
    phone="+421905100104",
    birth_number=None,
    policy_number="PZ-2004",
)

_numbers = count(1)


def someone(**overrides: Any) -> ClientDetails:
    """A person nobody has met before, whose reference, phone, e-mail and policy are their own."""
    number = next(_numbers)
    fresh = {
        "reference": f"N-{number}",
        "name": "Tomáš Kučera",
        "email": f"tomas.{number}@example.org",
        "phone": f"+42191120{number:04}",
        "policy_number": f"PN-{number}",
    }
    return replace(PETER, **(fresh | overrides))


def make_client(vault: Vault, details: ClientDetails | None = None, **overrides: Any) -> Client:
    """`details` or `someone`, with `overrides`: has a current letter password, a phone confirmed lately."""
    details = replace(details, **overrides) if details else someone(**overrides)
    if details.phone and "phone_confirmed" not in overrides:
        details = replace(details, phone_confirmed=now() - timedelta(days=30))
    prepared = first_for(vault, details)
    with transaction():
        client = upsert(vault, OPERATOR, details, at=now() - timedelta(days=400)).client
        ensure_current(vault, OPERATOR, client.id, prepared, details.birth_number)
    return client


def give_mandate(
    client: Client,
    *brokers: int,
    starts: timedelta = timedelta(days=-9),
    ends: timedelta | None = None,
) -> None:
    """Mandates for the client's policy, one for each broker's account id, from and until so far from now."""
    policy = Policy.get(Policy.client == client)
    for broker_id in brokers:
        ends_at = None if ends is None else now() + ends
        Mandate.create(broker_id=broker_id, policy=policy, starts_at=now() + starts, ends_at=ends_at)
    with transaction():
        reindex(client.id)


def with_phone_changed_yesterday(vault: Vault) -> Client:
    """A client whose confirmed number replaced another one a day ago."""
    details = someone(name="Zuzana Baloghová")
    client = make_client(vault, details)
    yesterday = now() - timedelta(days=1)
    moved = replace(details, phone="+421905100199", phone_confirmed=yesterday)
    with transaction():
        upsert(vault, OPERATOR, moved, at=yesterday)
    return client


def with_phone_confirmed_two_years_ago(vault: Vault) -> Client:
    """A client whose number was last confirmed two years ago."""
    return make_client(vault, name="Ondrej Šimko", phone_confirmed=now() - timedelta(days=730))
