from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine

from tests.accounts.conftest import LIMITS, Add, Door
from zone.accounts import sessions
from zone.accounts.disown import disown
from zone.accounts.models import Session
from zone.accounts.principal import Principal
from zone.audit.models import Event
from zone.secret import Secret

Clock = time_machine.Traveller


@pytest.fixture
def clock() -> Iterator[Clock]:
    with time_machine.travel("2026-05-01T08:00:00Z", tick=False) as clock:
        yield clock


def _find(token: Secret, *, renew: bool = True) -> Principal | None:
    return sessions.find(token, limits=LIMITS, renew=renew)


def test_a_token_stolen_before_sign_out_is_worthless_after_it(door: Door) -> None:
    signed_in = door()
    sessions.sign_out(signed_in.principal)
    sessions.sign_out(signed_in.principal)
    assert _find(signed_in.token) is None
    assert [event.tag for event in Event.select()].count("account:sign_out") == 1


def test_signing_out_ends_this_session_alone(door: Door) -> None:
    kitchen, office = door(), door()
    sessions.sign_out(kitchen.principal)
    assert _find(office.token) == office.principal


@pytest.mark.parametrize("token", ["", "x", "A" * 43])
def test_a_made_up_token_is_nobody(door: Door, token: str) -> None:
    door()
    assert _find(Secret(token)) is None


def test_what_the_database_keeps_opens_no_session(door: Door) -> None:
    door()
    assert _find(Secret(Session.get().token_hash)) is None


def test_an_idle_session_ends_and_leaves_no_row(door: Door, clock: Clock) -> None:
    token = door().token
    clock.shift(LIMITS.session_idle - timedelta(seconds=1))
    assert _find(token, renew=False)
    clock.shift(1)
    assert _find(token) is None
    assert Session.select().count() == 0


def test_a_session_in_use_lives_on_until_the_absolute_limit(door: Door, clock: Clock) -> None:
    token = door().token
    while Session.get().started_at + LIMITS.session_absolute > Session.get().seen_at + timedelta(minutes=14):
        clock.shift(timedelta(minutes=14))
        assert _find(token)
    clock.shift(timedelta(minutes=14))
    assert _find(token) is None


def test_polling_keeps_no_session_alive(door: Door, clock: Clock) -> None:
    token = door().token
    polls = 0
    while _find(token, renew=False):
        clock.shift(5)
        polls += 1
    assert polls * timedelta(seconds=5) == LIMITS.session_idle


@pytest.mark.parametrize("gap", [1, 7, 29, 30, 31, 600])
def test_idle_time_ends_at_most_half_a_minute_early_and_never_late(
    door: Door, clock: Clock, gap: int
) -> None:
    token = door().token
    for _ in range(5):
        clock.shift(gap)
        assert _find(token)
    clock.shift(LIMITS.session_idle - sessions.SEEN_EVERY)
    assert _find(token, renew=False)
    clock.shift(sessions.SEEN_EVERY)
    assert _find(token) is None


def test_clicking_around_costs_one_write_in_half_a_minute(door: Door, clock: Clock) -> None:
    token = door().token
    written = set()
    for _ in range(60):
        clock.shift(1)
        assert _find(token)
        written.add(Session.get().seen_at)
    assert len(written) == 3


def test_sweeping_takes_the_ended_sessions_and_only_them(door: Door, clock: Clock) -> None:
    door()
    clock.shift(LIMITS.session_idle - timedelta(seconds=1))
    fresh = door()
    clock.shift(2)
    sessions.sweep(LIMITS)
    assert [session.id for session in Session.select()] == [fresh.principal.session_id]


def test_signing_out_elsewhere_ends_all_but_this_session_and_tells_once(door: Door, add: Add) -> None:
    add("peter@example.org")
    here, phone, work = door(), door(), door()
    peter = door(email="peter@example.org")
    assert sessions.sign_out_others(here.principal) == 2
    assert sessions.sign_out_others(here.principal) == 0
    assert (_find(phone.token), _find(work.token)) == (None, None)
    assert _find(here.token) == here.principal
    assert _find(peter.token) == peter.principal
    assert [event.tag for event in Event.select()].count("account:signed_out_elsewhere") == 1


def test_what_is_open_is_listed_last_used_first_without_what_has_ended(door: Door, clock: Clock) -> None:
    ended, idle, here = door(), door(), door()
    sessions.sign_out(ended.principal)
    clock.shift(60)
    _find(here.token)
    client_id = here.principal.client_id
    assert client_id
    listed = [session.id for session in sessions.open_of(client_id, LIMITS)]
    assert listed == [here.principal.session_id, idle.principal.session_id]
    clock.shift(LIMITS.session_idle - timedelta(seconds=30))
    assert [session.id for session in sessions.open_of(client_id, LIMITS)] == [here.principal.session_id]
    assert sessions.open_of(client_id + 1, LIMITS) == []


def test_who_says_it_was_not_them_is_signed_out_everywhere_else(door: Door) -> None:
    here, stranger = door(), door()
    disown(here.principal, 1)
    disown(here.principal, 1)
    assert _find(stranger.token) is None
    assert _find(here.token) == here.principal
