"""Asking for a message to be sent."""

from __future__ import annotations

from datetime import timedelta

from peewee import Expression

from zone.audit import Actor
from zone.clock import now
from zone.messages import wake
from zone.messages.handover import Reason, Status
from zone.messages.models import Channel, Kind, Message
from zone.messages.states import BY_WITHDRAWAL, move
from zone.storage import current_database


def enqueue(
    *,
    channel: Channel,
    kind: Kind,
    client_id: int | None,
    subject_id: int,
    to_masked: str,
    language: str,
    actor: Actor,
    lifetime: timedelta,
    address_id: int | None = None,
) -> Message:
    """Put one message into the outbox, in the transaction of the act that wants it.

    `subject_id` and `address_id` are rows, see `Message`. After `lifetime` it is no longer sent, and fails as
    expired. The commit wakes the worker. Raises `RuntimeError` outside a transaction.
    """
    if not current_database().in_transaction():
        raise RuntimeError("enqueue needs the transaction of the act that wants the message")
    at = now()
    message = Message.create(
        channel=channel,
        kind=kind,
        client_id=client_id,
        subject_id=subject_id,
        address_id=address_id,
        to_masked=to_masked,
        language=language,
        actor_role=actor.role,
        actor_id=actor.account_id,
        status=Status.QUEUED,
        queued_at=at,
        due_at=at,
        expires_at=at + lifetime,
    )
    wake.nudge(channel)
    return message


def withdraw(which: Expression) -> None:
    """Have what `which` finds fail, unless its hand-over has begun; in the caller's transaction."""
    for message in Message.select(Message.id).where(which, Message.status == Status.QUEUED):
        move(Message.id == message.id, Status.FAILED, by=BY_WITHDRAWAL, reason=Reason.UNRENDERABLE)
