"""Migration 0006 with codes in the database: a code that is on its way still works, both ways."""

from __future__ import annotations

import pytest
from peewee import Database

from tests.clients.codes import code_of
from tests.people import give_mandate, make_client
from zone.audit import Actor, Role
from zone.clients import change_phone, confirm_phone, holds, phones
from zone.clients.models import Client, Hold, PhoneCode
from zone.clients.phone_codes import CodeExpired
from zone.config import Limits
from zone.messages.models import Message
from zone.storage.migrate import downgrade, upgrade
from zone.vault import Vault

LIMITS = Limits()
SELF, BROKER = Actor(Role.CLIENT, 1), Actor(Role.BROKER, 7)


@pytest.fixture
def client(database: Database, vault: Vault) -> Client:
    client = make_client(vault, phone_confirmed=None)
    give_mandate(client, 7)
    return client


@pytest.mark.parametrize("asked_by", [SELF, BROKER])
def test_a_code_on_its_way_still_confirms_for_who_asked(
    database: Database, vault: Vault, client: Client, asked_by: Actor
) -> None:
    code = code_of(vault, confirm_phone.send_code(asked_by, client.id, limits=LIMITS, language="sk"))
    downgrade(database, "0006_phone_changes")
    upgrade(database)
    other = BROKER if asked_by == SELF else SELF
    with pytest.raises(CodeExpired):
        confirm_phone.confirm(vault, other, client.id, code)
    confirm_phone.confirm(vault, asked_by, client.id, code)
    phone = phones.current(client.id)
    assert phone is not None
    assert phone.confirmed_by_role == asked_by.role


def test_codes_of_the_other_purposes_and_holds_do_not_outlive_the_way_back(
    database: Database, vault: Vault, client: Client
) -> None:
    kept = confirm_phone.send_code(SELF, client.id, limits=LIMITS, language="sk")
    countries = frozenset({"SK"})
    change_phone.propose(BROKER, client.id, "0905 999 888", limits=LIMITS, language="sk", countries=countries)
    holds.place(SELF, client.id, holds.Why.REQUEST, 1)
    downgrade(database, "0006_phone_changes")
    upgrade(database)
    assert [code.id for code in PhoneCode.select()] == [kept.subject_id]
    assert not Hold.select().exists()


def test_new_codes_continue_the_numbers(database: Database, vault: Vault, client: Client) -> None:
    first = confirm_phone.send_code(SELF, client.id, limits=LIMITS, language="sk")
    downgrade(database, "0006_phone_changes")
    upgrade(database)
    second = confirm_phone.send_code(BROKER, client.id, limits=LIMITS, language="sk")
    assert second.subject_id > first.subject_id


def test_numbers_that_went_with_the_way_back_are_not_given_again(
    database: Database, vault: Vault, client: Client
) -> None:
    countries = frozenset({"SK"})
    kept = confirm_phone.send_code(SELF, client.id, limits=LIMITS, language="sk")
    gone = change_phone.propose(
        BROKER, client.id, "0905 999 888", limits=LIMITS, language="sk", countries=countries
    )
    for _ in range(2):
        downgrade(database, "0006_phone_changes")
        upgrade(database)
    assert [code.id for code in PhoneCode.select()] == [kept.subject_id]
    again = confirm_phone.send_code(BROKER, client.id, limits=LIMITS, language="sk")
    assert again.subject_id > gone.subject_id


@pytest.mark.parametrize("forgotten", [False, True])
def test_numbers_go_on_where_no_code_is_left(
    database: Database, vault: Vault, client: Client, forgotten: bool
) -> None:
    erased = make_client(vault)
    gone = confirm_phone.send_code(SELF, erased.id, limits=LIMITS, language="sk")
    phone = phones.current(erased.id)
    Client.delete().where(Client.id == erased.id).execute()
    if forgotten:
        Message.delete().where(Message.id == gone.id).execute()
    downgrade(database, "0006_phone_changes")
    upgrade(database)
    next_one = make_client(vault)
    assert (
        confirm_phone.send_code(SELF, next_one.id, limits=LIMITS, language="sk").subject_id > gone.subject_id
    )
    new_phone = phones.current(next_one.id)
    assert phone
    assert new_phone
    assert new_phone.id > phone.id


def test_of_two_messages_with_one_number_the_newer_tells_who_asked(
    database: Database, vault: Vault, client: Client
) -> None:
    older = confirm_phone.send_code(SELF, client.id, limits=LIMITS, language="sk")
    newer = older.__data__ | {
        "id": older.id + 1,
        "reference": "newer",
        "actor_role": Role.BROKER,
        "actor_id": 7,
    }
    Message.insert(newer).execute()
    downgrade(database, "0006_phone_changes")
    upgrade(database)
    code = PhoneCode.get()
    assert (code.id, code.asked_by_role, code.asked_by_account) == (older.subject_id, Role.BROKER, 7)
