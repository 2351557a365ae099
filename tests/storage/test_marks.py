"""Marks of where a page begins, and counts that end."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from peewee import Database

from tests.copied_rows import copy_rows
from tests.messages.outbox_parts import enqueue
from zone.messages.models import Message
from zone.storage import capped, marks
from zone.storage.capped import Capped, capped_count
from zone.storage.marks import EPOCH

MOMENTS = st.timedeltas(timedelta(), timedelta(days=300_000)).map(lambda since: EPOCH + since)


@given(MOMENTS, st.integers(0, 10**18 - 1))
def test_a_mark_comes_back_as_it_was_written(moment: datetime, row: int) -> None:
    read = marks.read(str(marks.at(moment, row)))
    assert (read.moment, read.row) == (moment, row)


@given(st.text() | st.from_regex(r"[0-9]*\.[0-9]*", fullmatch=True))
def test_whatever_an_address_holds_is_a_mark_or_refused(text: str) -> None:
    try:
        mark = marks.read(text)
    except ValueError:
        return
    assert mark.moment >= marks.EPOCH
    assert mark.row < 2**63


@pytest.mark.parametrize(
    "text", ["", "1", "1.", ".1", "-1.1", "1.1 ", "1.1.1", f"1.{10**18}", "\u0661.\u0661"]
)
def test_what_was_not_written_by_us_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no mark"):
        marks.read(text)


def test_a_count_goes_no_further_than_it_must(database: Database) -> None:
    assert capped_count(Message.select()) == Capped(0)
    enqueue(lifetime=timedelta(hours=1))
    assert capped_count(Message.select(), Message.select()) == Capped(2)
    copy_rows(Message, capped.MOST - 1)
    assert capped_count(Message.select()) == Capped(1000)
    assert capped_count(Message.select(), Message.select()) == Capped(1000, more=True)
    enqueue()
    assert capped_count(Message.select()) == Capped(1000, more=True)
