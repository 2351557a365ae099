"""A letter read in the browser, or taken home."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from peewee import Database

from tests.letters.posted import bring, pdf
from tests.letters.samples import letter_text
from tests.people import JANA
from tests.readers import READERS
from tests.web.browser import Browser, new_browser
from tests.web.client.conftest import OWN
from tests.web.conftest import SendLetter, SignIn
from tests.web.inspector import policy
from tests.web.people import PASSWORD, Person, add_client
from zone.app import create_app
from zone.audit.models import Event
from zone.audit.tags import Tag
from zone.config import Config, LetterRules
from zone.letters.models import Letter
from zone.parts import Parts
from zone.storage import accompany
from zone.vault import Purpose
from zone.vault.models import VaultEntry

ENDS = ("/view", ".pdf")


def events(tag: Tag) -> int:
    return Event.select().where(Event.tag == tag).count()


def lose_file(parts: Parts, letter: Letter) -> None:
    parts.intake.store.delete(letter.file or "")


def lose_key(parts: Parts, letter: Letter) -> None:
    VaultEntry.delete().where(VaultEntry.purpose == Purpose.LETTER_SOURCE).execute()


def tamper(parts: Parts, letter: Letter) -> None:
    (path,) = (parts.config.var / "letters").rglob("*.source")
    path.chmod(0o600)
    content = path.read_bytes()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))


def close_store(parts: Parts, letter: Letter) -> None:
    """A folder stands where the file was, so that reading it fails."""
    (path,) = (parts.config.var / "letters").rglob("*.source")
    path.unlink()
    Path(path).mkdir()


def test_a_letter_is_read_without_any_password(reader: Browser, jana: Person, parts: Parts) -> None:
    mine = bring(parts.intake)
    answer = reader.get(f"/letters/{mine.reference}/view")
    assert (answer.data, answer.mimetype) == (pdf(), "application/pdf")
    assert answer.headers["Content-Disposition"] == "inline; filename=letter.pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert policy(answer)["default-src"] == "'none'"
    assert events(Tag.LETTER_VIEWED) == 1
    assert Letter.get().read_at is not None


def test_a_download_opens_with_the_current_password(
    reader: Browser, under_another: list[Letter], parts: Parts
) -> None:
    answer = reader.get(f"/letters/{under_another[0].reference}.pdf")
    assert READERS["pikepdf"](answer.data, OWN.reveal())
    assert answer.headers["Content-Disposition"] == "attachment; filename=letter.pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    assert events(Tag.LETTER_DOWNLOADED) == 1


def test_the_whole_is_sent_whatever_part_is_asked_for(reader: Browser, jana: Person, parts: Parts) -> None:
    mine = bring(parts.intake)
    answer = reader.get(f"/letters/{mine.reference}/view", headers={"Range": "bytes=0-9"})
    assert (answer.status_code, answer.data) == (200, pdf())


def test_the_file_s_name_speaks_the_reader_s_language(
    reader: Browser, jana: Person, letter: SendLetter
) -> None:
    path = f"/letters/{letter(jana).reference}/view"
    reader.send("/language", {"language": "sk"})
    assert reader.get(path).headers["Content-Disposition"] == "inline; filename=list.pdf"


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("harm", [lose_file, lose_key, tamper, close_store])
def test_what_cannot_be_opened_is_told_calmly_and_logged(
    reader: Browser,
    jana: Person,
    letter: SendLetter,
    parts: Parts,
    caplog: pytest.LogCaptureFixture,
    end: str,
    harm: object,
) -> None:
    mine = letter(jana)
    assert callable(harm)
    harm(parts, mine)
    with caplog.at_level(logging.ERROR):
        answer = reader.get(f"/letters/{mine.reference}{end}")
    assert answer.status_code == 503
    assert "This letter cannot be opened just now" in answer.text
    assert [record.levelname for record in caplog.records if mine.reference in record.getMessage()] == [
        "ERROR"
    ]
    assert not events(Tag.LETTER_VIEWED)
    assert not events(Tag.LETTER_DOWNLOADED)


@pytest.fixture
def closed(config: Config, database: Database) -> Iterator[Flask]:
    """The zone of an insurer that shows no letters in the browser."""
    zone = create_app(replace(config, letters=LetterRules(may_view=False)))
    accompany(database, zone.extensions["zone"].vault)
    zone.test_client_class = Browser
    yield zone
    zone.extensions["zone"].intake.encryptor.close()
    zone.extensions["zone"].database.close_all()


def test_reading_can_be_switched_off(closed: Flask) -> None:
    parts = closed.extensions["zone"]
    person = add_client(parts.vault, JANA)
    path = f"/letters/{bring(parts.intake).reference}"
    browser = new_browser(closed)
    browser.sign_in(person.email, PASSWORD)
    assert browser.get(f"{path}/view").status_code == 404
    for page in ("/letters", path):
        assert "/view" not in browser.get(page).text
    assert READERS["pikepdf"](browser.get(f"{path}.pdf").data, "2375") == letter_text()


@pytest.mark.parametrize("end", ENDS)
def test_staff_never_read_a_letter(
    sign_in: SignIn, jana: Person, agent: Person, broker: Person, letter: SendLetter, end: str
) -> None:
    path = f"/letters/{letter(jana).reference}{end}"
    for person in (agent, broker):
        assert sign_in(person).get(path).status_code == 403
    assert not events(Tag.LETTER_VIEWED)
