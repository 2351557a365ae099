"""The first tables."""

from __future__ import annotations

from peewee import (
    BigAutoField,
    BigIntegerField,
    BlobField,
    CharField,
    ForeignKeyField,
    IntegerField,
    Model,
    TextField,
)

from zone.storage import is_postgres
from zone.storage.fields import UtcDateTimeField

# Exactly one current row for each client; and the outbox's two live corners, small however large the table grows.
PARTIAL_INDEXES = (
    'CREATE UNIQUE INDEX "phone_current_client" ON "phone" ("client_id") WHERE ("replaced_at" IS NULL)',
    'CREATE UNIQUE INDEX "letter_password_current_client" ON "letter_password" ("client_id")'
    ' WHERE ("replaced_at" IS NULL)',
    """CREATE INDEX "message_queued" ON "message" ("channel", "due_at", "id") WHERE ("status" = 'queued')""",
    """CREATE INDEX "message_sending" ON "message" ("channel", "leased_until") WHERE ("status" = 'sending')""",
)

# The trail is append-only, whoever asks.
SQLITE_TRIGGERS = (
    """CREATE TRIGGER "event_no_update" BEFORE UPDATE ON "event"
       BEGIN SELECT RAISE(ABORT, 'events are append-only'); END""",
    """CREATE TRIGGER "event_no_delete" BEFORE DELETE ON "event"
       BEGIN SELECT RAISE(ABORT, 'events are append-only'); END""",
)
POSTGRES_TRIGGERS = (
    """CREATE FUNCTION event_append_only() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'events are append-only'; END $$""",
    """CREATE TRIGGER "event_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "event"
       FOR EACH STATEMENT EXECUTE FUNCTION event_append_only()""",
)


def up(migrator, db):
    class Client(Model):
        id = BigAutoField()
        reference = CharField(unique=True, max_length=64)
        kind = CharField(max_length=16)
        name = CharField(max_length=200)
        email = CharField(max_length=254)
        language = CharField(max_length=8)
        created_at = UtcDateTimeField()

        class Meta:
            database = db
            table_name = "client"

    class Account(Model):
        id = BigAutoField()
        email = CharField(unique=True, max_length=254)
        role = CharField(max_length=16)
        name = CharField(max_length=200)
        client = ForeignKeyField(Client, unique=True, null=True, on_delete="CASCADE")
        password_hash = CharField(max_length=200)
        language = CharField(max_length=8)
        created_at = UtcDateTimeField()

        class Meta:
            database = db
            table_name = "account"

    class Letter(Model):
        id = BigAutoField()
        reference = CharField(unique=True, max_length=32)
        client = ForeignKeyField(Client, on_delete="CASCADE")
        subject = CharField(max_length=200)
        pages = IntegerField()
        received_at = UtcDateTimeField()

        class Meta:
            database = db
            table_name = "letter"
            indexes = ((("client", "id"), False),)

    class LetterPassword(Model):
        id = BigAutoField()
        client = ForeignKeyField(Client, on_delete="CASCADE")
        number = IntegerField()
        origin = CharField(max_length=16)
        digits = IntegerField(null=True)
        verifier = CharField(max_length=200)
        set_at = UtcDateTimeField()
        set_by_role = CharField(max_length=16)
        set_by_account = BigIntegerField(null=True)
        replaced_at = UtcDateTimeField(null=True)

        class Meta:
            database = db
            table_name = "letter_password"
            indexes = ((("client", "number"), True),)

    class Message(Model):
        id = BigAutoField()
        reference = CharField(unique=True, max_length=32)
        channel = CharField(max_length=8)
        kind = CharField(max_length=32)
        client_id = BigIntegerField()
        subject_id = BigIntegerField()
        address_id = BigIntegerField(null=True)
        to_masked = CharField(max_length=128)
        language = CharField(max_length=8)
        actor_role = CharField(max_length=16)
        actor_id = BigIntegerField(null=True)
        status = CharField(max_length=16)
        reason = CharField(null=True, max_length=16)
        detail = CharField(null=True, max_length=200)
        gateway = CharField(null=True, max_length=32)
        attempts = IntegerField(default=0)
        worker = CharField(null=True, max_length=64)
        queued_at = UtcDateTimeField()
        due_at = UtcDateTimeField()
        expires_at = UtcDateTimeField()
        leased_until = UtcDateTimeField(null=True)
        sent_at = UtcDateTimeField(null=True)
        settled_at = UtcDateTimeField(null=True)

        class Meta:
            database = db
            table_name = "message"
            indexes = (
                (("client_id", "kind", "id"), False),
                (("kind", "subject_id"), False),
                (("kind", "queued_at"), False),
            )

    class Copy(Model):
        id = BigAutoField()
        reference = CharField(unique=True, max_length=32)
        letter = ForeignKeyField(Letter, on_delete="CASCADE")
        password = ForeignKeyField(LetterPassword)
        message = ForeignKeyField(Message, null=True)
        size = IntegerField()
        made_at = UtcDateTimeField()

        class Meta:
            database = db
            table_name = "copy"

    class Event(Model):
        id = BigAutoField()
        at = UtcDateTimeField()
        tag = CharField(max_length=64)
        actor_role = CharField(max_length=16)
        actor_id = BigIntegerField(null=True)
        client_id = BigIntegerField(null=True)
        facts = TextField()

        class Meta:
            database = db
            table_name = "event"
            indexes = ((("client_id", "id"), False), (("actor_id", "id"), False))

    class Policy(Model):
        id = BigAutoField()
        number = CharField(unique=True, max_length=32)
        client = ForeignKeyField(Client, on_delete="CASCADE")
        product = CharField(max_length=120)
        since = UtcDateTimeField()

        class Meta:
            database = db
            table_name = "policy"

    class Mandate(Model):
        id = BigAutoField()
        broker_id = BigIntegerField()
        policy = ForeignKeyField(Policy, on_delete="CASCADE")
        starts_at = UtcDateTimeField()
        ends_at = UtcDateTimeField(null=True)

        class Meta:
            database = db
            table_name = "mandate"
            indexes = ((("broker_id", "policy"), False),)

    class Phone(Model):
        id = BigAutoField()
        client = ForeignKeyField(Client, on_delete="CASCADE")
        number = CharField(max_length=16)
        set_at = UtcDateTimeField()
        set_by_role = CharField(max_length=16)
        set_by_account = BigIntegerField(null=True)
        confirmed_at = UtcDateTimeField(null=True)
        confirmed_by_role = CharField(null=True, max_length=16)
        replaced_at = UtcDateTimeField(null=True)

        class Meta:
            database = db
            table_name = "phone"

    class PhoneCode(Model):
        id = BigAutoField()
        phone = ForeignKeyField(Phone, on_delete="CASCADE")
        created_at = UtcDateTimeField()
        expires_at = UtcDateTimeField()
        tries = IntegerField(default=0)
        used_at = UtcDateTimeField(null=True)

        class Meta:
            database = db
            table_name = "phone_code"

    class Session(Model):
        id = BigAutoField()
        token_hash = CharField(unique=True, max_length=64)
        account = ForeignKeyField(Account, on_delete="CASCADE")
        started_at = UtcDateTimeField()
        seen_at = UtcDateTimeField()
        proven_at = UtcDateTimeField()

        class Meta:
            database = db
            table_name = "session"
            indexes = ((("seen_at",), False),)

    class Throttle(Model):
        key = CharField(primary_key=True, max_length=64)
        waits_until = UtcDateTimeField(null=True)
        forgiven_at = UtcDateTimeField()

        class Meta:
            database = db
            table_name = "throttle"
            indexes = ((("forgiven_at",), False),)

    class VaultEntry(Model):
        id = BigAutoField()
        purpose = CharField(max_length=32)
        client_id = BigIntegerField()
        version = BigIntegerField()
        key_id = CharField(index=True, max_length=64)
        wrapped_key = BlobField()
        ciphertext = BlobField()
        created_at = UtcDateTimeField()

        class Meta:
            database = db
            table_name = "vault_entry"
            indexes = ((("client_id", "purpose", "version"), True),)

    db.create_tables(
        [
            Client,
            Account,
            Letter,
            LetterPassword,
            Message,
            Copy,
            Event,
            Policy,
            Mandate,
            Phone,
            PhoneCode,
            Session,
            Throttle,
            VaultEntry,
        ]
    )
    for statement in PARTIAL_INDEXES + (POSTGRES_TRIGGERS if is_postgres(db) else SQLITE_TRIGGERS):
        db.execute_sql(statement)


def down(migrator, db):
    for table in (
        "vault_entry",
        "throttle",
        "session",
        "phone_code",
        "phone",
        "mandate",
        "policy",
        "event",
        "copy",
        "message",
        "letter_password",
        "letter",
        "account",
        "client",
    ):
        migrator.migrate(migrator.drop_table(table))
    if is_postgres(db):
        db.execute_sql("DROP FUNCTION event_append_only()")
