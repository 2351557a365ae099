"""What became of letters, in one word each, and at what cost it is found out."""

from __future__ import annotations

import logging
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from peewee import Database

from tests.letters.posted import bring
from tests.people import PETER, make_client
from zone.clients.models import Client
from zone.letters import statuses
from zone.letters.dispatch import Obstacle
from zone.letters.intake import Intake
from zone.letters.models import Copy, Letter, State
from zone.letters.statuses import UnknownLetter
from zone.messages.handover import Status
from zone.messages.models import Message
from zone.storage import is_postgres, transaction, using
from zone.vault import Vault


@pytest.mark.parametrize("status", Status)
def test_a_letter_stands_where_its_newest_copy_does(intake: Intake, jana: Client, status: Status) -> None:
    letter = bring(intake)
    Message.update(status=status).execute()
    assert statuses.one(letter.reference).status == status
    Copy.create(letter=letter, actor_role="client", asked_at=letter.received_at, waits_for=Obstacle.NO_PHONE)
    standing = statuses.one(letter.reference)
    assert standing.status == "waiting"
    assert [statuses.copy_status(copy) for copy in standing.copies] == ["waiting", status]


@pytest.mark.parametrize("state", [State.REJECTED, State.PURGED])
def test_a_letter_that_is_kept_no_more_says_so(intake: Intake, jana: Client, state: State) -> None:
    letter = bring(intake)
    Letter.update(state=state).execute()
    assert statuses.one(letter.reference).status == state


def test_a_page_costs_as_few_queries_however_long_it_is(
    database: Database, intake: Intake, jana: Client, caplog: pytest.LogCaptureFixture
) -> None:
    for number in range(6):
        bring(intake, external_id=f"A-{number}")
    with caplog.at_level(logging.DEBUG, logger="peewee"):
        page = statuses.page(limit=5)
        told = [
            (
                standing.letter.client.reference,
                standing.letter.policy,
                standing.status,
                statuses.copy_status(copy),
            )
            for standing in page.standings
            for copy in standing.copies
        ]
    assert len(told) == 5
    assert len(caplog.records) == (3 if is_postgres(database) else 2)
    rest = statuses.page(after=page.after or 0, limit=5)
    assert [standing.letter.external_id for standing in rest.standings] == ["A-5"]
    assert rest.after is None


def test_pages_pass_over_no_letter_that_commits_late(
    database: Database, intake: Intake, jana: Client, vault: Vault
) -> None:
    if not is_postgres(database):
        pytest.skip("SQLite has one writer at a time")
    peter = make_client(vault, PETER)
    inserted, end = threading.Event(), threading.Event()

    def bring_slowly() -> None:
        with using(database), transaction():
            bring(intake, external_id="slow")
            inserted.set()
            end.wait(30)

    def first() -> list[str | None]:
        with using(database):
            return [standing.letter.external_id for standing in statuses.page(limit=1).standings]

    with ThreadPoolExecutor(2) as pool:
        pool.submit(bring_slowly)
        assert inserted.wait(30)
        bring(intake, client=peter.reference, external_id="quick")
        page = pool.submit(first)
        assert [one.letter.external_id for one in statuses.page(limit=1, external_id="quick").standings]
        end.set()
        assert page.result(10) == ["slow"]


def test_a_letter_that_there_is_not_is_refused(intake: Intake, jana: Client) -> None:
    with pytest.raises(UnknownLetter):
        statuses.one("A")
