"""Codes for three purposes, also to a number that is not on file yet; who confirmed a number; holds.

The number of a code, a phone or a hold is never given again: digits are derived from that of a code, and messages and
the trail speak of them (0003). On the way back that stays, as the codes of the next way up continue the numbers.
"""

from __future__ import annotations

from peewee import BigAutoField, BigIntegerField, CharField, ForeignKeyField, IntegerField, Model
from playhouse.sqlite_ext import AutoIncrementField

from zone.storage import is_postgres
from zone.storage.fields import UtcDateTimeField

PARTIAL_INDEXES = (
    'CREATE INDEX "phone_code_keeps_number" ON "phone_code" ("expires_at") WHERE ("number" IS NOT NULL)',
    'CREATE INDEX "hold_standing_client" ON "hold" ("client_id") WHERE ("lifted_at" IS NULL)',
)
RESTORED = 'INSERT INTO "phone_code" ({columns}) SELECT {columns} FROM "kept_code"'
# Who asked for a code so far stands in its message alone; of two, in the newer one.
KEPT = """
    CREATE TEMPORARY TABLE "kept_code" AS
    SELECT c."id", p."client_id", 'confirm' AS "purpose", c."phone_id",
        COALESCE(m."actor_role", 'client') AS "asked_by_role", m."actor_id" AS "asked_by_account",
        c."created_at", c."expires_at", c."tries", c."used_at"
    FROM "phone_code" c JOIN "phone" p ON p."id" = c."phone_id"
    LEFT JOIN "message" m ON m."id" = (
        SELECT MAX("id") FROM "message" WHERE "kind" = 'phone_code' AND "subject_id" = c."id"
    )
"""
KEPT_COLUMNS = (
    '"id", "client_id", "purpose", "phone_id", "asked_by_role", "asked_by_account", '
    '"created_at", "expires_at", "tries", "used_at"'
)
# Before, a code could do nothing but confirm the number that it went to.
KEPT_BEFORE = """
    CREATE TEMPORARY TABLE "kept_code" AS
    SELECT "id", "phone_id", "created_at", "expires_at", "tries", "used_at"
    FROM "phone_code" WHERE "purpose" = 'confirm'
"""
KEPT_COLUMNS_BEFORE = '"id", "phone_id", "created_at", "expires_at", "tries", "used_at"'
# The highest number that a code has had, as far as anything still tells.
LAST_IN_ROWS = """
    SELECT MAX("number") FROM (
        SELECT MAX("id") AS "number" FROM "phone_code"
        UNION ALL SELECT MAX("subject_id") FROM "message" WHERE "kind" = 'phone_code'
    ) AS "numbers"
"""
LAST_ON_SQLITE = """SELECT MAX("seq") FROM "sqlite_sequence" WHERE "name" = 'phone_code'"""
LAST_ON_POSTGRES = 'SELECT "last_value" FROM "phone_code_id_seq" WHERE "is_called"'
PLAIN = '"id" INTEGER NOT NULL PRIMARY KEY'
NEVER_AGAIN = f"{PLAIN} AUTOINCREMENT"


def up(migrator, db):
    class PhoneCode(Model):
        id = _number(db)
        client = ForeignKeyField(_table(db, "client"), on_delete="CASCADE")
        purpose = CharField(max_length=16)
        phone = ForeignKeyField(_table(db, "phone"), null=True, on_delete="CASCADE")
        number = CharField(max_length=16, null=True)
        asked_by_role = CharField(max_length=16)
        asked_by_account = BigIntegerField(null=True)
        created_at = UtcDateTimeField()
        expires_at = UtcDateTimeField()
        tries = IntegerField()
        used_at = UtcDateTimeField(null=True)

        class Meta:
            database = db
            table_name = "phone_code"
            legacy_table_names = False
            indexes = ((("asked_by_account", "created_at"), False),)

    class Hold(Model):
        id = _number(db)
        client = ForeignKeyField(_table(db, "client"), on_delete="CASCADE")
        why = CharField(max_length=16)
        subject_id = BigIntegerField(null=True)
        placed_at = UtcDateTimeField()
        placed_by_role = CharField(max_length=16)
        placed_by_account = BigIntegerField(null=True)
        lifted_at = UtcDateTimeField(null=True)
        lifted_by_role = CharField(max_length=16, null=True)
        lifted_by_account = BigIntegerField(null=True)

        class Meta:
            database = db
            table_name = "hold"
            legacy_table_names = False

    migrator.migrate(migrator.add_column("phone", "confirmed_by_account", BigIntegerField(null=True)))
    _make_anew(db, PhoneCode, KEPT, KEPT_COLUMNS)
    db.create_tables([Hold])
    for statement in PARTIAL_INDEXES:
        db.execute_sql(statement)


def down(migrator, db):
    class PhoneCode(Model):
        id = _number(db)
        phone = ForeignKeyField(_table(db, "phone"), on_delete="CASCADE")
        created_at = UtcDateTimeField()
        expires_at = UtcDateTimeField()
        tries = IntegerField()
        used_at = UtcDateTimeField(null=True)

        class Meta:
            database = db
            table_name = "phone_code"

    migrator.migrate(migrator.drop_table("hold"))
    _make_anew(db, PhoneCode, KEPT_BEFORE, KEPT_COLUMNS_BEFORE)
    migrator.migrate(migrator.drop_column("phone", "confirmed_by_account"))


def _number(db):
    return BigAutoField() if is_postgres(db) else AutoIncrementField()


def _make_anew(db, model, kept, columns):
    """Give the table of codes the shape of `model`, with the rows that are `kept`; nothing refers to it."""
    last = _last_number(db)
    db.execute_sql(kept)
    db.execute_sql('DROP TABLE "phone_code"')
    if not is_postgres(db):
        _number_phones(db)  # only now, as the codes would go with the old table
    db.create_tables([model])
    db.execute_sql(RESTORED.format(columns=columns))
    db.execute_sql('DROP TABLE "kept_code"')
    if last:
        _continue_after(db, last)


def _last_number(db):
    numbers = db.execute_sql(LAST_IN_ROWS).fetchall()
    numbers += db.execute_sql(LAST_ON_POSTGRES if is_postgres(db) else LAST_ON_SQLITE).fetchall()
    return max(number or 0 for (number,) in numbers)


def _continue_after(db, last):
    if is_postgres(db):
        db.execute_sql("SELECT setval('phone_code_id_seq', %s)", (last,))
        return
    db.execute_sql("""DELETE FROM "sqlite_sequence" WHERE "name" = 'phone_code'""")
    db.execute_sql("""INSERT INTO "sqlite_sequence" ("name", "seq") VALUES ('phone_code', ?)""", (last,))


def _number_phones(db):
    """As 0003 does for others, unless it was done on an earlier way up. Nothing refers to the table at this moment."""
    parts = "SELECT sql FROM sqlite_schema WHERE tbl_name = 'phone' AND type = ? AND sql IS NOT NULL"
    ((definition,),) = db.execute_sql(parts, ("table",)).fetchall()
    if NEVER_AGAIN in definition:
        return
    indexes = db.execute_sql(parts, ("index",)).fetchall()
    for statement in (
        definition.replace('"phone"', '"new_phone"', 1).replace(PLAIN, NEVER_AGAIN, 1),
        'INSERT INTO "new_phone" SELECT * FROM "phone"',
        'DROP TABLE "phone"',
        'ALTER TABLE "new_phone" RENAME TO "phone"',
        *(index for (index,) in indexes),
    ):
        db.execute_sql(statement)


def _table(db, name):
    """A table that is only referred to."""

    class Referred(Model):
        id = BigAutoField()

        class Meta:
            database = db
            table_name = name

    return Referred
