"""Turns at what has no row of its own to hold."""

from __future__ import annotations

from zone.storage.database import current_database, is_postgres


def take_turn(name: str) -> None:
    """Have all who take the turn of this name wait for each other: each has it until its transaction ends.

    Call it inside one. SQLite needs nothing: the transaction holds the only write lock.
    """
    database = current_database()
    if is_postgres(database):
        database.execute_sql("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (name,))
