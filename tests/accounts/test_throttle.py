from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from peewee import Database

from zone.accounts import throttle
from zone.accounts.models import Throttle
from zone.accounts.throttle import ACCOUNT, ADDRESS, CLOSE, TRY_WAITS, TooManyAttempts, Waits
from zone.clock import now
from zone.storage import using
from zone.vault import Vault

Clock = time_machine.Traveller
TABLES = pytest.mark.parametrize(
    "waits", [CLOSE, ADDRESS, ACCOUNT, TRY_WAITS], ids=["close", "address", "account", "try"]
)
each_example_in_its_own_time = settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(autouse=True)
def current(database: Database) -> Database:
    return database


@pytest.fixture
def clock() -> Iterator[Clock]:
    with time_machine.travel("2026-05-01T08:00:00Z", tick=False) as clock:
        yield clock


def _wait(key: str, waits: Waits) -> timedelta:
    """Attempt once; how long the next one has to wait."""
    throttle.begin({key: waits})
    row: Throttle = Throttle.get_by_id(key)
    return row.waits_until - now() if row.waits_until else timedelta(0)


@TABLES
def test_who_comes_back_the_moment_the_wait_is_over_waits_ever_longer(waits: Waits, clock: Clock) -> None:
    seen = []
    for _ in range(waits.free + len(waits.steps) + 4):
        seen.append(_wait("a", waits))
        clock.shift(seen[-1])
    assert seen == sorted(seen)
    assert seen.count(timedelta(0)) == waits.free - 1
    assert set(seen) == {timedelta(0), *waits.steps}


@TABLES
@each_example_in_its_own_time
@given(data=st.data())
def test_waits_never_shrink_for_who_gives_no_peace(waits: Waits, clock: Clock, data: st.DataObject) -> None:
    """However an attacker times the attempts, as long as all come sooner than one is forgiven."""
    Throttle.delete().execute()
    longest = timedelta(0)
    for _ in range(waits.free + len(waits.steps) + 2):
        wait = _wait("a", waits)
        assert wait >= longest
        longest = wait
        pause = data.draw(st.integers(0, int((waits.forgive - wait).total_seconds())))
        clock.shift(wait + timedelta(seconds=pause))


@TABLES
@each_example_in_its_own_time
@given(pauses=st.lists(st.integers(0, 3_000), max_size=80))
def test_no_timing_admits_more_than_the_table(waits: Waits, clock: Clock, pauses: list[int]) -> None:
    """Over any length of time: what is free at once, and one for each time that one is forgiven."""
    Throttle.delete().execute()
    start, admitted = now(), 0
    for pause in pauses:
        clock.shift(pause)
        with suppress(TooManyAttempts):
            throttle.begin({"a": waits})
            admitted += 1
        assert admitted <= waits.free + len(waits.steps) + (now() - start) / waits.forgive


@TABLES
def test_forgiving_takes_at_least_the_longest_wait(waits: Waits) -> None:
    assert list(waits.steps) == sorted(waits.steps)
    assert waits.forgive >= waits.steps[-1]


def test_a_refused_attempt_lengthens_nothing(clock: Clock) -> None:
    for _ in range(CLOSE.free):
        throttle.begin({"a": CLOSE})
    untils = set()
    for _ in range(9):
        with pytest.raises(TooManyAttempts) as refusal:
            throttle.begin({"a": CLOSE})
        untils.add(refusal.value.until)
        clock.shift(1)
    assert untils == {now() - timedelta(seconds=9) + CLOSE.steps[0]}


def test_a_refused_attempt_is_counted_in_no_bucket(clock: Clock) -> None:
    for _ in range(CLOSE.free):
        throttle.begin({"b": CLOSE})
    with pytest.raises(TooManyAttempts):
        throttle.begin({"a": CLOSE, "b": CLOSE})
    assert Throttle.get_or_none(Throttle.key == "a") is None


def test_the_longest_of_several_waits_is_told(clock: Clock) -> None:
    slow = Waits(free=1, steps=(timedelta(minutes=7),), forgive=timedelta(minutes=7))
    quick = Waits(free=1, steps=(timedelta(seconds=7),), forgive=timedelta(minutes=7))
    throttle.begin({"a": slow, "b": quick})
    with pytest.raises(TooManyAttempts) as refusal:
        throttle.begin({"a": slow, "b": quick})
    assert refusal.value.until == now() + timedelta(minutes=7)


def test_success_forgets_the_failures_under_its_own_keys_alone(clock: Clock) -> None:
    for key in ("a", "b"):
        for _ in range(CLOSE.free):
            throttle.begin({key: CLOSE})
    throttle.succeed("a")
    assert _wait("a", CLOSE) == timedelta(0)
    with pytest.raises(TooManyAttempts):
        throttle.begin({"b": CLOSE})


@each_example_in_its_own_time
@given(attempts=st.integers(0, 40))
def test_what_is_taken_back_was_never_there(clock: Clock, attempts: int) -> None:
    Throttle.delete().execute()
    for _ in range(attempts):
        clock.shift(_wait("a", ACCOUNT))
    throttle.begin({"a": ACCOUNT})
    throttle.take_back({"a": ACCOUNT})
    row = Throttle.get_by_id("a")
    if row.waits_until:
        assert row.waits_until <= now() + ACCOUNT.after(attempts)
        clock.move_to(row.waits_until)
    throttle.begin({"a": ACCOUNT})


def test_attempts_that_share_keys_in_any_order_neither_deadlock_nor_get_lost(database: Database) -> None:
    plenty = Waits(free=1_000, steps=(timedelta(seconds=1),), forgive=timedelta(hours=1))
    keys = [["a", "b", "c"], ["c", "a", "d"], ["d", "b", "a"], ["b", "d", "c"]]

    def attempt(number: int) -> None:
        with using(database):
            throttle.begin(dict.fromkeys(keys[number % 4], plenty))
            throttle.sweep()

    with ThreadPoolExecutor(32) as pool:
        list(pool.map(attempt, range(80)))
    counted = {row.key: round((row.forgiven_at - now()) / plenty.forgive) for row in Throttle.select()}
    assert counted == dict.fromkeys("abcd", 60)


def test_sweeping_takes_what_is_forgiven(clock: Clock) -> None:
    throttle.begin({"old": CLOSE})
    clock.shift(CLOSE.forgive)
    throttle.begin({"new": CLOSE})
    clock.shift(1)
    throttle.sweep()
    assert [row.key for row in Throttle.select()] == ["new"]


def test_keys_differ_by_kind_and_by_every_part_and_tell_nothing(vault: Vault) -> None:
    several: list[list[str | int]] = [["b", "c"], ["bc"], ["b\0c"], [1], ["1"]]
    keys = [throttle.key(vault, "a", *parts) for parts in several] + [throttle.key(vault, "ab", "c")]
    assert len(set(keys)) == 6
    assert {len(key) for key in keys} == {64}
