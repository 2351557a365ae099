"""Turns by name: who comes second waits until the first has committed."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor, wait

import pytest
from peewee import Database

from zone.storage import is_postgres, take_turn, transaction, using


@pytest.mark.parametrize("name", ["one", "other"])
def test_a_turn_ends_with_its_transaction(database: Database, name: str) -> None:
    if not is_postgres(database):
        pytest.skip("SQLite has one writer at a time")
    taken, end = threading.Event(), threading.Event()

    def first() -> None:
        with using(database), transaction():
            take_turn("one")
            taken.set()
            end.wait(30)

    def second() -> None:
        with using(database), transaction():
            take_turn(name)

    with ThreadPoolExecutor(2) as pool:
        holding = pool.submit(first)
        assert taken.wait(30)
        waiting = pool.submit(second)
        has_to_wait = not wait([waiting], timeout=0.5).done
        end.set()
        holding.result(10)
        waiting.result(10)
    assert has_to_wait == (name == "one")
