"""Clients come in from the insurer's own system, and change there."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from time import sleep

import pytest
from peewee import Database

from tests.people import COMPANY, JANA, MARIA, PETER
from tests.together import together
from zone.audit import OPERATOR
from zone.audit.models import Event
from zone.clients import birth_numbers, phones
from zone.clients.models import Client, Phone, Policy
from zone.clients.people import ClientDetails, Upserted, hold_known, upsert
from zone.clients.policies import PolicyOfAnother, owners
from zone.clock import now
from zone.storage import transaction
from zone.vault import Vault

MAY = datetime(2026, 5, 31, tzinfo=UTC)


def put(vault: Vault, details: ClientDetails) -> Upserted:
    with transaction():
        return upsert(vault, OPERATOR, details, at=now())


def test_a_new_client_is_made_with_all_that_belongs_to_them(database: Database, vault: Vault) -> None:
    upserted = put(vault, replace(JANA, phone_confirmed=MAY))
    assert upserted.created
    client = Client.get(Client.reference == "K-1001")
    assert (client.name, client.email, client.kind) == (JANA.name, JANA.email, "person")
    assert birth_numbers.load(vault, client.id) == JANA.birth_number
    phone = phones.current(client.id)
    assert phone is not None
    assert (phone.number, phone.confirmed_at) == (JANA.phone, MAY)
    policy = Policy.get()
    assert (policy.number, policy.product, policy.client_id) == (JANA.policy_number, JANA.product, client.id)


@pytest.mark.parametrize("details", [JANA, PETER, MARIA, COMPANY], ids=lambda details: details.name)
def test_the_same_again_changes_nothing_and_leaves_no_event(
    database: Database, vault: Vault, details: ClientDetails
) -> None:
    put(vault, details)
    events = Event.select().count()
    again = put(vault, details)
    assert not again.created
    assert again.changed == frozenset()
    assert Event.select().count() == events
    assert (Client.select().count(), Phone.select().count(), Policy.select().count()) == (1, 1, 1)


def test_a_change_names_the_details_and_not_their_values(database: Database, vault: Vault) -> None:
    put(vault, JANA)
    changed = put(
        vault, replace(JANA, name="Jana Nová", email="jana.nova@example.org", birth_number=PETER.birth_number)
    )
    assert not changed.created
    assert changed.changed == {"name", "email", "birth_number"}
    event = Event.select().order_by(Event.id.desc()).get()
    assert event.tag == "client:changed"
    assert json.loads(event.facts) == {"fields": "birth_number, email, name"}
    assert Client.get().name == changed.client.name == "Jana Nová"
    assert birth_numbers.load(vault, changed.client.id) == PETER.birth_number


def test_a_new_number_replaces_the_old_one(database: Database, vault: Vault) -> None:
    put(vault, JANA)
    upserted = put(vault, replace(JANA, phone="+421905999999"))
    assert upserted.changed == {"phone"}
    assert Phone.select().where(Phone.replaced_at.is_null(False)).get().number == JANA.phone


def test_what_the_row_leaves_empty_the_client_has_no_more(database: Database, vault: Vault) -> None:
    put(vault, JANA)
    upserted = put(vault, replace(JANA, phone=None, birth_number=None))
    assert upserted.changed == {"phone", "birth_number"}
    assert phones.current(upserted.client.id) is None
    assert birth_numbers.load(vault, upserted.client.id) is None


def test_a_language_that_is_not_given_stays(database: Database, vault: Vault) -> None:
    put(vault, replace(JANA, language="en"))
    assert put(vault, replace(JANA, language=None)).changed == frozenset()
    assert Client.get().language == "en"


def test_a_later_confirmation_counts_and_an_earlier_one_does_not(database: Database, vault: Vault) -> None:
    client = put(vault, replace(JANA, phone_confirmed=MAY)).client
    for given, counts in ((MAY - timedelta(days=9), MAY), (None, MAY), (MAY + timedelta(days=9),) * 2):
        put(vault, replace(JANA, phone_confirmed=given))
        phone = phones.current(client.id)
        assert phone is not None
        assert phone.confirmed_at == counts


def test_a_policy_of_another_client_is_refused(database: Database, vault: Vault) -> None:
    put(vault, JANA)
    with pytest.raises(PolicyOfAnother):
        put(vault, replace(PETER, policy_number=JANA.policy_number))
    assert not Client.select().where(Client.reference == PETER.reference).exists()
    assert owners([str(JANA.policy_number), "PZ-0"]) == {JANA.policy_number: JANA.reference}


def test_a_second_policy_and_a_renamed_product_are_taken(database: Database, vault: Vault) -> None:
    put(vault, JANA)
    assert put(vault, replace(JANA, policy_number="PZ-9")).changed == {"policy_number"}
    assert put(vault, replace(JANA, policy_number="PZ-9", product="Život")).changed == {"policy_number"}
    assert {(p.number, p.product) for p in Policy.select()} == {("PZ-2001", JANA.product), ("PZ-9", "Život")}


def test_two_who_change_many_in_orders_of_their_own_take_turns(database: Database, vault: Vault) -> None:
    for details in (JANA, PETER, MARIA):
        put(vault, details)

    def change(order: list[ClientDetails], name: str) -> None:
        with transaction():
            hold_known([details.reference for details in order])
            for details in order:
                upsert(vault, OPERATOR, replace(details, name=name), at=now())
                sleep(0.02)

    there, back = [COMPANY, JANA, PETER, MARIA], [MARIA, PETER, JANA, COMPANY]
    together(database, [lambda: change(there, "A"), lambda: change(back, "B")] * 2)
    assert len({client.name for client in Client.select()}) == 1
    assert Client.select().count() == 4


def test_nothing_secret_is_in_an_event(database: Database, vault: Vault) -> None:
    put(vault, JANA)
    put(vault, replace(JANA, phone="+421905999999", birth_number=PETER.birth_number))
    facts = "".join(event.facts for event in Event.select())
    for secret in ("8655142375", "7903023744", "905100101", "905999999", JANA.name, JANA.email):
        assert secret not in facts
