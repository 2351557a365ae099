"""What an operator counts, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.letters.posted import bring
from zone.clients.models import Client
from zone.clock import now
from zone.letters.figures import figures
from zone.letters.intake import Intake, Rejected
from zone.letters.models import Copy, Letter

MONTH = timedelta(days=30)


def test_nothing_is_counted_where_nothing_came_in(intake: Intake, jana: Client) -> None:
    assert {name: dict(counts) for name, counts in figures(MONTH).items()} == {
        "taken in": {},
        "encrypted": {},
        "taken in without": {},
        "rejected": {},
        "waiting": {},
    }


@pytest.mark.parametrize("old", range(7))
def test_what_came_before_that_time_is_left_out(intake: Intake, jana: Client, old: int) -> None:
    """However many of six letters are old, and though some in between are gone."""
    letters = [bring(intake, external_id=str(number)) for number in range(8)]
    for gone in (letters.pop(1), letters.pop(4)):
        Letter.delete().where(Letter.id == gone.id).execute()
    Copy.update(engine="pypdf", engine_reason="hybrid cross-reference").execute()
    for letter in letters[:old]:
        before = now() - MONTH - timedelta(hours=1)
        Letter.update(received_at=before).where(Letter.id == letter.id).execute()
        Copy.update(asked_at=before).where(Copy.letter == letter).execute()
    counted = figures(MONTH)
    assert sum(counted["taken in"].values()) == 6 - old
    assert sum(counted["encrypted"].values()) == 6 - old
    assert set(counted["encrypted"]) <= {"pypdf: hybrid cross-reference"}


def test_what_waits_counts_however_old_and_what_was_rejected_by_its_reason(
    intake: Intake, jana: Client
) -> None:
    letter = bring(intake, external_id="old")
    Copy.update(message=None, waits_for="no_phone", asked_at=now() - 2 * MONTH).where(
        Copy.letter == letter
    ).execute()
    with pytest.raises(Rejected):
        bring(intake, b"no PDF")
    counted = figures(MONTH)
    assert counted["waiting"] == {"no_phone": 1}
    assert counted["rejected"] == {"NOT_A_PDF": 1}
