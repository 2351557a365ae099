"""The rows of the trail for who looks at all of them: by place, in constant memory, without a model's cost for each."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple

from zone.audit.chain import SHARDS, End, Written
from zone.audit.models import Event
from zone.storage import current_database, is_postgres

CHUNK = 1000
BLOBS = (bytes, memoryview)
# PostgreSQL has moments, as infinity, that Python has not.
READABLE_AT = "CASE WHEN at BETWEEN '0001-01-01' AND '9999-12-31 23:59:59.999999' THEN at END"
COLUMNS = """id, shard, number, previous, hash, mac,
    {at}, tag, actor_role, actor_id, client_id, impersonation_id, facts, sealed"""
FIRST = """SELECT {columns} FROM event WHERE shard IS NOT NULL AND number IS NOT NULL
    ORDER BY shard, number, id LIMIT {chunk}"""
NEXT = """SELECT {columns} FROM event WHERE shard IS NOT NULL AND number IS NOT NULL AND (shard, number, id) > ({place})
    ORDER BY shard, number, id LIMIT {chunk}"""
NOWHERE = "SELECT {columns} FROM event WHERE shard IS NULL OR number IS NULL LIMIT 1"
HASHES = "SELECT shard, hash FROM event WHERE (shard, number) IN (VALUES {places})"


class Row(NamedTuple):
    """One event as it stands in the table, whatever somebody made of it."""

    id: int
    shard: int
    number: int
    previous: bytes
    hash: bytes
    mac: bytes | None
    at: Any
    said: tuple[str, str, int | None, int | None, int | None, str]
    sealed: bytes | None

    @property
    def has_no_shard(self) -> bool:
        """Whether it stands in none of the chains, where SQLite takes any number and any text."""
        shard: object = self.shard
        return not (isinstance(shard, int) and 0 <= shard < SHARDS)

    @property
    def has_no_number(self) -> bool:
        """Whether something else stands in its place, as SQLite takes anything."""
        number: object = self.number
        return not isinstance(number, int)

    @property
    def moment(self) -> datetime | None:
        """When it happened, if that can be read."""
        at = Event.at.python_value(self.at)
        return at if isinstance(at, datetime) else None

    @property
    def written(self) -> Written:
        """What it says; raises `ValueError` or `TypeError` where that cannot be."""
        at = self.moment
        if at is None or not self._is_as_written(at):
            raise ValueError("no moment, or not as it is written")
        return Written(at, *self.said, None if self.sealed is None else blob(self.sealed))

    def _is_as_written(self, moment: datetime) -> bool:
        """SQLite holds a moment as text and seeks by it: another text of the same moment would be out of its order."""
        stored = Event.at.db_value(moment)
        return bool(self.at == (str(stored) if isinstance(self.at, str) else stored))


def walk(*, chunk: int = CHUNK) -> Iterator[Row]:
    """All events in the order of their places; first one that has none, where somebody took a constraint away.

    Begins without a lower bound: whatever sorts before the first shard is a row that was put in.
    """
    yield from map(_row, _fetch(NOWHERE))
    some = _fetch(FIRST.replace("{chunk}", str(chunk)))
    while some:
        yield from map(_row, some)
        some = _after((some[-1][1], some[-1][2], some[-1][0]), chunk)


def hashes_at(ends: Sequence[End]) -> dict[int, bytes]:
    """What stands where the shards ended, by shard."""
    places = [(shard, end.number) for shard, end in enumerate(ends) if end.number]
    if not places:
        return {}
    marks = ", ".join(["({mark}, {mark})"] * len(places))
    rows = _fetch(HASHES.replace("{places}", marks), [number for place in places for number in place])
    return {shard: bytes(digest) if isinstance(digest, BLOBS) else b"" for shard, digest in rows}


def blob(value: object) -> bytes:
    """The bytes of a column of bytes. Raises `TypeError` for a number, which `bytes` makes so many zeros of."""
    if not isinstance(value, BLOBS):
        raise TypeError("no bytes")
    return bytes(value)


def _row(values: Sequence[Any]) -> Row:
    event_id, shard, number, previous, digest, mac, at, *said, sealed = values
    tag, role, actor_id, client_id, impersonation_id, facts = said
    what = (tag, role, actor_id, client_id, impersonation_id, facts)
    return Row(event_id, shard, number, previous, digest, mac, at, what, sealed)


def _after(place: tuple[object, ...], chunk: int) -> list[Sequence[Any]]:
    """What comes next. A text in the place, which may be no UTF-8, is given as it was stored."""
    marks = ["CAST({mark} AS TEXT)" if isinstance(part, str) else "{mark}" for part in place]
    values = [part.encode("utf-8", "surrogateescape") if isinstance(part, str) else part for part in place]
    return _fetch(NEXT.replace("{place}", ", ".join(marks)).replace("{chunk}", str(chunk)), values)


def _fetch(statement: str, values: Sequence[Any] = ()) -> list[Sequence[Any]]:
    database: Any = current_database()  # peewee's types lack execute_sql's cursor
    columns = COLUMNS.format(at=READABLE_AT if is_postgres(database) else "at")
    whole = statement.format(columns=columns, mark=database.param)
    if is_postgres(database):
        found = database.execute_sql(whole, values).fetchall()
    else:
        with _any_text(database.connection()):
            found = database.execute_sql(whole, values).fetchall()
    rows: list[Sequence[Any]] = found
    return rows


@contextmanager
def _any_text(connection: sqlite3.Connection) -> Iterator[None]:
    """Read text that is no UTF-8, which SQLite keeps too, as what no event of ours says."""
    before = connection.text_factory
    connection.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
    try:
        yield
    finally:
        connection.text_factory = before
