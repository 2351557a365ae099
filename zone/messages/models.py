"""The outbox."""

from __future__ import annotations

import secrets
from enum import StrEnum

from peewee import SQL, BigAutoField, BigIntegerField, CharField, IntegerField

from zone.storage import Base, UtcDateTimeField


class Channel(StrEnum):
    """By what a message goes."""

    SMS = "sms"
    MAIL = "mail"


class Kind(StrEnum):
    """What a message is. Each kind has one renderer, which `create_app` passes to the worker."""

    LETTER_PASSWORD = "letter_password"
    EARLIER_PASSWORD = "earlier_password"
    PHONE_CODE = "phone_code"
    PHONE_CHANGED = "phone_changed"
    LETTER = "letter"
    REQUEST = "request"
    IMPERSONATION = "impersonation"
    AUDIT_HEAD = "audit_head"
    INVITATION = "invitation"


# What opens letters: these go to a phone that is fit for it, and to no other.
PASSWORDS = (Kind.LETTER_PASSWORD, Kind.EARLIER_PASSWORD)


def new_reference() -> str:
    """An unguessable name for a row, fit for a URL."""
    return secrets.token_urlsafe(16)


class Message(Base):
    """One outgoing SMS or e-mail. It holds references, never text: the worker renders at the moment of sending.

    `subject_id` is the row that the kind speaks of (a password version, a phone code, a phone, a copy, a request, an
    impersonation, a head, a campaign); `address_id` the phone it was meant for, none for e-mail and for a number that
    is not on file yet. What goes to the auditor has no client.
    """

    id = BigAutoField()
    reference = CharField(max_length=32, unique=True, default=new_reference)
    channel = CharField(max_length=8)
    kind = CharField(max_length=32)
    client_id = BigIntegerField(null=True)
    subject_id = BigIntegerField()
    address_id = BigIntegerField(null=True)
    to_masked = CharField(max_length=128)
    language = CharField(max_length=8)
    actor_role = CharField(max_length=16)
    actor_id = BigIntegerField(null=True)
    status = CharField(max_length=16)
    reason = CharField(max_length=16, null=True)
    detail = CharField(max_length=200, null=True)
    gateway = CharField(max_length=32, null=True)
    attempts = IntegerField(default=0)
    worker = CharField(max_length=64, null=True)
    queued_at = UtcDateTimeField()
    due_at = UtcDateTimeField()
    expires_at = UtcDateTimeField()
    leased_until = UtcDateTimeField(null=True)
    sent_at = UtcDateTimeField(null=True)
    settled_at = UtcDateTimeField(null=True)

    class Meta:
        table_name = "message"
        indexes = (
            (("client_id", "kind", "id"), False),
            (("client_id", "id"), False),
            (("kind", "subject_id"), False),
            (("kind", "queued_at"), False),
        )


Message.add_index(
    Message.index(
        Message.channel, Message.due_at, Message.id, where=Message.status == "queued", name="message_queued"
    )
)
Message.add_index(
    Message.index(
        Message.channel, Message.leased_until, where=Message.status == "sending", name="message_sending"
    )
)

# Written out, not bound: SQLite takes a partial index only for words that it can compare before it begins. They are
# those of `states.MAY_BE_LOST`.
LOST = Message.status.in_((SQL("'failed'"), SQL("'unknown'")))
Message.add_index(Message.index(Message.queued_at, Message.id, where=LOST, name="message_lost"))
