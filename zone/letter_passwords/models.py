"""Versions of letter passwords."""

from __future__ import annotations

from enum import StrEnum

from peewee import BigAutoField, BigIntegerField, CharField, ForeignKeyField, IntegerField

from zone.clients.models import Client
from zone.storage import Base, UtcDateTimeField


class Origin(StrEnum):
    """Where a letter password came from (rule 1 of DESIGN.md)."""

    DEFAULT = "default"
    OWN = "own"
    GENERATED = "generated"


class LetterPassword(Base):
    """One version. The current one has no `replaced_at`; a database index holds that there is exactly one.

    `digits` is how many last digits of the birth number a default consists of. `verifier` is Argon2id for own
    and generated ones; for a default it is a keyed hash, since no cost would protect three or four digits.
    """

    id = BigAutoField()
    client = ForeignKeyField(Client, on_delete="CASCADE")
    client_id: int
    number = IntegerField()
    origin = CharField(max_length=16)
    digits = IntegerField(null=True)
    verifier = CharField(max_length=200)
    set_at = UtcDateTimeField()
    set_by_role = CharField(max_length=16)
    set_by_account = BigIntegerField(null=True)
    replaced_at = UtcDateTimeField(null=True)

    class Meta:
        table_name = "letter_password"
        indexes = ((("client", "number"), True),)


LetterPassword.add_index(
    LetterPassword.index(
        LetterPassword.client,
        unique=True,
        where=LetterPassword.replaced_at.is_null(),
        name="letter_password_current_client",
    )
)
LetterPassword.add_index(
    LetterPassword.index(
        LetterPassword.digits,
        LetterPassword.client,
        where=LetterPassword.replaced_at.is_null() & (LetterPassword.origin == "default"),
        name="letter_password_default",
    )
)
