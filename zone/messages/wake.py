"""Waking the worker at the moment a message is queued.

PostgreSQL carries the nudge itself (NOTIFY, delivered at commit). SQLite has nothing of the kind: there each
lane of each worker listens on a unix datagram socket, and whoever has committed nudges them all. The sockets
lie in the user's own directory under the system's temporary one, because a socket's path must be short, and
their names begin with that of the database. A nudge is a courtesy: lanes look by themselves once a second, so
a lost one costs a moment and nothing else.
"""

from __future__ import annotations

import hashlib
import logging
import os
import secrets
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import psycopg
from peewee import Database, OperationalError

from zone.messages.models import Channel
from zone.private_file import is_private
from zone.storage import after_commit, current_database, is_postgres

log = logging.getLogger(__name__)


class Bell(Protocol):
    """What a lane waits at."""

    def wait(self, seconds: float) -> None:
        """Return at the next nudge, at once if one came since the last wait, or after `seconds`."""


def nudge(channel: Channel) -> None:
    """Wake every worker's lane for `channel` once the present transaction has committed."""
    database = current_database()
    if is_postgres(database):
        database.execute_sql("SELECT pg_notify(%s, '')", (_notification(channel),))
    else:
        after_commit(lambda: _ring(_prefix(database, channel)))


@contextmanager
def listening(channel: Channel) -> Iterator[Bell]:
    """A bell for `channel` on the current database, on PostgreSQL by the very connection that is in use."""
    database = current_database()
    if is_postgres(database):
        database.execute_sql(f"LISTEN {_notification(channel)}")
        yield _NotifyBell(database)
        database.execute_sql(f"UNLISTEN {_notification(channel)}")
        return
    path = sockets() / f"{_prefix(database, channel)}{secrets.token_hex(4)}"
    path.parent.mkdir(mode=0o700, exist_ok=True)
    if not is_private(path.parent):
        raise PermissionError(f"remove {path.parent}: it must be a directory that its owner alone can enter")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as bound:
        bound.bind(str(path))
        try:
            yield _SocketBell(bound)
        finally:
            path.unlink(missing_ok=True)


class _NotifyBell:
    def __init__(self, database: Database) -> None:
        self._connection: psycopg.Connection = database.connection()

    def wait(self, seconds: float) -> None:
        """Raises `OperationalError` when the connection is lost."""
        try:
            for _ in self._connection.notifies(timeout=seconds, stop_after=1):
                pass
            for _ in self._connection.notifies(timeout=0):
                pass  # one look answers them all
        except psycopg.OperationalError as error:
            raise OperationalError(*error.args) from error


class _SocketBell:
    def __init__(self, bound: socket.socket) -> None:
        self._socket = bound

    def wait(self, seconds: float) -> None:
        self._socket.settimeout(seconds)
        try:
            while True:
                self._socket.recv(1)
                self._socket.settimeout(0)  # one look answers them all
        except (TimeoutError, BlockingIOError):
            return


def _notification(channel: Channel) -> str:
    return f"zone_outbox_{channel}"


def sockets() -> Path:
    """The directory where this user's workers listen."""
    return Path(tempfile.gettempdir()) / f"zone-{os.getuid()}"


def _prefix(database: Database, channel: Channel) -> str:
    path = os.fsencode(Path(database.database).resolve())
    return f"{hashlib.sha256(path).hexdigest()[:16]}-{channel}-"


def _ring(prefix: str) -> None:
    """Nudge all who listen. What was committed stands, so nothing that goes wrong here may go further."""
    directory = sockets()
    if not is_private(directory):
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as caller:
        caller.setblocking(False)
        for path in directory.glob(f"{prefix}*"):
            try:
                caller.sendto(b"!", str(path))
            except ConnectionRefusedError:
                path.unlink(missing_ok=True)  # its worker was killed
            except BlockingIOError:
                pass  # it has calls enough
            except OSError as error:
                log.warning("the worker could not be nudged: %s", error.strerror)
