"""What the support desk's worklists are read by, and campaigns that invite clients to set a password of their own."""

from __future__ import annotations

from peewee import BigAutoField, BigIntegerField, CharField, ForeignKeyField, IntegerField, Model

from zone.storage.fields import UtcDateTimeField

INDEXES = {
    "message_lost": """ON "message" ("queued_at", "id") WHERE ("status" IN ('failed', 'unknown'))""",
    "copy_waiting": 'ON "copy" ("id") WHERE ("message_id" IS NULL)',
    "copy_waiting_for": 'ON "copy" ("waits_for", "id") WHERE ("message_id" IS NULL)',
    "phone_to_confirm": 'ON "phone" ("confirmed_at", "id") WHERE ("replaced_at" IS NULL)',
    "letter_password_default": """ON "letter_password" ("digits", "client_id")
        WHERE (("replaced_at" IS NULL) AND ("origin" = 'default'))""",
}


def up(migrator, db):
    class Campaign(Model):
        id = BigAutoField()
        reference = CharField(max_length=32, unique=True)
        token = CharField(max_length=32)
        made_by = BigIntegerField()
        made_at = UtcDateTimeField()
        digits = IntegerField(null=True)
        language = CharField(max_length=8, null=True)
        most = IntegerField(null=True)
        per_hour = IntegerField()
        planned = IntegerField(null=True)
        state = CharField(max_length=16)
        cursor = BigIntegerField()
        saved_from = UtcDateTimeField()
        invited = IntegerField()
        sent = IntegerField()
        failed = IntegerField()
        set_own = IntegerField()
        counted_at = UtcDateTimeField()
        finished_at = UtcDateTimeField(null=True)

        class Meta:
            database = db
            table_name = "campaign"
            indexes = ((("made_by", "token"), True), (("state",), False))

    class Invitation(Model):
        id = BigAutoField()
        campaign = ForeignKeyField(Campaign, on_delete="CASCADE", index=False)
        client = ForeignKeyField(_table(db, "client"), on_delete="CASCADE", index=False)
        message = ForeignKeyField(_table(db, "message"), null=True, on_delete="SET NULL")
        invited_at = UtcDateTimeField()

        class Meta:
            database = db
            table_name = "invitation"
            indexes = ((("campaign", "client"), True), (("client", "invited_at"), False))

    for name, of in INDEXES.items():
        db.execute_sql(f'CREATE INDEX "{name}" {of}')
    db.create_tables([Campaign, Invitation])


def down(migrator, db):
    for table in ("invitation", "campaign"):
        db.execute_sql(f'DROP TABLE "{table}"')
    for name in INDEXES:
        db.execute_sql(f'DROP INDEX "{name}"')


def _table(db, name):
    """A table that is only referred to."""

    class Referred(Model):
        id = BigAutoField()

        class Meta:
            database = db
            table_name = name

    return Referred
