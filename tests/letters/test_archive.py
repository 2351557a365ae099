"""The list of a client's letters, and the content of one copy."""

from __future__ import annotations

import logging

import pytest
from peewee import Database

from tests.letters.samples import letter_pdf, letter_text
from tests.people import JANA, PETER, make_client
from tests.readers import READERS
from zone.audit import OPERATOR, Actor, Role
from zone.audit.models import Event
from zone.clients.models import Client
from zone.clock import now
from zone.letter_passwords.versions import current
from zone.letters import archive
from zone.letters.archive import NoSuchLetter
from zone.letters.intake import Intake, copy_name, send_letter
from zone.letters.models import Copy, Letter
from zone.letters.store import FileGone
from zone.messages.models import Message

ACTOR = Actor(Role.CLIENT, 1)


def fill(client: Client, count: int) -> None:
    """Copies without files."""
    version = current(client.id)
    for number in range(count):
        letter = Letter.create(client=client, subject=f"Výpis {number}", pages=1, received_at=now())
        common = {"client_id": client.id, "queued_at": now(), "due_at": now(), "expires_at": now()}
        message = Message.create(
            channel="mail",
            kind="letter",
            subject_id=0,
            to_masked="j",
            language="sk",
            actor_role="operator",
            status="sent",
            **common,
        )
        Copy.create(letter=letter, password=version, message=message, size=1, made_at=now())


@pytest.mark.parametrize("count", [0, 1, 19, 20, 21, 60])
def test_every_copy_is_on_one_page_newest_first(jana: Client, count: int) -> None:
    fill(jana, count)
    seen, before, pages = [], None, 0
    while pages == 0 or before is not None:
        page = archive.page(jana.id, before=before)
        seen += [copy.letter.subject for copy in page.copies]
        before, pages = page.older, pages + 1
    assert seen == [f"Výpis {number}" for number in reversed(range(count))]
    assert pages == max(1, -(-count // archive.PAGE))


def test_a_letter_that_comes_in_meanwhile_shifts_no_page(jana: Client) -> None:
    fill(jana, 25)
    first = archive.page(jana.id)
    fill(jana, 5)
    second = archive.page(jana.id, before=first.older)
    assert len(first.copies) == 20
    assert len(second.copies) == 5
    assert not {copy.id for copy in first.copies} & {copy.id for copy in second.copies}


@pytest.mark.parametrize("count", [1, 60])
def test_a_page_is_one_query_however_many_copies(
    jana: Client, count: int, caplog: pytest.LogCaptureFixture
) -> None:
    fill(jana, count)
    with caplog.at_level(logging.DEBUG, logger="peewee"):
        for copy in archive.page(jana.id).copies:
            assert (copy.letter.pages, copy.password.number) == (1, 1)
            assert copy.message is not None
            assert copy.message.status == "sent"
    assert len(caplog.records) == 1


def test_the_letters_of_others_are_not_there(database: Database, intake: Intake, jana: Client) -> None:
    peter = make_client(intake.vault, PETER)
    fill(peter, 1)
    assert archive.page(jana.id).copies == []
    with pytest.raises(NoSuchLetter):
        archive.download(intake, ACTOR, jana.id, Copy.get().reference)


def test_a_download_is_the_copy_as_it_was_sent_and_leaves_an_event(intake: Intake, jana: Client) -> None:
    copy = send_letter(intake, OPERATOR, JANA.reference, letter_pdf(), subject="Výpis")
    content = archive.download(intake, ACTOR, jana.id, copy.reference)
    assert READERS["pikepdf"](content, "2375") == letter_text()
    event = Event.get(Event.tag == "letter:downloaded")
    assert (event.actor_id, event.client_id, event.facts) == (1, jana.id, f'{{"copy": "{copy.reference}"}}')


def test_what_could_not_be_had_was_not_downloaded(intake: Intake, jana: Client) -> None:
    copy = send_letter(intake, OPERATOR, JANA.reference, letter_pdf(), subject="Výpis")
    intake.store.delete(copy_name(copy))
    with pytest.raises(FileGone):
        archive.download(intake, ACTOR, jana.id, copy.reference)
    assert not Event.select().where(Event.tag == "letter:downloaded").exists()


@pytest.mark.parametrize("reference", ["", "nobody", "../../etc/passwd", "x" * 5000])
def test_a_reference_that_names_nothing(intake: Intake, jana: Client, reference: str) -> None:
    with pytest.raises(NoSuchLetter):
        archive.download(intake, ACTOR, jana.id, reference)
