"""Sliding windows say when there is room again."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from peewee import Database

from tests.messages.outbox_parts import enqueue
from zone.clock import now
from zone.messages.models import Message
from zone.storage import full_until

HOUR = timedelta(hours=1)


@pytest.mark.parametrize("most", [1, 3])
def test_it_is_full_until_the_oldest_that_fits_is_an_hour_old(database: Database, most: int) -> None:
    def until() -> object:
        return full_until(Message.select(Message.queued_at), Message.queued_at, window=HOUR, most=most)

    begin = now()
    with time_machine.travel(begin, tick=False) as clock:
        for _ in range(most):
            assert until() is None
            enqueue()
            clock.shift(timedelta(minutes=1))
        assert until() == begin + HOUR
        clock.move_to(begin + HOUR - timedelta(seconds=1))
        assert until() == begin + HOUR
        clock.move_to(begin + HOUR)
        assert until() is None


def test_only_what_is_asked_about_counts(database: Database) -> None:
    enqueue()
    none = Message.select(Message.queued_at).where(Message.id < 0)
    assert full_until(none, Message.queued_at, window=HOUR, most=1) is None
