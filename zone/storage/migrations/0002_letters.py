"""Letters come in by any door and are sent again; programs come in by key."""

from __future__ import annotations

from datetime import timedelta

from peewee import (
    BigAutoField,
    BigIntegerField,
    CharField,
    DateField,
    ForeignKeyField,
    IntegerField,
    Model,
)

from zone.storage import is_postgres
from zone.storage.fields import UtcDateTimeField

# {mark} is the driver's placeholder.
RESTORED = """INSERT INTO "letter" ("id", "reference", "client_id", "subject", "pages", "received_at")
    VALUES ({mark}, {mark}, {mark}, {mark}, {mark}, {mark})"""
CONTINUED = (
    """SELECT setval(pg_get_serial_sequence('letter', 'id'), MAX(id)) FROM "letter" HAVING MAX(id) IS NOT NULL""",
    """SELECT setval(pg_get_serial_sequence('copy', 'id'), MAX(id)) FROM "copy" HAVING MAX(id) IS NOT NULL""",
)
PARTIAL_INDEXES = (
    """CREATE INDEX "letter_kept_until" ON "letter" ("keep_until") WHERE ("state" != 'purged')""",
    """CREATE INDEX "letter_rejected" ON "letter" ("id") WHERE ("state" = 'rejected')""",
)
# Letters that came in before kinds are kept as long as the kind "other" is by default.
KEPT = timedelta(days=3 * 365)


def up(migrator, db):
    class Letter(Model):
        id = BigAutoField()
        reference = CharField(unique=True, max_length=32)
        client = ForeignKeyField(_table(db, "client"), on_delete="CASCADE")
        policy = ForeignKeyField(_table(db, "policy"), null=True, on_delete="SET NULL")
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
            database = db
            table_name = "letter"
            indexes = ((("client", "id"), False),)

    class Copy(Model):
        id = BigAutoField()
        reference = CharField(unique=True, max_length=32)
        letter = ForeignKeyField(Letter, on_delete="CASCADE")
        message = ForeignKeyField(_table(db, "message"), null=True, unique=True)
        actor_role = CharField(max_length=16)
        actor_id = BigIntegerField(null=True)
        asked_at = UtcDateTimeField()
        waits_for = CharField(max_length=32, null=True)
        looked_at = UtcDateTimeField(null=True)
        due_at = UtcDateTimeField(null=True)
        password = ForeignKeyField(_table(db, "letter_password"), null=True)
        encrypted_at = UtcDateTimeField(null=True)
        size = IntegerField(null=True)
        engine = CharField(max_length=8, null=True)
        engine_reason = CharField(max_length=120, null=True)

        class Meta:
            database = db
            table_name = "copy"

    class ApiKey(Model):
        id = BigAutoField()
        name = CharField(unique=True, max_length=64)
        key_hash = CharField(unique=True, max_length=64)
        scopes = CharField(max_length=200)
        created_at = UtcDateTimeField()
        revoked_at = UtcDateTimeField(null=True)

        class Meta:
            database = db
            table_name = "api_key"

    letters, copies = _take_out(db)
    db.create_tables([Letter, Copy, ApiKey])
    for statement in PARTIAL_INDEXES:
        db.execute_sql(statement)
    for old in letters:
        Letter.insert(
            id=old.id,
            reference=old.reference,
            client=old.client_id,
            kind="other",
            subject=old.subject,
            dated=old.received_at.date(),
            fingerprint="",
            state="kept",
            file=f"{old.reference}.source",
            pages=old.pages,
            received_at=old.received_at,
            keep_until=old.received_at + KEPT,
        ).execute()
    for old in copies:
        Copy.insert(
            id=old.id,
            reference=old.reference,
            letter=old.letter_id,
            message=old.message_id,
            actor_role="system",
            asked_at=old.made_at,
            due_at=None if old.message_id else old.made_at,
            password=old.password_id,
            encrypted_at=old.made_at,
            size=old.size,
            engine="pypdf",
        ).execute()
    _continue_numbers(db)
    # Copies are made anew from the source whenever they are sent; without its key a stored one is noise.
    db.execute_sql('DELETE FROM "vault_entry" WHERE "purpose" = \'letter_copy\'')
    migrator.migrate(
        migrator.add_column("mandate", "reference", CharField(max_length=64, null=True, unique=True))
    )


def _take_out(db):
    """The rows of both tables, which are dropped: their indexes' names are wanted anew."""

    class OldLetter(Model):
        id = BigAutoField()
        reference = CharField()
        client_id = BigIntegerField()
        subject = CharField()
        pages = IntegerField()
        received_at = UtcDateTimeField()

        class Meta:
            database = db
            table_name = "letter"

    class OldCopy(Model):
        id = BigAutoField()
        reference = CharField()
        letter_id = BigIntegerField()
        password_id = BigIntegerField()
        message_id = BigIntegerField(null=True)
        size = IntegerField()
        made_at = UtcDateTimeField()

        class Meta:
            database = db
            table_name = "copy"

    rows = list(OldLetter.select()), list(OldCopy.select())
    db.execute_sql('DROP TABLE "copy"')
    db.execute_sql('DROP TABLE "letter"')
    return rows


def _table(db, name):
    """A table that is only referred to."""

    class Referred(Model):
        id = BigAutoField()

        class Meta:
            database = db
            table_name = name

    return Referred


def _continue_numbers(db):
    if is_postgres(db):
        for statement in CONTINUED:
            db.execute_sql(statement)


def down(migrator, db):
    class Letter(Model):
        id = BigAutoField()
        reference = CharField(unique=True, max_length=32)
        client = ForeignKeyField(_table(db, "client"), on_delete="CASCADE")
        subject = CharField(max_length=200)
        pages = IntegerField()
        received_at = UtcDateTimeField()

        class Meta:
            database = db
            table_name = "letter"
            indexes = ((("client", "id"), False),)

    class Copy(Model):
        id = BigAutoField()
        reference = CharField(unique=True, max_length=32)
        letter = ForeignKeyField(Letter, on_delete="CASCADE")
        password = ForeignKeyField(_table(db, "letter_password"))
        message = ForeignKeyField(_table(db, "message"), null=True)
        size = IntegerField()
        made_at = UtcDateTimeField()

        class Meta:
            database = db
            table_name = "copy"

    letters = db.execute_sql(
        """SELECT "id", "reference", "client_id", "subject", "pages", "received_at" FROM "letter" """
        """WHERE "state" = 'kept'"""
    ).fetchall()
    for table in ("copy", "letter", "api_key"):
        migrator.migrate(migrator.drop_table(table))
    # Copies are not kept any more, so none can be given back.
    db.create_tables([Letter, Copy])
    for row in letters:
        db.execute_sql(
            RESTORED.format(mark=db.param),
            row,
        )
    _continue_numbers(db)
    if not is_postgres(db):  # which drops the index with its column
        migrator.migrate(migrator.drop_index("mandate", "mandate_reference"))
    migrator.migrate(migrator.drop_column("mandate", "reference"))
