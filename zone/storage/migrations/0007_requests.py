"""What brokers ask for on policies."""

from __future__ import annotations

from peewee import BigAutoField, BigIntegerField, CharField, CompositeKey, ForeignKeyField, Model
from playhouse.sqlite_ext import AutoIncrementField

from zone.storage import is_postgres
from zone.storage.fields import UtcDateTimeField


def up(migrator, db):
    class Request(Model):
        # People quote it, so that of an erased request is not given again (0003).
        id = BigAutoField() if is_postgres(db) else AutoIncrementField()
        reference = CharField(max_length=32, unique=True)
        token = CharField(max_length=32)
        policy = ForeignKeyField(_table(db, "policy"), on_delete="CASCADE")
        kind = CharField(max_length=16)
        actor_role = CharField(max_length=16)
        actor_id = BigIntegerField()
        asked_at = UtcDateTimeField()
        message = ForeignKeyField(_table(db, "message"), null=True, on_delete="SET NULL")
        password = ForeignKeyField(_table(db, "letter_password"), null=True, on_delete="SET NULL")

        class Meta:
            database = db
            table_name = "request"
            indexes = (
                (("actor_id", "policy", "kind", "token"), True),
                (("actor_id", "asked_at"), False),
                (("policy", "id"), False),
            )

    class RequestCopy(Model):
        request = ForeignKeyField(Request, on_delete="CASCADE")
        copy = ForeignKeyField(_table(db, "copy"), on_delete="CASCADE")

        class Meta:
            database = db
            table_name = "request_copy"
            primary_key = CompositeKey("request", "copy")

    db.create_tables([Request, RequestCopy])


def _table(db, name):
    """A table that is only referred to."""

    class Referred(Model):
        id = BigAutoField()

        class Meta:
            database = db
            table_name = name

    return Referred


def down(migrator, db):
    for table in ("request_copy", "request"):
        migrator.migrate(migrator.drop_table(table))
