"""Policies as the insurer tells of them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from peewee import Database

from tests.audit.trails import facts_of
from tests.people import JANA, PETER, make_client
from tests.together import together
from zone.audit import Actor, Role
from zone.audit.models import Event
from zone.clients import policies
from zone.clients.mandates import UnknownPolicy
from zone.clients.models import Client, Policy
from zone.clients.policies import PolicyOfAnother
from zone.vault import Vault

PROGRAM = Actor(Role.PROGRAM, 1, "crm")


def test_a_policy_is_made_and_changed_and_each_leaves_an_event(database: Database, vault: Vault) -> None:
    jana = make_client(vault, JANA)
    told = [policies.put(PROGRAM, jana, "PZ-9", product) for product in ("Život", "Život", "Dom")]
    assert told == [True, False, False]
    assert policies.find("PZ-9").product == "Dom"
    events = Event.select().where(Event.tag == "policy:changed", Event.client_id == jana.id)
    assert [facts_of(event) for event in events] == [{"by": "crm", "policy": "PZ-9"}] * 2


def test_a_policy_stays_whose_it_is(database: Database, vault: Vault) -> None:
    make_client(vault, JANA)
    with pytest.raises(PolicyOfAnother):
        policies.put(PROGRAM, make_client(vault, PETER), JANA.policy_number or "", "Dom")
    with pytest.raises(UnknownPolicy):
        policies.find("PZ-0")


def test_a_policy_that_many_bring_at_once_is_one(database: Database, vault: Vault) -> None:
    jana = make_client(vault, JANA)
    together(database, [lambda: policies.put(PROGRAM, jana, "PZ-9", "Život")] * 6)
    assert Policy.select().where(Policy.number == "PZ-9").count() == 1


def test_many_policies_of_one_client_come_at_once(database: Database, vault: Vault) -> None:
    jana = make_client(vault, JANA)

    def puts(client: Client, number: str) -> Callable[[], bool]:
        return lambda: policies.put(PROGRAM, client, number, "Život")

    for turn in range(3):
        assert all(together(database, [puts(jana, f"PZ-9{turn}{each}") for each in range(8)]))
    assert Policy.select().where(Policy.client == jana.id).count() == 1 + 3 * 8
