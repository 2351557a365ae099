"""Events become links of a chain, and signed heads are kept; a message may be for somebody who is no client.

The events that exist are linked as they stand. They get hashes but no `mac`, as a migration has no keys: they are
covered from the first signed head on, which `db upgrade` makes at once.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import contextmanager
from datetime import UTC

from peewee import BigIntegerField, Model, TextField

from zone.storage import is_postgres
from zone.storage.fields import UtcDateTimeField

atomic = False  # SQLite cannot switch foreign keys off inside a transaction

MOVED = 'INSERT INTO "new_{table}" SELECT * FROM "{table}"'
SHARDS = 64
CHUNK = 1000
TABLES = ("event", "trail_head")
SQLITE_TRIGGER = """CREATE TRIGGER "{table}_no_{act}" BEFORE {act} ON "{table}"
       BEGIN SELECT RAISE(ABORT, 'events are append-only'); END"""
POSTGRES_TRIGGER = """CREATE TRIGGER "{table}_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "{table}"
       FOR EACH STATEMENT EXECUTE FUNCTION event_append_only()"""
INDEXES = {"event_shard_number": "shard, number", "event_tag_id": "tag, id"}
OLD = """SELECT id, at, tag, actor_role, actor_id, client_id, impersonation_id, facts FROM event
    WHERE id > {id} ORDER BY id LIMIT {chunk}"""
LINKED = """UPDATE event SET shard = v.column2, number = v.column3, previous = v.column4, hash = v.column5
    FROM (VALUES {rows}) AS v WHERE event.id = v.column1"""


def up(migrator, db):
    if db.table_exists("trail_head"):
        return  # killed before it was noted as done
    with _without_foreign_keys(db), db.atomic() if is_postgres(db) else db.atomic("IMMEDIATE"):
        _drop_triggers(db, "event")
        _add_columns(db)
        _link(db)
        _add_indexes(db)
        _make_heads(db)
        for table in TABLES:
            _create_triggers(db, table)
        _client_of_message(db, null=True)


def down(migrator, db):
    if not db.table_exists("trail_head"):
        return
    with _without_foreign_keys(db), db.atomic() if is_postgres(db) else db.atomic("IMMEDIATE"):
        for table in TABLES:
            _drop_triggers(db, table)
        db.execute_sql("DROP TABLE trail_head")
        for index in INDEXES:
            db.execute_sql(f'DROP INDEX "{index}"')
        for column in ("shard", "number", "sealed", "previous", "hash", "mac"):
            db.execute_sql(f"ALTER TABLE event DROP COLUMN {column}")
        _create_triggers(db, "event")
        db.execute_sql("DELETE FROM message WHERE client_id IS NULL")
        _client_of_message(db, null=False)


def _add_columns(db):
    blob = "BYTEA" if is_postgres(db) else "BLOB"
    empty = "''" if is_postgres(db) else "x''"
    whole = (
        {"shard": "SMALLINT", "number": "BIGINT"}
        if is_postgres(db)
        else {"shard": "INTEGER", "number": "INTEGER"}
    )
    for column, kind in whole.items():
        check = f"CHECK (shard BETWEEN 0 AND {SHARDS - 1})" if column == "shard" else ""
        db.execute_sql(f"ALTER TABLE event ADD COLUMN {column} {kind} NOT NULL DEFAULT 0 {check}")
    for column in ("previous", "hash"):
        db.execute_sql(f"ALTER TABLE event ADD COLUMN {column} {blob} NOT NULL DEFAULT {empty}")
    for column in ("sealed", "mac"):
        db.execute_sql(f"ALTER TABLE event ADD COLUMN {column} {blob}")


def _link(db):
    """In the order of their ids, by the rule of `zone.audit.chain` as it was when this was written."""
    ends = {shard: (0, bytes(32)) for shard in range(SHARDS)}
    mark, last = db.param, 0
    while rows := db.execute_sql(OLD.format(id=last, chunk=CHUNK)).fetchall():
        linked = []
        for row in rows:
            last, *said = row
            shard = _shard(row)
            number, previous = ends[shard]
            ends[shard] = number + 1, _hash(shard, number + 1, previous, said)
            linked += [last, shard, number + 1, previous, ends[shard][1]]
        values = ", ".join([f"({', '.join([mark] * 5)})"] * len(rows))
        db.execute_sql(LINKED.format(rows=values), linked)
    if is_postgres(db):
        for column in ("shard", "number", "previous", "hash"):
            db.execute_sql(f"ALTER TABLE event ALTER COLUMN {column} DROP DEFAULT")


def _shard(row):
    event_id, _, _, _, actor_id, client_id, *_ = row
    key = actor_id if client_id is None else client_id
    return (event_id if key is None else key) % SHARDS


def _hash(shard, number, previous, said):
    at, *others = said
    moment = UtcDateTimeField().python_value(at).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    fields = ("zone-event-1", shard, number, previous.hex(), moment, *others, None)
    return hashlib.sha256(json.dumps(fields, separators=(",", ":")).encode("ascii")).digest()


def _add_indexes(db):
    for index, columns in INDEXES.items():
        unique = "UNIQUE " if index == "event_shard_number" else ""
        db.execute_sql(f'CREATE {unique}INDEX "{index}" ON "event" ({columns})')


def _make_heads(db):
    class SignedHead(Model):
        number = BigIntegerField(primary_key=True)
        at = UtcDateTimeField()
        text = TextField()

        class Meta:
            database = db
            table_name = "trail_head"

    db.create_tables([SignedHead])


def _create_triggers(db, table):
    if is_postgres(db):
        db.execute_sql(POSTGRES_TRIGGER.format(table=table))
        return
    for act in ("update", "delete"):
        db.execute_sql(SQLITE_TRIGGER.format(table=table, act=act))


def _drop_triggers(db, table):
    if is_postgres(db):
        db.execute_sql(f'DROP TRIGGER "{table}_append_only" ON "{table}"')
        return
    for act in ("update", "delete"):
        db.execute_sql(f'DROP TRIGGER "{table}_no_{act}"')


def _client_of_message(db, *, null):
    if is_postgres(db):
        db.execute_sql(f"ALTER TABLE message ALTER COLUMN client_id {'DROP' if null else 'SET'} NOT NULL")
        return
    before, after = '"client_id" INTEGER NOT NULL', '"client_id" INTEGER'
    _make_anew(db, "message", *((before, after) if null else (after, before)))


def _make_anew(db, table, before, after):
    """SQLite changes no column: https://www.sqlite.org/lang_altertable.html, section 7."""
    parts = "SELECT sql FROM sqlite_schema WHERE tbl_name = ? AND type = ? AND sql IS NOT NULL"
    ((definition,),) = db.execute_sql(parts, (table, "table")).fetchall()
    indexes = db.execute_sql(parts, (table, "index")).fetchall()
    ((newest,),) = db.execute_sql("SELECT max(seq) FROM sqlite_sequence WHERE name = ?", (table,)).fetchall()
    for statement in (
        definition.replace(f'"{table}"', f'"new_{table}"', 1).replace(before, after, 1),
        MOVED.format(table=table),
        f'DROP TABLE "{table}"',
        f'ALTER TABLE "new_{table}" RENAME TO "{table}"',
        *(index for (index,) in indexes),
    ):
        db.execute_sql(statement)
    if newest is not None:  # numbers are given once, those of deleted rows too
        db.execute_sql("DELETE FROM sqlite_sequence WHERE name = ?", (table,))
        db.execute_sql("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (table, newest))
    if broken := db.execute_sql("PRAGMA foreign_key_check").fetchall():
        raise RuntimeError(f"rows that refer to nothing: {broken[:5]}")


@contextmanager
def _without_foreign_keys(db):
    """On SQLite; a table that others refer to could not be made anew."""
    if is_postgres(db):
        yield
        return
    db.execute_sql("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        db.execute_sql("PRAGMA foreign_keys = ON")
