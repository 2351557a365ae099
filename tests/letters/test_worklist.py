"""The worklist of letters, page by page."""

from __future__ import annotations

import pytest
from peewee import Database

from tests.clients.statements import planning
from tests.copied_rows import copy_rows
from tests.letters.posted import bring
from tests.people import COMPANY, JANA, make_client
from zone.letters import waiting
from zone.letters.dispatch import Obstacle
from zone.letters.intake import Intake, Rejected
from zone.letters.models import Copy, Letter


def wait(intake: Intake, number: int) -> list[Copy]:
    """So many copies, every other of which has a reason of its own."""
    make_client(intake.vault, COMPANY, phone=None)
    letter = bring(intake, client=COMPANY.reference)
    copy_rows(Copy, number - 1)
    copies = list(Copy.select().where(Copy.letter == letter).order_by(Copy.id))
    Copy.update(waits_for=Obstacle.ON_HOLD).where(Copy.id.in_(copies[::2])).execute()
    return list(Copy.select().where(Copy.letter == letter).order_by(Copy.id))


@pytest.mark.parametrize("obstacle", [None, Obstacle.ON_HOLD, Obstacle.NO_PHONE, Obstacle.PASSWORD_GONE])
def test_pages_bring_each_that_waits_once_longest_first(
    database: Database, intake: Intake, obstacle: Obstacle | None
) -> None:
    made = wait(intake, waiting.PAGE * 2 + 1)
    seen, after = [], None
    for _ in range(3):
        page = waiting.worklist(obstacle, after=after)
        seen += page.rows
        after = page.next
        if after is None:
            break
    assert seen == [copy for copy in made if obstacle in (None, copy.waits_for)]
    assert after is None
    if obstacle:
        assert waiting.count_waiting(obstacle).count == len(seen)


def test_pages_bring_each_rejected_letter_once_newest_first(database: Database, intake: Intake) -> None:
    make_client(intake.vault, JANA)
    with pytest.raises(Rejected):
        bring(intake, b"no pdf")
    copy_rows(Letter, waiting.PAGE + 1)
    newest = waiting.rejected()
    older = waiting.rejected(before=newest.next)
    assert [*newest.rows, *older.rows] == list(Letter.select().order_by(Letter.id.desc()))
    assert older.next is None
    assert waiting.count().count == waiting.PAGE + 2


def test_what_waits_is_read_by_its_own_index(database: Database, intake: Intake) -> None:
    wait(intake, 5)
    for obstacle, index in ((None, "copy_waiting "), (Obstacle.ON_HOLD, "copy_waiting_for")):
        with planning(database) as plans:
            waiting.worklist(obstacle, after=1)
        ((_, plan),) = plans
        # On SQLite the index of messages does as well: it holds those without one in the order of their rows.
        assert index in plan or "copy_message_id (message_id=? AND rowid>?)" in plan
        assert "B-TREE" not in plan
