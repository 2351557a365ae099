"""Migration 0002 with letters in the database: they stay, and what was queued still goes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from peewee import Database

from tests.letters.posted import bring, pdf, post
from zone.clients.models import Client
from zone.clock import now
from zone.letters.intake import Intake, source_of
from zone.letters.models import Copy, Letter, State
from zone.messages.models import Message
from zone.storage.migrate import downgrade, upgrade


@pytest.fixture
def old(database: Database, jana: Client, intake: Intake) -> Letter:
    """A letter as it lay there before: its file was called after its reference, a copy was stored and queued."""
    letter = bring(intake)
    stored = intake.store.get(letter.file or "")
    downgrade(database, "0002_letters")
    assert stored
    database.execute_sql(
        'INSERT INTO "copy" ("reference", "letter_id", "password_id", "message_id", "size", "made_at")'
        f" SELECT 'abc', {letter.id}, MIN(p.id), MIN(m.id), 10, MIN(m.queued_at)"
        ' FROM "letter_password" p, "message" m'
    )
    return letter


def test_letters_and_their_copies_stay(database: Database, old: Letter) -> None:
    upgrade(database)
    letter, copy = Letter.get(), Copy.get()
    assert (letter.id, letter.reference, letter.subject) == (old.id, old.reference, "Výpis")
    assert (letter.state, letter.kind, letter.file) == (State.KEPT, "other", f"{old.reference}.source")
    assert letter.dated == old.received_at.date()
    assert letter.keep_until > now() + timedelta(days=1000)
    assert (copy.letter_id, copy.reference, copy.message_id) == (letter.id, "abc", Message.get().id)
    assert copy.password is not None


def test_new_ones_continue_their_numbers(database: Database, old: Letter, intake: Intake) -> None:
    upgrade(database)
    assert bring(intake).id > old.id
    assert Copy.select().count() == 2


def test_a_letter_outlives_both_ways(database: Database, jana: Client, intake: Intake) -> None:
    letter = bring(intake)
    downgrade(database, "0002_letters")
    upgrade(database)
    assert Letter.get().reference == letter.reference
    assert Copy.select().count() == 0
    Letter.update(file=letter.file).execute()  # its file has the name of today, not that of the time before
    assert source_of(intake, Letter.get()) == pdf()
    assert post(intake) == {}
