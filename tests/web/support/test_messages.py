"""Messages on the card: the next step for each failure, and settling one of which nobody knows."""

from __future__ import annotations

import re

import pytest

from tests.web.browser import HTMX, Browser
from tests.web.people import Person
from tests.web.support.conftest import at, events
from zone.audit import SYSTEM, Role
from zone.config import Limits
from zone.letter_passwords.resend import resend
from zone.messages.handover import Reason, Status
from zone.messages.models import Channel, Kind, Message
from zone.web.message_words import NEXT_STEP, NOTICES

CALL_THEM = "The client was not told this way. Call them, so that they know of it."
LOST_NOTICE = {
    Kind.PHONE_CHANGED: CALL_THEM,
    Kind.REQUEST: CALL_THEM,
    Kind.IMPERSONATION: CALL_THEM,
    Kind.INVITATION: "The client was not invited this way. Check the e-mail address with them when they call.",
}


@pytest.fixture
def message(jana: Person) -> Message:
    """An SMS of which nobody knows whether it went out."""
    sent = resend(SYSTEM, jana.client_id, language="sk", limits=Limits())
    Message.update(status=Status.UNKNOWN, reason=Reason.INTERRUPTED).execute()
    return sent


def settle(desk: Browser, jana: Person, message: Message, arrived: str, **kwargs: object) -> str:
    path = at(jana, f"messages/{message.reference}/settle")
    page = desk.send(path, {"arrived": arrived}, follow_redirects=True, **kwargs)
    assert page.status_code == 200
    return page.text


@pytest.mark.parametrize("channel", Channel)
@pytest.mark.parametrize("reason", Reason)
def test_each_failure_says_what_to_do_next_and_sends_nobody_to_support(
    desk: Browser, jana: Person, message: Message, channel: Channel, reason: Reason
) -> None:
    Message.update(status=Status.FAILED, reason=reason, channel=channel).execute()
    page = desk.get(at(jana)).text
    assert NEXT_STEP[Role.SUPPORT][channel][reason] in page
    assert "our support" not in page
    assert "It did not arrive" not in page


@pytest.mark.parametrize("channel", Channel)
def test_of_one_that_is_not_certain_the_client_is_asked(
    desk: Browser, jana: Person, message: Message, channel: Channel
) -> None:
    Message.update(channel=channel).execute()
    page = desk.get(at(jana)).text
    assert "Ask the client whether they have it, and say so on their card" in page
    assert "The client has it" in page


@pytest.mark.parametrize("kind", sorted(NOTICES.keys() - {Kind.AUDIT_HEAD}))  # that one is no client's
@pytest.mark.parametrize("status", [Status.FAILED, Status.UNKNOWN])
@pytest.mark.parametrize("channel", Channel)
def test_of_a_notice_that_was_lost_the_client_is_to_be_told_and_nobody_asks_again(
    desk: Browser, jana: Person, message: Message, kind: Kind, status: Status, channel: Channel
) -> None:
    Message.update(kind=kind, status=status, channel=channel).execute()
    page = desk.get(at(jana)).text
    assert LOST_NOTICE[kind] in page
    assert NEXT_STEP[Role.SUPPORT][channel][Reason.INTERRUPTED] not in page


@pytest.mark.parametrize(("arrived", "status"), [("yes", Status.DELIVERED), ("no", Status.FAILED)])
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "part"])
def test_an_unknown_one_is_settled_by_what_the_client_says(
    desk: Browser, jana: Person, message: Message, arrived: str, status: Status, headers: dict[str, str]
) -> None:
    assert "The client has it" in desk.get(at(jana)).text
    text = settle(desk, jana, message, arrived, headers=headers)
    assert "The client has it" not in text
    assert Message.get_by_id(message.id).status == status
    assert ("The client says that it did not come." in text) is (arrived == "no")
    assert (text.count("<h1") == 0) is bool(headers)
    (event,) = events("message:settled")
    assert (event.client_id, event.actor_role) == (jana.client_id, "support")


def test_said_twice_it_is_settled_once_and_the_first_word_stands(
    desk: Browser, jana: Person, message: Message
) -> None:
    for arrived in ("no", "no", "yes"):
        settle(desk, jana, message, arrived)
    assert Message.get_by_id(message.id).reason == Reason.NOT_ARRIVED
    assert len(events("message:settled")) == 1


@pytest.mark.parametrize("arrived", ["", "perhaps"])
def test_what_is_neither_yes_nor_no_changes_nothing(
    desk: Browser, jana: Person, message: Message, arrived: str
) -> None:
    settle(desk, jana, message, arrived)
    assert Message.get_by_id(message.id).status == Status.UNKNOWN


def test_what_is_under_way_asks_for_itself_until_it_is_final(
    desk: Browser, jana: Person, message: Message
) -> None:
    Message.update(status=Status.SENDING, reason=None).execute()
    page = desk.get(at(jana)).text
    progress = re.search(r'data-hx-get="([^"]+/messages/progress)" data-hx-trigger="every 2s"', page)
    assert progress
    assert "data-hx-trigger" in desk.get(progress[1], headers=HTMX).text
    Message.update(status=Status.DELIVERED).execute()
    part = desk.get(progress[1], headers=HTMX).text
    assert "delivered" in part
    assert "data-hx-trigger" not in part


def test_the_client_reads_who_said_so(desk: Browser, jana: Person, message: Message) -> None:
    settle(desk, jana, message, "yes")
    trail = desk.get(at(jana, "trail")).text
    assert "Noted whether a message reached you" in trail
    assert "Our support, Eva Malá" in trail
