"""What is written last in a transaction."""

from __future__ import annotations

import pytest
from peewee import Database

from zone.audit import SYSTEM, Tag, record
from zone.audit.models import Event
from zone.storage import before_commit, transaction


def test_rows_are_written_once_in_their_order(database: Database) -> None:
    written: list[list[int]] = []
    with transaction():
        before_commit(written.append, 1)
        with transaction():
            before_commit(written.append, 2)
        assert written == []
    before_commit(written.append, 3)
    assert written == [[1, 2], [3]]


def test_who_writes_last_cannot_bring_more(database: Database) -> None:
    """It would be lost, and what the transaction did would stand without it."""

    def leave_one_more(_: list[int]) -> None:
        record(Tag.SIGN_OUT, SYSTEM)

    with pytest.raises(RuntimeError, match="cannot bring more"):
        before_commit(leave_one_more, 1)
    assert Event.select().count() == 0
    record(Tag.SIGN_IN, SYSTEM)
    assert Event.select().count() == 1
