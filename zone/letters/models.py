"""Letters and their copies."""

from __future__ import annotations

from peewee import BigAutoField, CharField, ForeignKeyField, IntegerField

from zone.clients.models import Client
from zone.letter_passwords.models import LetterPassword
from zone.messages.models import Message, new_reference
from zone.storage import Base, UtcDateTimeField


class Letter(Base):
    """A document that came in. Its source lies sealed in the letter store under `reference`."""

    id = BigAutoField()
    reference = CharField(max_length=32, unique=True, default=new_reference)
    client = ForeignKeyField(Client, on_delete="CASCADE")
    client_id: int
    subject = CharField(max_length=200)
    pages = IntegerField()
    received_at = UtcDateTimeField()

    class Meta:
        table_name = "letter"
        indexes = ((("client", "id"), False),)


class Copy(Base):
    """One encrypted rendering of a letter, the version that opens it, and the message it went out with."""

    id = BigAutoField()
    reference = CharField(max_length=32, unique=True, default=new_reference)
    letter = ForeignKeyField(Letter, on_delete="CASCADE")
    letter_id: int
    password = ForeignKeyField(LetterPassword)
    password_id: int
    message = ForeignKeyField(Message, null=True)
    message_id: int | None
    size = IntegerField()
    made_at = UtcDateTimeField()

    class Meta:
        table_name = "copy"
