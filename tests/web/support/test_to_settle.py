"""Messages and letters to settle, one by one."""

from __future__ import annotations

import logging

import pytest

from tests.letters.posted import bring
from tests.people import COMPANY, PETER, make_client
from tests.web.browser import Browser
from tests.web.conftest import SendLetter
from tests.web.inspector import parse
from tests.web.people import Person
from zone.clients.models import Phone
from zone.letters.dispatch import Obstacle
from zone.letters.encryption import Problem
from zone.letters.intake import Rejected
from zone.letters.models import Copy, Letter
from zone.messages.handover import Reason, Status
from zone.messages.models import Message
from zone.parts import Parts


def wait(parts: Parts) -> Letter:
    """A letter of a company without a phone."""
    company = make_client(parts.vault, COMPANY)
    Phone.delete().where(Phone.client == company).execute()
    return bring(parts.intake, client=company.reference, subject="Dôverné")


def reject(parts: Parts, **details: object) -> Letter:
    with pytest.raises(Rejected) as rejected:
        bring(parts.intake, b"no pdf", subject="Dôverné", **details)
    return rejected.value.letter


@pytest.mark.parametrize("reason", [None, *Reason])
def test_support_sees_what_did_not_arrive(
    desk: Browser, jana: Person, letter: SendLetter, reason: Reason | None
) -> None:
    letter(jana)
    assert "j•••@example.org" not in desk.get("/support/worklists/messages").text
    for status in (Status.FAILED, Status.UNKNOWN):
        Message.update(status=status, reason=reason).execute()
        page = desk.get("/support/worklists/messages").text
        assert "j•••@example.org" in page
        assert "jana.kovacova" not in page


def test_an_empty_worklist_says_so(desk: Browser) -> None:
    page = desk.get("/support/worklists/letters").text
    assert "No letter waits" in page
    assert "No letter was rejected" in page


@pytest.mark.parametrize("language", ["sk", "en"])
@pytest.mark.parametrize("obstacle", Obstacle)
def test_a_letter_that_waits_stands_there_with_what_to_do(
    desk: Browser, parts: Parts, obstacle: Obstacle, language: str
) -> None:
    letter = wait(parts)
    Copy.update(waits_for=obstacle).execute()
    desk.send("/language", {"language": language})
    page = desk.get("/support/worklists/letters").text
    for words in (COMPANY.name, COMPANY.reference, letter.reference):
        assert words in page
    assert "Dôverné" not in page
    if language == "en" and obstacle is Obstacle.NO_PHONE:
        assert "Ask the client for a mobile number" in page


@pytest.mark.parametrize("problem", Problem)
def test_a_rejected_letter_stands_there_with_its_reason(
    desk: Browser, parts: Parts, jana: Person, problem: Problem
) -> None:
    letter = reject(parts, external_id="billing-7")
    Letter.update(reason=problem.name).execute()
    page = desk.get("/support/worklists/letters").text
    for words in ("Jana Kováčová", "K-1001", letter.reference, "billing-7", problem.value):
        assert words in page
    assert "Dôverné" not in page


def test_the_worklist_costs_as_many_queries_however_long_it_is(
    desk: Browser, parts: Parts, jana: Person, caplog: pytest.LogCaptureFixture
) -> None:
    make_client(parts.vault, PETER)
    wait(parts)
    costs = []
    for _ in range(2):
        bring(parts.intake, client=COMPANY.reference)
        reject(parts)
        reject(parts, client=PETER.reference)
        caplog.clear()
        with caplog.at_level(logging.DEBUG, logger="peewee"):
            desk.get("/support/worklists/letters")
        costs.append(sum(record.name == "peewee" for record in caplog.records))
    assert costs == [3, 3]


@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("/support/worklists", "Worklists"),
        ("/support/worklists/letters", "Worklists"),
        ("/support/campaigns/new", "Campaigns"),
    ],
)
def test_the_menu_shows_where_one_is(desk: Browser, path: str, label: str) -> None:
    here = [link.text for link in parse(desk.get(path).text).iter("a") if link.get("aria-current")]
    assert here == [label]
