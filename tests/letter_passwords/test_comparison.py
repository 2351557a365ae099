"""Which versions have the same password, and which other one can still be had."""

from __future__ import annotations

import pytest
from peewee import Database

from tests.people import COMPANY, JANA, PETER, make_client
from zone.audit import OPERATOR, Actor, Role
from zone.clients import birth_numbers
from zone.clients.models import Client
from zone.clock import now
from zone.config import Limits
from zone.letter_passwords.comparison import same_as, same_as_default, to_be_had
from zone.letter_passwords.first import ensure_current, prepare
from zone.letter_passwords.models import LetterPassword
from zone.letter_passwords.reset import reset
from zone.letter_passwords.set_own import set_own
from zone.letter_passwords.versions import current
from zone.secret import Secret
from zone.storage import transaction
from zone.vault import Context, Purpose, Vault

CLIENT = Actor(Role.CLIENT, 1)
FIRST, SECOND = Secret("slnko nad Tatrami"), Secret("mesiac nad Dunajom")


@pytest.fixture
def jana(database: Database, vault: Vault) -> Client:
    return make_client(vault, JANA)


def numbers(ids: set[int]) -> list[int]:
    versions = LetterPassword.select().where(LetterPassword.id.in_(ids)).order_by(LetterPassword.number)
    return [version.number for version in versions]


def compared(vault: Vault, client: Client) -> tuple[list[int], list[int], list[int]]:
    """The same as that in force, the same as the default, and the others that can be had."""
    version = current(client.id)
    return (
        numbers(same_as(vault, version)),
        numbers(same_as_default(vault, client.id)),
        numbers(to_be_had(vault, version)),
    )


def correct_birth_number(vault: Vault, client: Client) -> None:
    number = PETER.birth_number
    assert number
    with transaction():
        birth_numbers.forget(vault, client.id)
        birth_numbers.store(vault, client.id, number)
        fallback = prepare(vault, birth_number=number, language="sk")
        ensure_current(vault, OPERATOR, client.id, fallback, number)


def test_a_first_password_has_no_other_beside_it(jana: Client, vault: Vault) -> None:
    assert compared(vault, jana) == ([1], [1], [])


def test_own_ones_differ_and_can_be_had(jana: Client, vault: Vault) -> None:
    for password in (FIRST, SECOND):
        set_own(vault, CLIENT, jana.id, password)
    assert compared(vault, jana) == ([3], [1], [1, 2])


def test_the_default_after_own_ones_is_the_first_default(jana: Client, vault: Vault) -> None:
    set_own(vault, CLIENT, jana.id, FIRST)
    reset(vault, CLIENT, jana.id, limits=Limits())
    assert compared(vault, jana) == ([1, 3], [1, 3], [2])


def test_the_default_of_another_birth_number_is_another_and_gone(jana: Client, vault: Vault) -> None:
    correct_birth_number(vault, jana)
    assert compared(vault, jana) == ([2], [2], [])


def test_what_was_destroyed_cannot_be_had(jana: Client, vault: Vault) -> None:
    for password in (FIRST, SECOND):
        set_own(vault, CLIENT, jana.id, password)
    with transaction():
        birth_numbers.forget(vault, jana.id)
        vault.destroy(Context(Purpose.LETTER_PASSWORD, jana.id, 2))
    assert compared(vault, jana) == ([3], [], [])


def test_generated_ones_each_differ(database: Database, vault: Vault) -> None:
    company = make_client(vault, COMPANY, phone_confirmed=now())
    reset(vault, CLIENT, company.id, limits=Limits())
    assert compared(vault, company) == ([2], [], [1])


def test_the_versions_of_others_are_not_looked_at(jana: Client, vault: Vault) -> None:
    peter = make_client(vault, PETER)
    set_own(vault, CLIENT, peter.id, FIRST)
    set_own(vault, CLIENT, jana.id, SECOND)
    assert compared(vault, jana) == ([2], [1], [1])
    assert to_be_had(vault, current(jana.id)).isdisjoint(to_be_had(vault, current(peter.id)))
