"""The database: SQLite for one machine, PostgreSQL for many; the same code on both.

There is no database of the process. A `Database` is opened by whoever starts (`create_app`, a command, a test) and
made current for the length of a request, a worker's step or a test by `using`. Models find it through
`CURRENT`, so two applications can live in one process.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit

from peewee import (
    Database,
    DatabaseProxy,
    InterfaceError,
    InternalError,
    Model,
    ModelSelect,
    OperationalError,
    PostgresqlDatabase,
)
from playhouse.pool import PooledPostgresqlDatabase, PooledSqliteDatabase

from zone import private_file
from zone.config import CannotStart

M = TypeVar("M", bound=Model)
T = TypeVar("T")


@dataclass
class _Ending:
    """What the end of one transaction brings: rows to be written before the commit, calls after it."""

    rows: list[tuple[Callable[[list[Any]], None], Any]] = field(default_factory=list)
    calls: list[Callable[[], None]] = field(default_factory=list)
    is_written: bool = False

    def add(self, write: Callable[[list[Any]], None], row: Any) -> None:
        if self.is_written:
            raise RuntimeError("what is written last in a transaction cannot bring more: it would be lost")
        self.rows.append((write, row))

    def write(self) -> None:
        self.is_written = True
        by_writer: dict[Callable[[list[Any]], None], list[Any]] = {}
        for write, row in self.rows:
            by_writer.setdefault(write, []).append(row)
        for write, rows in by_writer.items():
            write(rows)


_database: ContextVar[Database | None] = ContextVar("zone_database", default=None)
_ending: ContextVar[_Ending | None] = ContextVar("zone_ending", default=None)

# "full": what was committed outlives a power failure, or a message that was handed over could be queued again.
# "secure_delete": a key that was destroyed leaves no trace in the file.
SQLITE_PRAGMAS = {
    "journal_mode": "wal",
    "foreign_keys": 1,
    "busy_timeout": 10_000,
    "synchronous": "full",
    "secure_delete": 1,
}
# The database cannot do its work now, and a repeat may find it well. `InternalError` is how a server that was demoted
# refuses to write (SQLSTATE 25006); whatever else it stands for (a transaction that broke, a broken index) is no
# fault of what was asked either.
DATABASE_LOST = (OperationalError, InterfaceError, InternalError)
POOL = {"max_connections": 64, "stale_timeout": 300, "timeout": 10}


class BadDatabaseUrl(CannotStart):
    """The database URL cannot be understood; the message says what is accepted."""


class _Current(DatabaseProxy):
    """Stands for the database of the present context; peewee resolves it at each use."""

    __slots__ = ()

    def __init__(self) -> None:
        pass  # nothing to initialise: the context holds it

    def attach_callback(self, callback: Any) -> Any:
        """Fields want to know their database at definition; peewee's defaults fit both of ours."""
        return callback

    @property
    def obj(self) -> Database | None:
        return _database.get()


CURRENT = _Current()


class Base(Model):
    """What every model derives from."""

    class Meta:
        database = CURRENT
        legacy_table_names = False


def open_database(url: str) -> Database:
    """A pooled database for `sqlite:///path`, or `postgresql://user:password@host:port/name` (psycopg 3).

    Raises `BadDatabaseUrl`.
    """
    parts = urlsplit(url)
    if parts.scheme == "sqlite" and not parts.netloc and len(parts.path) > 1:
        path = unquote(parts.path[1:])
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).touch(mode=private_file.OWNER_ONLY)
        sqlite: Database = PooledSqliteDatabase(path, pragmas=SQLITE_PRAGMAS, check_same_thread=False, **POOL)
        return sqlite
    if parts.scheme == "postgresql" and parts.path.strip("/"):
        postgres: Database = PooledPostgresqlDatabase(url, prefer_psycopg3=True, **POOL)
        return postgres
    raise BadDatabaseUrl(
        "ZONE_DATABASE_URL: write sqlite:///path/to/zone.db or postgresql://user:password@host:port/name"
    )


def close_database(database: Database) -> None:
    """Close every connection that `open_database` made."""
    pool: Any = database  # playhouse has no types
    pool.close_all()


def is_postgres(database: Database) -> bool:
    """Whether `database` is PostgreSQL."""
    return isinstance(database, PostgresqlDatabase)


def current_database() -> Database:
    """The database of the present context; raises `RuntimeError` outside `using`."""
    database = _database.get()
    if database is None:
        raise RuntimeError("no database is current here; wrap the call in zone.storage.using(database)")
    return database


@contextmanager
def using(database: Database) -> Iterator[Database]:
    """Make `database` current and hold one of its connections until the end of the block."""
    token = _database.set(database)
    opened = database.connect(reuse_if_open=True)
    try:
        yield database
    finally:
        if opened:
            database.close()
        _database.reset(token)


@contextmanager
def transaction() -> Iterator[None]:
    """One transaction: all or nothing. An inner one joins the outer one as a savepoint.

    On SQLite it takes the write lock at once (`BEGIN IMMEDIATE`): a deferred one that reads and then writes is refused
    with "database is locked" under load. What `before_commit` and `after_commit` were given is done once, by the
    outermost; what they were given in a savepoint that was rolled back is not.
    """
    database = current_database()
    outer = _ending.get()
    if outer is not None:
        with _savepoint(database, outer):
            yield
        return
    ending = _Ending()
    token = _ending.set(ending)
    try:
        with database.atomic() if is_postgres(database) else database.atomic("IMMEDIATE"):
            yield
            ending.write()
    finally:
        _ending.reset(token)
    for callback in ending.calls:
        callback()


@contextmanager
def _savepoint(database: Database, ending: _Ending) -> Iterator[None]:
    rows, calls = len(ending.rows), len(ending.calls)
    try:
        with database.atomic():
            yield
    except BaseException:
        del ending.rows[rows:], ending.calls[calls:]
        raise


def before_commit(write: Callable[[list[T]], None], row: T) -> None:
    """Have `write` called once, last in the present transaction, with all rows that it was given there, in order.

    For rows whose place is contended: what `write` locks is held for no longer than the commit takes, and after
    every other lock of the transaction. Outside a transaction it is done in one of its own. Raises `RuntimeError` from
    within a `write`, as for that row the end would be over.
    """
    ending = _ending.get()
    if ending is not None:
        ending.add(write, row)
        return
    with transaction():
        before_commit(write, row)


def after_commit(callback: Callable[[], None]) -> None:
    """Run `callback` when the present transaction has committed; raises `RuntimeError` outside one."""
    ending = _ending.get()
    if ending is None:
        raise RuntimeError("after_commit needs a transaction around it")
    ending.calls.append(callback)


def locked(query: ModelSelect[M], *, skip: bool = False) -> ModelSelect[M]:
    """`query` holding its rows until the transaction ends; with `skip`, without those that another holds.

    SQLite needs nothing: the transaction holds the only write lock.
    """
    if not is_postgres(current_database()):
        return query
    return query.for_update(skip_locked=skip)
