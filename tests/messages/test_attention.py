"""The worklist of messages: what failed or is unknown, and nobody has made up for."""

from __future__ import annotations

from datetime import timedelta

import pytest
from peewee import Database

from zone.audit import SYSTEM
from zone.clock import now
from zone.messages import attention, outbox
from zone.messages.handover import Status
from zone.messages.models import Channel, Kind, Message
from zone.messages.states import MAY_BE_LOST
from zone.storage import transaction

NOTICES = (Kind.PHONE_CHANGED, Kind.REQUEST, Kind.IMPERSONATION, Kind.LETTER, Kind.EARLIER_PASSWORD)


def send(
    status: Status,
    kind: Kind = Kind.LETTER_PASSWORD,
    *,
    client_id: int = 1,
    subject_id: int = 1,
    ago: timedelta = timedelta(),
) -> Message:
    with transaction():
        message = outbox.enqueue(
            channel=Channel.MAIL,
            kind=kind,
            client_id=client_id,
            subject_id=subject_id,
            to_masked="j•••@example.org",
            language="sk",
            actor=SYSTEM,
            lifetime=timedelta(days=3),
        )
        Message.update(status=status, queued_at=now() - ago).where(Message.id == message.id).execute()
    return message


def listed() -> list[int]:
    return [message.id for message in attention.page(but=None).messages]


def test_what_is_lost_stands_there_newest_first_for_a_week(database: Database) -> None:
    old, new = (send(Status.FAILED, client_id=number, ago=timedelta(hours=2 - number)) for number in (0, 1))
    send(Status.FAILED, client_id=3, ago=timedelta(days=7, minutes=1))
    for status in set(Status) - set(MAY_BE_LOST):
        send(status, client_id=9)
    unknown = send(Status.UNKNOWN, client_id=4)
    assert listed() == [unknown.id, new.id, old.id]
    assert attention.count(but=None).count == 3


@pytest.mark.parametrize("later", [Status.QUEUED, Status.SENDING, Status.SENT, Status.DELIVERED])
@pytest.mark.parametrize("kind", attention.LATEST_COUNTS)
def test_a_later_one_of_the_kind_makes_up_for_it(database: Database, kind: Kind, later: Status) -> None:
    send(Status.FAILED, kind, subject_id=1)
    send(later, kind, subject_id=2)
    assert listed() == []


def test_a_later_one_that_is_lost_as_well_does_not(database: Database) -> None:
    both = [send(status) for status in (Status.FAILED, Status.UNKNOWN)]
    assert listed() == [message.id for message in reversed(both)]


def test_nor_does_an_earlier_one_nor_one_of_another_kind_or_client(database: Database) -> None:
    send(Status.DELIVERED)
    lost = send(Status.FAILED)
    send(Status.DELIVERED, Kind.PHONE_CODE)
    send(Status.DELIVERED, client_id=2)
    assert listed() == [lost.id]


@pytest.mark.parametrize("kind", NOTICES)
def test_of_what_tells_of_one_thing_only_the_same_makes_up(database: Database, kind: Kind) -> None:
    lost = send(Status.FAILED, kind, subject_id=1)
    send(Status.SENT, kind, subject_id=2)
    assert listed() == [lost.id]
    send(Status.SENT, kind, subject_id=1)
    assert listed() == []


def test_invitations_are_their_campaigns_matter(database: Database) -> None:
    send(Status.FAILED, Kind.INVITATION)
    assert listed() == []


def test_pages_bring_each_once_and_lead_on_from_the_last(database: Database) -> None:
    at = timedelta(minutes=5)  # many at one moment
    made = [send(Status.FAILED, client_id=number, ago=at) for number in range(attention.PAGE * 2 + 3)]
    Message.update(queued_at=now() - at).execute()
    seen, mark = [], None
    for _ in range(3):
        page = attention.page(after=mark, but=None)
        seen += [message.id for message in page.messages]
        mark = page.next
    assert mark is None
    assert seen == [message.id for message in reversed(made)]
