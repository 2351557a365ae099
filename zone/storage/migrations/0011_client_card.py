"""Support's card of a client: what agents read is counted as what brokers read is, notes, messages by client."""

from __future__ import annotations

from peewee import BigAutoField, BigIntegerField, CharField, CompositeKey, ForeignKeyField, Model
from playhouse.sqlite_ext import AutoIncrementField

from zone.storage import is_postgres
from zone.storage.fields import UtcDateTimeField


def up(migrator, db):
    db.execute_sql('ALTER TABLE "portfolio_reading" RENAME TO "reading"')
    db.execute_sql('ALTER TABLE "reading" RENAME COLUMN "broker_id" TO "account_id"')
    db.create_tables(_models(db))
    db.execute_sql('CREATE INDEX "message_client_id_id" ON "message" ("client_id", "id")')


def down(migrator, db):
    db.execute_sql('DROP INDEX "message_client_id_id"')
    # A note's text is in the vault, and none may be left behind for another note of the same number.
    db.execute_sql('DELETE FROM "vault_entry" WHERE "purpose" = \'note\'')
    db.drop_tables(_models(db))
    db.execute_sql('ALTER TABLE "reading" RENAME COLUMN "account_id" TO "broker_id"')
    db.execute_sql('ALTER TABLE "reading" RENAME TO "portfolio_reading"')


def _models(db):
    class Client(Model):
        id = BigAutoField()

        class Meta:
            database = db
            table_name = "client"

    class ClientLook(Model):
        account_id = BigIntegerField()
        client = ForeignKeyField(Client, on_delete="CASCADE")
        until = UtcDateTimeField(index=True)

        class Meta:
            database = db
            table_name = "client_look"
            legacy_table_names = False
            primary_key = CompositeKey("account_id", "client")

    class ClientNote(Model):
        # The vault knows its text by this number, so that of an erased note is not given again (0003).
        id = BigAutoField() if is_postgres(db) else AutoIncrementField()
        client = ForeignKeyField(Client, on_delete="CASCADE")
        token = CharField(max_length=40)
        written_at = UtcDateTimeField()
        written_by_role = CharField(max_length=16)
        written_by_account = BigIntegerField(null=True)

        class Meta:
            database = db
            table_name = "client_note"
            legacy_table_names = False
            indexes = ((("client", "id"), False), (("client", "written_by_account", "token"), True))

    return ClientLook, ClientNote
