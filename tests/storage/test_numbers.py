"""The number of a row that was deleted is not given to another."""

from __future__ import annotations

import pytest
from peewee import Database, fn

from tests.everything import snapshot
from tests.messages.outbox_parts import enqueue
from tests.people import JANA, PETER, make_client
from tests.web.people import add_client
from zone.accounts.models import Account
from zone.audit import Actor, Role
from zone.clients import confirm_phone, holds, phones
from zone.clients.holds import Why
from zone.clients.models import Client
from zone.config import Limits
from zone.messages.models import Message
from zone.storage.migrate import downgrade, upgrade
from zone.vault import Vault

AGENT = Actor(Role.SUPPORT, 3)


def numbers() -> list[int]:
    return [model.select(fn.MAX(model.id)).scalar() for model in (Client, Account, Message)]


def forget_newest() -> None:
    client, _, message = numbers()
    Client.delete().where(Client.id == client).execute()
    Message.delete().where(Message.id == message).execute()


@pytest.mark.parametrize("migrated_with_rows", [False, True])
def test_whoever_comes_next_has_a_number_of_their_own(
    database: Database, vault: Vault, migrated_with_rows: bool
) -> None:
    add_client(vault, JANA)
    enqueue()
    if migrated_with_rows:
        before = snapshot(database)
        downgrade(database, "0003_numbers")
        upgrade(database)
        after = snapshot(database)
        for both in (before, after):
            del (
                both["schema_migration"],
                both["event"],
            )  # a trail that was unlinked and linked anew has other links
        assert after == before
    old = numbers()
    forget_newest()
    add_client(vault, PETER)
    enqueue()
    assert all(new > number for new, number in zip(numbers(), old, strict=True))


def test_what_belonged_to_an_erased_client_leaves_its_numbers_to_nobody(
    database: Database, vault: Vault
) -> None:
    def belongings() -> list[int]:
        client = make_client(vault)
        message = confirm_phone.send_code(AGENT, client.id, limits=Limits(), language="sk")
        phone, hold = phones.current(client.id), holds.place(AGENT, client.id, Why.ACCESS)
        assert phone
        Client.delete().where(Client.id == client.id).execute()
        return [phone.id, message.subject_id, hold.id]

    before = belongings()
    assert all(new > number for new, number in zip(belongings(), before, strict=True))
