from __future__ import annotations

import pytest

from zone.accounts.passwords import refuse_weak
from zone.audit import Role
from zone.clients import birth_numbers, phones
from zone.demo.people import BROKERS, CLIENTS, PEOPLE, SUPPORT
from zone.demo.person import BrokerPerson, ClientPerson, Person
from zone.messages.sms.demo import FATES
from zone.secret import Secret


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.email)
def test_everybody_has_a_password_that_the_zone_would_accept(person: Person) -> None:
    refuse_weak(Secret(person.password), email=person.email, name=person.name)


@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.email)
def test_every_client_has_what_an_import_would_accept(client: ClientPerson) -> None:
    assert phones.parse_mobile(client.phone, frozenset({"SK"})) == client.phone
    assert phones.parse_mobile(client.phone_now, frozenset({"SK"})) == client.phone_now
    if client.birth_number:
        birth_numbers.parse(client.birth_number)
    assert client.email.endswith("@example.org")


def test_nobody_shares_an_address_a_reference_a_policy_or_a_number_with_another() -> None:
    numbers = [number for client in CLIENTS for number in {client.phone, client.phone_now}]
    policies = [policy for client in CLIENTS for policy, _ in client.policies]
    emails = [person.email for person in PEOPLE]
    references = [client.reference for client in CLIENTS]
    default_passwords = [client.birth_number[-4:] for client in CLIENTS if client.birth_number]
    for values in (numbers, policies, emails, references, default_passwords):
        assert len(values) == len(set(values))


def test_there_is_somebody_for_everything_that_the_carrier_can_do_wrong() -> None:
    assert {client.phone_now[-4:] for client in CLIENTS if client.sms_fails} == set(FATES)


@pytest.mark.parametrize("broker", BROKERS, ids=lambda broker: broker.email)
def test_brokers_act_for_policies_that_there_are(broker: BrokerPerson) -> None:
    policies = {policy for client in CLIENTS for policy, _ in client.policies}
    assert policies >= {*broker.policies, *broker.ended}


def test_staff_is_there_in_pairs() -> None:
    assert [broker.role for broker in BROKERS] == [Role.BROKER] * 2
    assert [agent.role for agent in SUPPORT] == [Role.SUPPORT] * 2
