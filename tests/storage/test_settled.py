"""No row is passed over that is still being written."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager

import pytest
from peewee import Database, OperationalError

from tests.messages.outbox_parts import enqueue
from zone.messages.models import Message
from zone.storage import is_postgres, settled, transaction, using


@pytest.fixture
def postgresql(database: Database) -> Database:
    if not is_postgres(database):
        pytest.skip("SQLite has one writer at a time")
    return database


@contextmanager
def message_half_written(database: Database) -> Iterator[threading.Event]:
    """Another connection has inserted and not committed, until the event is set or the block ends."""
    inserted, end = threading.Event(), threading.Event()

    def insert() -> None:
        with using(database), transaction():
            enqueue()
            inserted.set()
            end.wait(30)

    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(insert)
        assert inserted.wait(30)
        try:
            yield end
        finally:
            end.set()
            writing.result()


def test_the_newest_is_told_once_every_lower_one_can_be_seen(postgresql: Database) -> None:
    def look() -> tuple[int | None, int]:
        with using(postgresql):
            return settled(Message), Message.select().count()

    with ThreadPoolExecutor(1) as pool, message_half_written(postgresql) as end:
        newest = enqueue().id
        looking: Future[tuple[int | None, int]] = pool.submit(look)
        assert not wait([looking], timeout=0.3).done
        end.set()
        assert looking.result(10) == (newest, 2)


def test_who_writes_on_and_on_holds_nobody_up_for_good(postgresql: Database) -> None:
    with message_half_written(postgresql), pytest.raises(OperationalError, match="stays open"):
        settled(Message)


def test_where_nobody_writes_it_is_told_at_once(database: Database) -> None:
    empty, newest = settled(Message), enqueue().id
    assert (empty, settled(Message)) == ((0, newest) if is_postgres(database) else (None, None))
