"""Support agents act for clients in the clients' own pages."""

from __future__ import annotations

from peewee import BigAutoField, BigIntegerField, BooleanField, CharField, ForeignKeyField, Model

from zone.storage.fields import UtcDateTimeField

# One at a time for each agent.
OPEN = 'CREATE UNIQUE INDEX "impersonation_open_agent" ON "impersonation" ("agent_id") WHERE ("ended_at" IS NULL)'


def up(migrator, db):
    class Session(Model):
        id = BigAutoField()

        class Meta:
            database = db
            table_name = "session"

    class Impersonation(Model):
        id = BigAutoField()
        reference = CharField(unique=True, max_length=32)
        agent_id = BigIntegerField()
        client_id = BigIntegerField()
        session = ForeignKeyField(Session, null=True, on_delete="SET NULL")
        reason = CharField(max_length=32)
        ticket = CharField(max_length=32)
        consented = BooleanField()
        started_at = UtcDateTimeField()
        ends_at = UtcDateTimeField()
        extended_at = UtcDateTimeField(null=True)
        extension_reason = CharField(null=True, max_length=32)
        ended_at = UtcDateTimeField(null=True)
        ended_by = CharField(null=True, max_length=16)

        class Meta:
            database = db
            table_name = "impersonation"
            indexes = ((("client_id", "started_at"), False),)

    class ImpersonationView(Model):
        id = BigAutoField()
        impersonation = ForeignKeyField(Impersonation, on_delete="CASCADE")
        page = CharField(max_length=200)

        class Meta:
            database = db
            table_name = "impersonation_view"
            indexes = ((("impersonation", "page"), True),)

    db.create_tables([Impersonation, ImpersonationView])
    db.execute_sql(OPEN)


def down(migrator, db):
    for table in ("impersonation_view", "impersonation"):
        db.execute_sql(f'DROP TABLE "{table}"')
