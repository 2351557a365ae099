"""The number of a row that was deleted is never given again: the trail may still speak of it.

PostgreSQL's sequences hold that by themselves. SQLite needs AUTOINCREMENT, and to add it the table is made anew as
https://www.sqlite.org/lang_altertable.html (section 7) says; outside a transaction, or foreign keys cannot be
switched off.
"""

from __future__ import annotations

from zone.storage import is_postgres

atomic = False

MOVED = 'INSERT INTO "new_{table}" SELECT * FROM "{table}"'
TABLES = ("client", "account", "message")
PLAIN = '"id" INTEGER NOT NULL PRIMARY KEY'
NEVER_AGAIN = f"{PLAIN} AUTOINCREMENT"


def up(migrator, db):
    if not is_postgres(db):
        _rebuild(db, NEVER_AGAIN)


def down(migrator, db):
    if not is_postgres(db):
        _rebuild(db, PLAIN)


def _rebuild(db, number):
    db.execute_sql("PRAGMA foreign_keys = OFF")
    try:
        with db.atomic("IMMEDIATE"):
            for table in TABLES:
                _make_anew(db, table, number)
            if broken := db.execute_sql("PRAGMA foreign_key_check").fetchall():
                raise RuntimeError(f"rows that refer to nothing: {broken[:5]}")
    finally:
        db.execute_sql("PRAGMA foreign_keys = ON")


def _make_anew(db, table, number):
    parts = "SELECT sql FROM sqlite_schema WHERE tbl_name = ? AND type = ? AND sql IS NOT NULL"
    ((definition,),) = db.execute_sql(parts, (table, "table")).fetchall()
    indexes = db.execute_sql(parts, (table, "index")).fetchall()
    # After a kill it may be done already.
    plain = definition.replace(NEVER_AGAIN, PLAIN)
    for statement in (
        plain.replace(f'"{table}"', f'"new_{table}"', 1).replace(PLAIN, number, 1),
        MOVED.format(table=table),
        f'DROP TABLE "{table}"',
        f'ALTER TABLE "new_{table}" RENAME TO "{table}"',
        *(index for (index,) in indexes),
    ):
        db.execute_sql(statement)
