from __future__ import annotations

from datetime import timedelta

import pytest
from peewee import Database
from time_machine import travel

from tests.messages.outbox_parts import enqueue, fresh
from zone.clock import now
from zone.messages.handover import Reason, Status
from zone.messages.models import Channel, Message
from zone.messages.states import BY_PERSON, BY_RECEIPT, BY_WORKER, Moves, finished, move

WORKER_MAY = {
    "queued → queued",
    "queued → sending",
    "queued → failed",
    "sending → queued",
    "sending → sent",
    "sending → failed",
    "sending → unknown",
    "unknown → sent",
    "unknown → failed",
}
RECEIPT_MAY = {
    "sending → sent",
    "sending → delivered",
    "sending → failed",
    "sent → delivered",
    "sent → failed",
    "unknown → sent",
    "unknown → delivered",
    "unknown → failed",
}
PERSON_MAY = {"unknown → delivered", "unknown → failed"}


def put(message: Message, status: Status) -> None:
    Message.update(status=status).where(Message.id == message.id).execute()


@pytest.mark.parametrize(
    ("by", "allowed"), [(BY_WORKER, WORKER_MAY), (BY_RECEIPT, RECEIPT_MAY), (BY_PERSON, PERSON_MAY)]
)
def test_every_pair_of_states_moves_exactly_where_it_may(
    database: Database, by: Moves, allowed: set[str]
) -> None:
    message = enqueue()
    moved = set()
    for start in Status:
        for end in Status:
            put(message, start)
            if move(Message.id == message.id, end, by=by):
                moved.add(f"{start} → {end}")
            else:
                assert fresh(message).status == start
    assert moved == allowed


def test_a_move_sets_the_times_once(database: Database) -> None:
    message = enqueue()
    put(message, Status.SENDING)
    with travel(at := now() + timedelta(seconds=10), tick=False):
        assert move(Message.id == message.id, Status.SENT, by=BY_WORKER)
    with travel(later := at + timedelta(seconds=10), tick=False):
        assert move(Message.id == message.id, Status.DELIVERED, by=BY_RECEIPT)
    after = fresh(message)
    assert (after.sent_at, after.settled_at) == (at, later)


def test_nothing_moves_when_there_is_no_such_message(database: Database) -> None:
    assert not move(Message.id == 0, Status.SENT, by=BY_RECEIPT, reason=Reason.REFUSED)


@pytest.mark.parametrize(
    ("channel", "status", "is_finished"),
    [
        (Channel.SMS, Status.QUEUED, False),
        (Channel.SMS, Status.SENDING, False),
        (Channel.SMS, Status.SENT, False),
        (Channel.SMS, Status.UNKNOWN, False),
        (Channel.MAIL, Status.SENT, True),
        (Channel.SMS, Status.DELIVERED, True),
        (Channel.SMS, Status.FAILED, True),
        (Channel.MAIL, Status.UNKNOWN, True),
    ],
)
def test_what_need_not_be_waited_for(
    database: Database, channel: Channel, status: Status, is_finished: bool
) -> None:
    message = enqueue(channel)
    put(message, status)
    assert finished(fresh(message)) is is_finished


@pytest.mark.parametrize("status", [Status.SENT, Status.UNKNOWN])
def test_a_receipt_for_an_sms_is_waited_for_until_its_life_ends(database: Database, status: Status) -> None:
    message = enqueue(lifetime=timedelta(minutes=30))
    put(message, status)
    with travel(now() + timedelta(minutes=29)):
        assert not finished(fresh(message))
    with travel(now() + timedelta(minutes=31)):
        assert finished(fresh(message))
