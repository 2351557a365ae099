"""Whose message it is. Each function is one short transaction; none is held across a hand-over.

A worker *takes* a queued message by moving its due time to the end of a lease: if the worker dies before the
hand-over begins, the message falls due again by itself. It *begins* by making it `sending`: from here on
the carrier may have it, so a lease that runs out makes it *unknown*, and never queued again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from peewee import Expression

from zone.clock import now
from zone.messages.handover import Reason, Status
from zone.messages.models import Channel, Message
from zone.messages.states import BY_WORKER, move
from zone.storage import locked, transaction


@dataclass(frozen=True)
class Leases:
    """How long a worker may be silent before it counts as dead: until the hand-over begins, and during it."""

    render: timedelta
    handover: timedelta


# Each has longer than what it waits for: the letter store and the encryption, all tries together; the gateway's steps.
LEASES = {
    Channel.SMS: Leases(render=timedelta(seconds=30), handover=timedelta(minutes=1)),
    Channel.MAIL: Leases(render=timedelta(minutes=5), handover=timedelta(minutes=10)),
}

# How long until the next attempt at what the carrier did not take; the last one repeats.
AGAIN_AFTER = (
    timedelta(seconds=5),
    timedelta(seconds=15),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
)
DETAIL_LENGTH = 200


def take(channel: Channel, worker: str, lease: timedelta) -> Message | None:
    """The message that has been due for longest, leased to `worker`; none when nothing is due."""
    due = Message.channel == channel, Message.status == Status.QUEUED, Message.due_at <= now()
    oldest = Message.select().where(*due).order_by(Message.due_at, Message.id).limit(1)
    with transaction():
        message: Message | None = locked(oldest, skip=True).first()
        if message is not None:
            message.worker = worker
            message.due_at = now() + lease
            message.save(only=(Message.worker, Message.due_at))
    return message


def holds(message: Message) -> bool:
    """Whether the worker that took the message still has it, and nobody before the end of this transaction."""
    taken = Message.select().where(_held(message), Message.status == Status.QUEUED)
    return locked(taken).first() is not None


def begin(message: Message, gateway: str, lease: timedelta) -> bool:
    """Mark the hand-over as begun. False if the lease ran out and another worker has taken the message."""
    message.attempts += 1
    return move(
        _held(message),
        Status.SENDING,
        by=BY_WORKER,
        gateway=gateway,
        attempts=message.attempts,
        leased_until=now() + lease,
    )


def finish(message: Message, status: Status, reason: Reason | None = None, detail: str | None = None) -> bool:
    """Record what became of the message."""
    detail = detail and detail[:DETAIL_LENGTH]
    return move(_held(message), status, by=BY_WORKER, reason=reason, detail=detail, leased_until=None)


def put_back(message: Message, reason: Reason, detail: str) -> bool:
    """Have it tried again later; when it would expire before, it fails with `reason`."""
    due_at = now() + AGAIN_AFTER[max(0, min(message.attempts, len(AGAIN_AFTER)) - 1)]
    in_time = due_at < message.expires_at
    queued = in_time and move(
        _held(message), Status.QUEUED, by=BY_WORKER, due_at=due_at, worker=None, leased_until=None
    )
    return queued or finish(message, Status.FAILED, reason, detail)


def give_up_interrupted(channel: Channel) -> None:
    """Make unknown what a worker began to hand over and never recorded."""
    ran_out = Message.leased_until < now()
    for message in Message.select(Message.id).where(
        Message.channel == channel, Message.status == Status.SENDING, ran_out
    ):
        move(
            (Message.id == message.id) & ran_out,
            Status.UNKNOWN,
            by=BY_WORKER,
            reason=Reason.INTERRUPTED,
            leased_until=None,
        )


def _held(message: Message) -> Expression:
    return (Message.id == message.id) & (Message.worker == message.worker)
