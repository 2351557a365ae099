"""Notes of a client: read by staff, kept sealed, gone with the client."""

from __future__ import annotations

import logging

import pytest
from peewee import Database

from tests.clients.statements import counting
from tests.disguises import disguises
from tests.everything import snapshot
from tests.people import JANA, PETER, make_client
from tests.together import together
from zone.audit import OPERATOR, Actor, Role
from zone.audit.models import Event
from zone.clients import notes
from zone.clients.models import Client, ClientNote
from zone.clients.notes import BadNote, BirthNumberInNote, write
from zone.secret import Secret
from zone.vault import Vault
from zone.vault.models import VaultEntry

AGENT = Actor(Role.SUPPORT, 3)
TEXT = "Kanárik volal, že mu neprišla SMS."


@pytest.fixture
def jana(database: Database, vault: Vault) -> Client:
    return make_client(vault, JANA)


def note(
    vault: Vault, client: Client, text: str = TEXT, token: str = "t", actor: Actor = AGENT
) -> ClientNote:
    return write(vault, actor, client.id, Secret(text), token=token)


def texts(vault: Vault, client: Client) -> list[str]:
    return [each.text.reveal() for each in notes.of(vault, client.id).notes if each.text]


def test_a_note_is_read_as_it_was_written_with_who_and_when(jana: Client, vault: Vault) -> None:
    written = note(vault, jana, f"  {TEXT}\r\nČíslo sedí.\n")
    (read,) = notes.of(vault, jana.id).notes
    assert read.text == Secret(f"{TEXT}\nČíslo sedí.")
    assert (read.id, read.written_at) == (written.id, written.written_at)
    assert (read.role, read.account_id) == (Role.SUPPORT, 3)
    assert TEXT not in repr(read)


def test_the_text_is_in_clear_nowhere(
    jana: Client, vault: Vault, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        note(vault, jana)
        notes.of(vault, jana.id)
    kept = repr(snapshot(database)).encode() + caplog.text.encode()
    assert [canary for canary in disguises(TEXT) if canary in kept] == []
    event = Event.get(Event.tag == "client:note")
    assert (event.client_id, event.actor_id) == (jana.id, 3)


def test_the_same_form_makes_one_note_however_often_it_is_sent(
    jana: Client, vault: Vault, database: Database
) -> None:
    together(database, [lambda: note(vault, jana)] * 6)
    assert note(vault, jana, "another text").id == ClientNote.get().id
    assert (texts(vault, jana), Event.select().where(Event.tag == "client:note").count()) == ([TEXT], 1)
    note(vault, jana, token="u")
    assert texts(vault, jana) == [TEXT, TEXT]


def test_a_form_of_the_same_name_is_anothers_own(jana: Client, vault: Vault) -> None:
    for actor, text in ((AGENT, "Eva's"), (Actor(Role.SUPPORT, 4), "Ján's"), (OPERATOR, "the operator's")):
        for _ in range(2):
            note(vault, jana, text, actor=actor)
    assert texts(vault, jana) == ["the operator's", "Ján's", "Eva's"]


@pytest.mark.parametrize(
    "number",
    ["865514/2375", "8655142375", "865514 2375", "865514 / 2375", "865514-2375", "486123/417", "486123417"],
)
@pytest.mark.parametrize("around", ["{}", "RČ {}.", "rč{}, povedala\nto sama", "({})"])
def test_a_birth_number_is_refused_and_never_quoted(
    jana: Client, vault: Vault, number: str, around: str
) -> None:
    with pytest.raises(BirthNumberInNote) as refused:
        note(vault, jana, around.format(number))
    assert number not in str(refused.value)
    assert not ClientNote.select().exists()


@pytest.mark.parametrize(
    "text",
    [
        "volal z 0905 100 101",
        "+421905100101",
        "PZ 6100000101",
        "865514/2376",
        "tiket 123456789012",
        "2026/1234",
    ],
)
def test_other_numbers_are_not(jana: Client, vault: Vault, text: str) -> None:
    note(vault, jana, text)
    assert texts(vault, jana) == [text]


@pytest.mark.parametrize("text", ["", " \r\n\t ", "x" * 1001])
def test_nothing_and_too_much_are_refused(jana: Client, vault: Vault, text: str) -> None:
    with pytest.raises(BadNote):
        note(vault, jana, text)


def test_a_thousand_characters_are_taken(jana: Client, vault: Vault) -> None:
    note(vault, jana, "ž\r\n" * 500)
    assert texts(vault, jana) == ["\n".join("ž" * 500)]


def test_no_control_characters_are_kept_but_tabs_and_ends_of_lines(jana: Client, vault: Vault) -> None:
    signs = "".join(map(chr, (*range(0x20), *range(0x7F, 0xA0))))
    note(vault, jana, f"a{signs}b\x1b[31mc\rd")
    assert texts(vault, jana) == ["a\t\n\nb[31mc\nd"]
    with pytest.raises(BadNote):
        note(vault, jana, "\x01 \x9b\n", token="u")
    with pytest.raises(BirthNumberInNote):
        note(vault, jana, "8655\x0014\x852375", token="u")


@pytest.mark.parametrize("role", [Role.CLIENT, Role.BROKER, Role.PROGRAM, Role.SYSTEM])
def test_only_support_and_the_operator_write(jana: Client, vault: Vault, role: Role) -> None:
    with pytest.raises(PermissionError):
        note(vault, jana, actor=Actor(role, 1))
    note(vault, jana, actor=OPERATOR)


def test_pages_go_on_from_the_newest_in_two_queries_each(
    jana: Client, vault: Vault, database: Database
) -> None:
    peter = make_client(vault, PETER)
    note(vault, peter, "of another")
    for number in range(7):
        note(vault, jana, f"note {number}", token=f"t{number}")
    with counting(database) as statements:
        first = notes.of(vault, jana.id)
    second = notes.of(vault, jana.id, before=first.older)
    read = [each.text.reveal() for each in (*first.notes, *second.notes) if each.text]
    assert read == [f"note {number}" for number in reversed(range(7))]
    assert (len(statements), second.older) == (2, None)


def test_a_note_whose_entry_is_gone_says_so_and_breaks_nothing(jana: Client, vault: Vault) -> None:
    note(vault, jana)
    VaultEntry.delete().where(VaultEntry.purpose == "note").execute()
    assert [each.text for each in notes.of(vault, jana.id).notes] == [None]


def test_the_number_of_an_erased_note_is_not_given_to_another(jana: Client, vault: Vault) -> None:
    old = note(vault, jana).id
    vault.destroy_all(jana.id)
    Client.delete().where(Client.id == jana.id).execute()
    assert not ClientNote.select().exists()
    assert note(vault, make_client(vault, PETER)).id > old
