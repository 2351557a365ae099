"""The statements that a piece of work sends to its database, and the plans that the database makes for them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from peewee import Database

from zone.storage import is_postgres

SHORT_WAYS = ("seqscan", "bitmapscan", "sort", "hashjoin", "mergejoin")


@contextmanager
def counting(database: Database) -> Iterator[list[str]]:
    """Collects the text of each statement until the end of the block."""
    with _listening(database) as statements:
        texts: list[str] = []
        yield texts
        texts += [text for text, _ in statements]


@contextmanager
def planning(database: Database) -> Iterator[list[tuple[str, str]]]:
    """Collects each SELECT and how the database would answer it if its tables were large."""
    plans: list[tuple[str, str]] = []
    with _listening(database) as statements:
        yield plans
    for text, values in statements:
        if text.startswith("SELECT"):
            plans.append((text, _plan(database, text, values)))


def _plan(database: Any, text: str, values: Any) -> str:
    if not is_postgres(database):
        return "\n".join(row[3] for row in database.execute_sql(f"EXPLAIN QUERY PLAN {text}", values))
    # Tables of five rows would be read whole and sorted, index or not.
    for way in SHORT_WAYS:
        database.execute_sql(f"SET enable_{way} = off")
    plan = "\n".join(row[0] for row in database.execute_sql(f"EXPLAIN {text}", values))
    for way in SHORT_WAYS:
        database.execute_sql(f"RESET enable_{way}")
    return plan


@contextmanager
def _listening(database: Any) -> Iterator[list[tuple[str, Any]]]:
    heard: list[tuple[str, Any]] = []
    execute = database.execute_sql

    def listen(sql: str, params: Any = None) -> Any:
        heard.append((sql, params))
        return execute(sql, params)

    database.execute_sql = listen
    try:
        yield heard
    finally:
        database.execute_sql = execute
