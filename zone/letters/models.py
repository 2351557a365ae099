"""Letters and their copies."""

from __future__ import annotations

from enum import StrEnum

from peewee import BigAutoField, BigIntegerField, CharField, DateField, ForeignKeyField, IntegerField

from zone.clients.models import Client, Policy
from zone.letter_passwords.models import LetterPassword
from zone.messages.models import Message, new_reference
from zone.storage import Base, UtcDateTimeField


class State(StrEnum):
    """What became of a letter itself; what became of its copies, their messages say."""

    KEPT = "kept"
    REJECTED = "rejected"
    PURGED = "purged"


class Letter(Base):
    """A document that came in. While it is kept, its source lies sealed in the letter store under `file`.

    `fingerprint` is a keyed hash of the document and all that was said of it, so that a repeat is known.
    `external_id` is the sender's own name for it, `idempotency_key` a keyed hash of the sender's `Idempotency-Key`.
    `removed` names what was taken out of the document before it was kept; `reason` is the `Problem` of a rejected one.
    """

    id = BigAutoField()
    reference = CharField(max_length=32, unique=True, default=new_reference)
    client = ForeignKeyField(Client, on_delete="CASCADE")
    client_id: int
    policy = ForeignKeyField(Policy, null=True, on_delete="SET NULL")
    policy_id: int | None
    kind = CharField(max_length=16)
    subject = CharField(max_length=200)
    dated = DateField()
    external_id = CharField(max_length=64, null=True, unique=True)
    idempotency_key = CharField(max_length=64, null=True, unique=True)
    fingerprint = CharField(max_length=64)
    state = CharField(max_length=16)
    reason = CharField(max_length=32, null=True)
    file = CharField(max_length=64, null=True, unique=True)
    size = IntegerField(null=True)
    pages = IntegerField()
    removed = CharField(max_length=200, null=True)
    received_at = UtcDateTimeField()
    keep_until = UtcDateTimeField()
    read_at = UtcDateTimeField(null=True)

    class Meta:
        table_name = "letter"
        indexes = ((("client", "id"), False),)


# What is to be purged, and what stands on the worklist.
Letter.add_index(Letter.index(Letter.keep_until, where=Letter.state != "purged", name="letter_kept_until"))
Letter.add_index(Letter.index(Letter.id, where=Letter.state == "rejected", name="letter_rejected"))


class Copy(Base):
    """One sending of a letter, asked for by the actor at `asked_at`.

    It is encrypted at the moment of sending, under the version that is then in force: `password` and what
    stands below it are empty until then. Without a `message` it waits: `waits_for` says for what, and `due_at` when it
    is looked at again.
    """

    id = BigAutoField()
    reference = CharField(max_length=32, unique=True, default=new_reference)
    letter = ForeignKeyField(Letter, on_delete="CASCADE")
    letter_id: int
    message = ForeignKeyField(Message, null=True, unique=True)
    message_id: int | None
    actor_role = CharField(max_length=16)
    actor_id = BigIntegerField(null=True)
    asked_at = UtcDateTimeField()
    waits_for = CharField(max_length=32, null=True)
    looked_at = UtcDateTimeField(null=True)
    due_at = UtcDateTimeField(null=True)
    password = ForeignKeyField(LetterPassword, null=True)
    password_id: int | None
    encrypted_at = UtcDateTimeField(null=True)
    size = IntegerField(null=True)
    engine = CharField(max_length=8, null=True)
    engine_reason = CharField(max_length=120, null=True)

    class Meta:
        table_name = "copy"


# What waits: longest first, and by what it waits for.
Copy.add_index(Copy.index(Copy.id, where=Copy.message.is_null(), name="copy_waiting"))
Copy.add_index(Copy.index(Copy.waits_for, Copy.id, where=Copy.message.is_null(), name="copy_waiting_for"))
