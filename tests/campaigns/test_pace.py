"""Time is saved up and spent: never faster than the pace, never a burst after standing still."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from zone.campaigns.pace import SAVED_AT_MOST, begins_at, costs, spendable, spent

BEGIN = datetime(2026, 5, 3, 8, 0, tzinfo=UTC)
PACES = st.integers(1, 5000)


@given(PACES, st.lists(st.floats(0, 900), min_size=1, max_size=60))
def test_however_often_one_looks_no_more_go_than_the_pace_allows(per_hour: int, waits: list[float]) -> None:
    saved_from, at, gone = begins_at(per_hour, BEGIN), BEGIN, 0
    for wait in waits:
        at += timedelta(seconds=wait)
        now, counts_from = spendable(per_hour, saved_from, at)
        saved_from = spent(per_hour, counts_from, now)
        gone += now
        assert now <= 1 + SAVED_AT_MOST / costs(per_hour)
        assert spendable(per_hour, saved_from, at)[0] == 0
    assert gone <= 1 + (at - BEGIN) / costs(per_hour) + 1e-6


@given(PACES, st.floats(1, 179))
def test_who_looks_often_enough_loses_nothing(per_hour: int, wait: float) -> None:
    saved_from, at, gone = begins_at(per_hour, BEGIN), BEGIN, 0
    while at < BEGIN + timedelta(hours=1):
        at += min(timedelta(seconds=wait), BEGIN + timedelta(hours=1) - at)
        now, counts_from = spendable(per_hour, saved_from, at)
        saved_from, gone = spent(per_hour, counts_from, now), gone + now
    # Each interval is cut to whole microseconds.
    assert per_hour - 1 <= gone <= per_hour + 2


def test_the_first_goes_at_once_and_a_clock_that_was_put_back_brings_none() -> None:
    assert spendable(1, begins_at(1, BEGIN), BEGIN)[0] == 1
    assert spendable(200, BEGIN + timedelta(hours=1), BEGIN) == (0, BEGIN)


@given(PACES, st.lists(st.floats(-(10**6), 10**6), min_size=1, max_size=60))
def test_whatever_the_clock_does_time_is_saved_from_no_later_than_now(
    per_hour: int, jumps: list[float]
) -> None:
    saved_from, at = begins_at(per_hour, BEGIN), BEGIN
    for jump in jumps:
        at += timedelta(seconds=jump)
        now, counts_from = spendable(per_hour, saved_from, at)
        saved_from = spent(per_hour, counts_from, now)
        assert saved_from <= at
        assert 0 <= now <= 1 + SAVED_AT_MOST / costs(per_hour)
