"""What the worker looks after besides sending."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

import pytest
from peewee import Database, OperationalError

from zone.messages.chores import Chore
from zone.storage import current_database


def run_until(database: Database, done: threading.Event, *chores: Chore) -> None:
    stop = threading.Event()
    threads = [threading.Thread(target=chore.run, args=(database, stop)) for chore in chores]
    for thread in threads:
        thread.start()
    assert done.wait(20)
    stop.set()
    for thread in threads:
        thread.join(10)
        assert not thread.is_alive()


def test_each_is_done_again_and_again_with_a_database(database: Database) -> None:
    done = threading.Event()
    seen: list[Database] = []

    def act() -> None:
        seen.append(current_database())
        if len(seen) == 2:
            done.set()

    late: list[str] = []
    not_yet = Chore("not yet", 3600, lambda: late.append("too early"), at_once=False)
    run_until(database, done, Chore("often", 0.01, act), not_yet)
    assert seen[:2] == [database, database]
    assert late == []


@pytest.mark.parametrize(
    ("fault", "told"), [(ValueError("a secret"), "ValueError at"), (OperationalError("away"), "trying again")]
)
def test_one_that_fails_is_told_and_keeps_nobody_back(
    database: Database, caplog: pytest.LogCaptureFixture, fault: Exception, told: str
) -> None:
    done = threading.Event()

    def fail() -> None:
        raise fault

    act: Callable[[], object] = done.set
    with caplog.at_level(logging.WARNING):
        run_until(database, done, Chore("fails", 3600, fail), Chore("works", 3600, act))
    assert told in caplog.text
    assert "a secret" not in caplog.text
