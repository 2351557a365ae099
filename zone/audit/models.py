"""The trail."""

from __future__ import annotations

from peewee import BigAutoField, BigIntegerField, BlobField, CharField, Check, SmallIntegerField, TextField

from zone.storage import Base, UtcDateTimeField


class Event(Base):
    """One act, a link of its shard's chain. The database itself refuses to change or delete a row (triggers).

    `facts` is JSON; `sealed` more of it, under the client's key. `zone.audit.chain` says what `hash` and `mac` are of;
    events from before there was a chain have no `mac`.
    """

    id = BigAutoField()
    shard = SmallIntegerField(constraints=[Check("shard BETWEEN 0 AND 63")])
    number = BigIntegerField()
    at = UtcDateTimeField()
    tag = CharField(max_length=64)
    actor_role = CharField(max_length=16)
    actor_id = BigIntegerField(null=True)
    client_id = BigIntegerField(null=True)
    impersonation_id = BigIntegerField(null=True)
    facts = TextField()
    sealed = BlobField(null=True)
    previous = BlobField()
    hash = BlobField()
    mac = BlobField(null=True)

    class Meta:
        table_name = "event"
        indexes = (
            (("shard", "number"), True),
            (("client_id", "id"), False),
            (("actor_id", "id"), False),
            (("tag", "id"), False),
        )


class SignedHead(Base):
    """What the trail was at one moment, signed. Append-only; `text` is the file that is kept outside."""

    number = BigIntegerField(primary_key=True)
    at = UtcDateTimeField()
    text = TextField()

    class Meta:
        table_name = "trail_head"
