"""The trail."""

from __future__ import annotations

from peewee import BigAutoField, BigIntegerField, CharField, TextField

from zone.storage import Base, UtcDateTimeField


class Event(Base):
    """One act. The database itself refuses to change or delete a row (triggers in migration 0001)."""

    id = BigAutoField()
    at = UtcDateTimeField()
    tag = CharField(max_length=64)
    actor_role = CharField(max_length=16)
    actor_id = BigIntegerField(null=True)
    client_id = BigIntegerField(null=True)
    impersonation_id = BigIntegerField(null=True)
    facts = TextField()

    class Meta:
        table_name = "event"
        indexes = ((("client_id", "id"), False), (("actor_id", "id"), False))
