"""What the client may know of who looked or acted: every entry once, only their own, few queries."""

from __future__ import annotations

import logging

import pytest
from peewee import Database

from tests.accounts.conftest import Add
from tests.people import make_client
from zone.accounts import access_history as history
from zone.accounts.access_history import PAGE, NoSuchEntry, Wanted
from zone.accounts.accounts import create
from zone.accounts.models import Account
from zone.audit import OPERATOR, SYSTEM, Actor, Role, Tag, record
from zone.audit.models import Event
from zone.config import Limits
from zone.letter_passwords.resend import resend
from zone.vault import Vault

EVERYTHING = Wanted(frozenset(Tag))
CLIENT = Actor(Role.CLIENT, 1)


def staff(role: Role, name: str) -> Account:
    email = f"{name[:2].lower()}@example.org"
    return create(OPERATOR, email=email, role=role, name=name, password_hash="", language="sk")


def walk(vault: Vault, *, disturb: bool = False) -> list[int]:
    """The ids of client 3's entries, page after page; meanwhile new ones come in."""
    seen: list[int] = []
    before: int | None = None
    while True:
        page = history.page(vault, 3, EVERYTHING, before=before)
        seen += [entry.id for entry in page.entries]
        before = page.older
        if before is None:
            return seen
        if disturb:
            record(Tag.SIGN_IN, CLIENT, client_id=3)


@pytest.mark.parametrize("count", [0, 1, PAGE, PAGE + 1, PAGE * 3])
def test_every_entry_comes_once_while_new_ones_come_in(database: Database, vault: Vault, count: int) -> None:
    for number in range(count):
        record(Tag.SIGN_IN, CLIENT, client_id=3)
        record(Tag.SIGN_IN, CLIENT, client_id=4 + number % 2)
    there = [event.id for event in Event.select().where(Event.client_id == 3).order_by(Event.id.desc())]
    assert walk(vault) == there
    assert walk(vault, disturb=True) == there


@pytest.mark.parametrize(("most", "lengths"), [(50, [10, 10, 5]), (20, [10, 10])])
def test_the_pages_of_a_download_hold_all_of_it_up_to_a_limit(
    database: Database, vault: Vault, most: int, lengths: list[int]
) -> None:
    for _ in range(25):
        record(Tag.SIGN_IN, CLIENT, client_id=3)
    pages = history.pages(vault, 3, EVERYTHING, most=most, chunk=10)
    assert [len(page.entries) for page in pages] == lengths


def test_names_are_those_of_staff_and_a_program_is_not_taken_for_one(
    database: Database, vault: Vault
) -> None:
    eva, milan = staff(Role.SUPPORT, "Eva Malá"), staff(Role.BROKER, "Milan Veľký")
    record(Tag.PASSWORD_RESET, Actor(Role.SUPPORT, eva.id), client_id=3)
    record(Tag.CLIENT_CHANGED, Actor(Role.PROGRAM, eva.id, "billing"), client_id=4)
    record(Tag.MANDATE_GIVEN, OPERATOR, client_id=3, broker=milan.id)
    record(Tag.MANDATE_GIVEN, OPERATOR, client_id=3, broker=2**70)
    known = history.page(vault, 3, EVERYTHING).known.staff
    assert {each: member.name for each, member in known.items()} == {
        eva.id: "Eva Malá",
        milan.id: "Milan Veľký",
    }
    assert history.page(vault, 4, EVERYTHING).known.staff == {}


def test_the_name_of_an_account_that_is_gone_is_unknown(database: Database, vault: Vault) -> None:
    eva = staff(Role.SUPPORT, "Eva Malá")
    record(Tag.PASSWORD_RESET, Actor(Role.SUPPORT, eva.id), client_id=3)
    Account.delete().where(Account.id == eva.id).execute()
    page = history.page(vault, 3, EVERYTHING)
    assert (len(page.entries), page.known.staff) == (1, {})


def test_messages_are_the_clients_own(database: Database, vault: Vault) -> None:
    client, other = make_client(vault), make_client(vault)
    message = resend(SYSTEM, client.id, language="sk", limits=Limits())
    for whose in (client, other):
        record(Tag.PASSWORD_RESEND, SYSTEM, client_id=whose.id, message=message.reference)
    assert list(history.page(vault, client.id, EVERYTHING).known.messages) == [message.reference]
    assert history.page(vault, other.id, EVERYTHING).known.messages == {}


def test_a_page_is_three_queries_however_many_entries(
    database: Database, vault: Vault, caplog: pytest.LogCaptureFixture
) -> None:
    costs = []
    for count in (1, 10, 40):
        for _ in range(count):
            actor = Actor(Role.SUPPORT, staff_id := count)
            record(Tag.PASSWORD_RESEND, actor, client_id=3, message=f"m{staff_id}")
        caplog.clear()
        with caplog.at_level(logging.DEBUG, logger="peewee"):
            history.page(vault, 3, EVERYTHING)
        costs.append(sum(record.name == "peewee" for record in caplog.records))
    assert costs == [3, 3, 3]


def test_one_entry_is_found_only_by_whose_it_is_and_among_the_tags(
    database: Database, vault: Vault, add: Add
) -> None:
    add("somebody@example.org")
    record(Tag.SIGN_IN, CLIENT, client_id=3)
    event = Event.select().order_by(Event.id.desc()).get()
    assert history.find(vault, 3, event.id, {Tag.SIGN_IN}).entries[0].id == event.id
    for client_id, event_id, tag in (
        (4, event.id, Tag.SIGN_IN),
        (3, event.id, Tag.SIGN_OUT),
        (3, event.id + 1, Tag.SIGN_IN),
        (3, 2**63 - 2, Tag.SIGN_IN),
        (3, 0, Tag.SIGN_IN),
    ):
        with pytest.raises(NoSuchEntry):
            history.find(vault, client_id, event_id, {tag})


def test_a_download_stands_in_the_history(database: Database, vault: Vault) -> None:
    history.note_download(CLIENT, 3, "csv")
    (seen,) = history.page(vault, 3, EVERYTHING).entries
    assert (seen.tag, seen.facts) == (Tag.TRAIL_READ, {"what": "download", "kind": "csv"})
