"""Reading rows in the order of their ids without passing over one that is still being written."""

from __future__ import annotations

import time
from typing import Any

from peewee import Model, OperationalError

from zone.storage.database import current_database, is_postgres

# An insert holds this lock on its table from before it draws its id until its transaction ends. The snapshot is taken
# before the locks are read, so who drew an id below the newest is among the writers, or has ended.
NEWEST_AND_WRITERS = """
    SELECT (SELECT max(id) FROM {table}), ARRAY(
        SELECT virtualtransaction FROM pg_locks
        WHERE locktype = 'relation' AND relation = '{table}'::regclass AND mode = 'RowExclusiveLock'
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
            AND granted AND pid <> pg_backend_pid())
"""
STILL_OPEN = "SELECT EXISTS (SELECT FROM pg_locks WHERE virtualtransaction = ANY(%s))"
# Transactions are short: no network, no file, no hashing inside.
PATIENCE = 3.0
LOOK_EVERY = 0.01


def settled(model: type[Model]) -> int | None:
    """The newest id of `model`, once no transaction can commit a lower one any more; none where all ids are settled.

    PostgreSQL draws ids before their transactions commit, so a higher one may be seen first. Here those that write to
    the table are waited for, without holding up any. SQLite has one writer at a time and needs nothing.

    Raises `OperationalError` when one stays open for more than three seconds.
    """
    database: Any = current_database()  # peewee's types lack execute_sql's cursor
    if not is_postgres(database):
        return None
    table = model._meta.table_name
    newest, writers = database.execute_sql(NEWEST_AND_WRITERS.format(table=f'"{table}"')).fetchone()
    give_up = time.monotonic() + PATIENCE
    while writers and database.execute_sql(STILL_OPEN, (writers,)).fetchone()[0]:
        if time.monotonic() > give_up:
            raise OperationalError(f"a transaction that writes to {table} stays open")
        time.sleep(LOOK_EVERY)
    return newest or 0
