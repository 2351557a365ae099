"""How a message may move. Forward only; whoever comes late, or twice, changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from peewee import Expression

from zone.clock import now
from zone.messages.handover import Status
from zone.messages.models import Channel, Message
from zone.storage import locked, transaction

Moves = Mapping[Status, frozenset[Status]]

# A worker that outlives its lease finds its message unknown, and may still say what became of it.
BY_WORKER: Moves = {
    Status.QUEUED: frozenset({Status.QUEUED, Status.SENDING, Status.FAILED}),
    Status.SENDING: frozenset({Status.QUEUED, Status.SENT, Status.FAILED, Status.UNKNOWN}),
    Status.UNKNOWN: frozenset({Status.SENT, Status.FAILED}),
}
# A receipt may come before the worker has recorded the hand-over.
BY_RECEIPT: Moves = {
    Status.SENDING: frozenset({Status.SENT, Status.DELIVERED, Status.FAILED}),
    Status.SENT: frozenset({Status.DELIVERED, Status.FAILED}),
    Status.UNKNOWN: frozenset({Status.SENT, Status.DELIVERED, Status.FAILED}),
}
# The client says whether it arrived, where nobody else can.
BY_PERSON: Moves = {Status.UNKNOWN: frozenset({Status.DELIVERED, Status.FAILED})}
# What it should carry is to go no more. Once a hand-over has begun nobody can take it back.
BY_WITHDRAWAL: Moves = {Status.QUEUED: frozenset({Status.FAILED})}
# Where a worker's part ends. A later receipt, or a person, still settles an unknown one.
FINAL = frozenset({Status.DELIVERED, Status.FAILED, Status.UNKNOWN})
# No reason to make anyone wait who asks again, and each is worth a person's look.
MAY_BE_LOST = (Status.FAILED, Status.UNKNOWN)
HANDED_OVER = frozenset({Status.SENT, Status.DELIVERED})


def finished(message: Message) -> bool:
    """Whether nothing more need be waited for.

    A receipt may still come for an SMS that was sent, or of which nobody knows, as long as the message lives.
    E-mail gets none: SMTP reports no more.
    """
    if message.status in (Status.SENT, Status.UNKNOWN):
        return message.channel == Channel.MAIL or message.expires_at <= now()
    return message.status in FINAL


def move(which: Expression, to: Status, *, by: Moves, **changes: Any) -> bool:
    """Move the one message that `which` finds to `to`, under its row lock, if `by` allows it.

    Says whether it moved. `changes` are columns to set with it; when it was sent and ended is set anyway.
    """
    with transaction():
        message = locked(Message.select().where(which)).first()
        if message is None or to not in by.get(Status(message.status), ()):
            return False
        if to in HANDED_OVER and message.sent_at is None:
            changes["sent_at"] = now()
        if to in FINAL:
            changes["settled_at"] = now()
        Message.update(status=to, **changes).where(Message.id == message.id).execute()
        return True
