"""A request hangs on its client, and on a policy only where a broker made it under a mandate.

SQLite changes no column, so there the table is made anew as https://www.sqlite.org/lang_altertable.html (section 7)
says; outside a transaction, or foreign keys cannot be switched off, and the copies would go with the old table.
"""

from __future__ import annotations

from peewee import BigAutoField, BigIntegerField, CharField, ForeignKeyField, Model
from playhouse.sqlite_ext import AutoIncrementField

from zone.storage import is_postgres
from zone.storage.fields import UtcDateTimeField

atomic = False

COPY_UP = """
    INSERT INTO "new_request" (
        "id", "reference", "token", "policy_id", "kind", "actor_role", "actor_id", "asked_at", "message_id",
        "password_id", "client_id"
    )
    SELECT r."id", r."reference", r."token", r."policy_id", r."kind", r."actor_role", r."actor_id", r."asked_at",
        r."message_id", r."password_id", p."client_id"
    FROM "request" r JOIN "policy" p ON p."id" = r."policy_id"
"""
COPY_DOWN = """
    INSERT INTO "new_request" (
        "id", "reference", "token", "policy_id", "kind", "actor_role", "actor_id", "asked_at", "message_id",
        "password_id"
    )
    SELECT "id", "reference", "token", "policy_id", "kind", "actor_role", "actor_id", "asked_at", "message_id",
        "password_id"
    FROM "request"
"""
INDEXES = (
    (("actor_id", "client", "kind", "token"), True),
    (("actor_id", "asked_at"), False),
    (("client", "id"), False),
    (("policy", "id"), False),
)
INDEXES_BEFORE = (
    (("actor_id", "policy", "kind", "token"), True),
    (("actor_id", "asked_at"), False),
    (("policy", "id"), False),
)
# A form that somebody bent to serve for two policies of one client made two requests. Both are kept.
RENAME_FORMS = """
    UPDATE "request" SET "token" = "reference" WHERE EXISTS (
        SELECT 1 FROM "request" o
        JOIN "policy" p ON p."id" = o."policy_id"
        JOIN "policy" q ON q."client_id" = p."client_id"
        WHERE q."id" = "request"."policy_id" AND o."id" < "request"."id" AND o."actor_id" = "request"."actor_id"
            AND o."kind" = "request"."kind" AND o."token" = "request"."token"
    )
"""
# Before, a request could not be without a policy.
FORGET = (
    'DELETE FROM "request_copy" WHERE "request_id" IN (SELECT "id" FROM "request" WHERE "policy_id" IS NULL)',
    'DELETE FROM "request" WHERE "policy_id" IS NULL',
)
POSTGRES_UP = (
    'ALTER TABLE "request" ADD COLUMN "client_id" BIGINT',
    'UPDATE "request" SET "client_id" = p."client_id" FROM "policy" p WHERE p."id" = "request"."policy_id"',
    'ALTER TABLE "request" ADD FOREIGN KEY ("client_id") REFERENCES "client" ("id") ON DELETE CASCADE',
    'ALTER TABLE "request" ALTER "client_id" SET NOT NULL, ALTER "policy_id" DROP NOT NULL',
    'DROP INDEX "request_actor_id_policy_id_kind_token"',
)
POSTGRES_DOWN = (
    'ALTER TABLE "request" DROP COLUMN "client_id", ALTER "policy_id" SET NOT NULL',  # its indexes go with it
)


def up(migrator, db):
    if any(column.name == "client_id" for column in db.get_columns("request")):
        return  # it was done, and killed before that was noted
    _change(db, _model(db, of_client=True), (RENAME_FORMS,), COPY_UP, POSTGRES_UP)


def down(migrator, db):
    if all(column.name != "client_id" for column in db.get_columns("request")):
        return
    _change(db, _model(db, of_client=False), FORGET, COPY_DOWN, POSTGRES_DOWN)


def _model(db, *, of_client):
    class Request(Model):
        id = BigAutoField() if is_postgres(db) else AutoIncrementField()
        reference = CharField(max_length=32, unique=True)
        token = CharField(max_length=32)
        policy = ForeignKeyField(_table(db, "policy"), null=of_client, on_delete="CASCADE")
        kind = CharField(max_length=16)
        actor_role = CharField(max_length=16)
        actor_id = BigIntegerField()
        asked_at = UtcDateTimeField()
        message = ForeignKeyField(_table(db, "message"), null=True, on_delete="SET NULL")
        password = ForeignKeyField(_table(db, "letter_password"), null=True, on_delete="SET NULL")

        class Meta:
            database = db
            table_name = "request"
            indexes = INDEXES if of_client else INDEXES_BEFORE

    if of_client:
        Request._meta.add_field("client", ForeignKeyField(_table(db, "client"), on_delete="CASCADE"))
    return Request


def _table(db, name):
    """A table that is only referred to."""

    class Referred(Model):
        id = BigAutoField()

        class Meta:
            database = db
            table_name = name

    return Referred


def _change(db, model, first, copy, on_postgres):
    """Give the table the shape of `model`, after the statements `first`."""
    if is_postgres(db):
        with db.atomic():
            for statement in (*first, *on_postgres):
                db.execute_sql(statement)
            model._schema.create_indexes()  # those that it lacks
        return
    db.execute_sql("PRAGMA foreign_keys = OFF")
    try:
        with db.atomic("IMMEDIATE"):
            for statement in first:
                db.execute_sql(statement)
            _make_anew(db, model, copy)
            if broken := db.execute_sql("PRAGMA foreign_key_check").fetchall():
                raise RuntimeError(f"rows that refer to nothing: {broken[:5]}")
    finally:
        db.execute_sql("PRAGMA foreign_keys = ON")


def _make_anew(db, model, copy):
    last = db.execute_sql("""SELECT "seq" FROM "sqlite_sequence" WHERE "name" = 'request'""").fetchone()
    model._meta.set_table_name("new_request")
    model._schema.create_table(safe=False)
    db.execute_sql(copy)
    db.execute_sql('DROP TABLE "request"')
    db.execute_sql('ALTER TABLE "new_request" RENAME TO "request"')
    model._meta.set_table_name("request")
    model._schema.create_indexes()
    if last:  # people quote the numbers, so that of an erased request is not given again
        db.execute_sql("""DELETE FROM "sqlite_sequence" WHERE "name" = 'request'""")
        db.execute_sql("""INSERT INTO "sqlite_sequence" ("name", "seq") VALUES ('request', ?)""", last)
