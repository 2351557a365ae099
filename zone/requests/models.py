"""Requests."""

from __future__ import annotations

from enum import StrEnum

from peewee import BigAutoField, BigIntegerField, CharField, CompositeKey, ForeignKeyField

from zone.clients.models import Client, Policy
from zone.letter_passwords.models import LetterPassword
from zone.letters.models import Copy
from zone.messages.models import Message, new_reference
from zone.storage import Base, UtcDateTimeField


class RequestKind(StrEnum):
    """What is asked for: the current password by SMS, or its reset."""

    RESEND = "resend"
    RESET = "reset"


class Request(Base):
    """One request for a client. A broker's stands on the `policy` under whose mandate it was made, support's on none.

    `token` names the form that it was sent by: the same form makes one request, however often it is sent.
    `message` is the SMS that brings a password, `password` the version that was in force once the request was done.
    """

    id = BigAutoField()
    reference = CharField(max_length=32, unique=True, default=new_reference)
    token = CharField(max_length=32)
    client = ForeignKeyField(Client, on_delete="CASCADE")
    client_id: int
    policy = ForeignKeyField(Policy, null=True, on_delete="CASCADE")
    policy_id: int | None
    kind = CharField(max_length=16)
    actor_role = CharField(max_length=16)
    actor_id = BigIntegerField()
    asked_at = UtcDateTimeField()
    message = ForeignKeyField(Message, null=True, on_delete="SET NULL")
    message_id: int | None
    password = ForeignKeyField(LetterPassword, null=True, on_delete="SET NULL")
    password_id: int | None

    class Meta:
        table_name = "request"
        indexes = (
            (("actor_id", "client", "kind", "token"), True),
            (("actor_id", "asked_at"), False),
            (("client", "id"), False),
            (("policy", "id"), False),
        )

    @property
    def number(self) -> str:
        """As people quote it: `2026-000042`."""
        return f"{self.asked_at:%Y}-{self.id:06}"


class RequestCopy(Base):
    """A letter that was sent again by a request."""

    request = ForeignKeyField(Request, on_delete="CASCADE")
    request_id: int
    copy = ForeignKeyField(Copy, on_delete="CASCADE")
    copy_id: int

    class Meta:
        table_name = "request_copy"
        primary_key = CompositeKey("request", "copy")
