"""All that a database holds, as text."""

from __future__ import annotations

from peewee import Database


def snapshot(database: Database) -> dict[str, list[str]]:
    """The rows of each table, in a form to compare and to search; bytes as hexadecimal digits."""
    return {table: sorted(_rows(database, table)) for table in database.get_tables()}


def _rows(database: Database, table: str) -> list[str]:
    cursor = database.execute_sql(f'SELECT * FROM "{table}"')
    return ["\t".join(_text(value) for value in row) for row in cursor.fetchall()]


def _text(value: object) -> str:
    return bytes(value).hex() if isinstance(value, bytes | memoryview) else str(value)
