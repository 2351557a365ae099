from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from tests.accounts.conftest import HOME, LIMITS, PASSWORD, Door
from zone.accounts import sessions, step_up
from zone.accounts.principal import Principal
from zone.accounts.sign_in import SignedIn, WrongCredentials
from zone.accounts.throttle import CLOSE, TooManyAttempts
from zone.audit.models import Event
from zone.secret import Secret


def _prove(door: Door, signed_in: SignedIn, password: str, *, browser: Secret | None = None) -> Principal:
    return step_up.prove(door.vault, signed_in.principal, Secret(password), address=HOME, browser=browser)


def test_the_proof_of_sign_in_ages_and_is_renewed_for_this_session_alone(door: Door) -> None:
    with time_machine.travel("2026-05-01T08:00:00Z", tick=False) as clock:
        kitchen, office = door(), door()
        assert step_up.recently_proven(kitchen.principal, LIMITS)
        clock.shift(LIMITS.step_up - timedelta(seconds=1))
        assert step_up.recently_proven(kitchen.principal, LIMITS)
        clock.shift(1)
        assert not step_up.recently_proven(kitchen.principal, LIMITS)
        proven = _prove(door, kitchen, PASSWORD)
        assert step_up.recently_proven(proven, LIMITS)
        assert sessions.find(kitchen.token, limits=LIMITS, renew=True) == proven
        assert sessions.find(office.token, limits=LIMITS, renew=True) == office.principal


def test_a_wrong_password_proves_nothing(door: Door) -> None:
    signed_in = door()
    with pytest.raises(step_up.WrongPassword):
        _prove(door, signed_in, "wrong")
    assert sessions.find(signed_in.token, limits=LIMITS, renew=True) == signed_in.principal


def test_step_up_is_no_way_around_the_waits_of_sign_in(door: Door) -> None:
    signed_in = door()
    for _ in range(CLOSE.free - 1):
        with pytest.raises(step_up.WrongPassword):
            _prove(door, signed_in, "wrong")
    with pytest.raises(WrongCredentials):
        door("wrong")
    with pytest.raises(TooManyAttempts):
        _prove(door, signed_in, PASSWORD)
    _prove(door, signed_in, PASSWORD, browser=signed_in.browser)


def test_proofs_leave_events(door: Door) -> None:
    signed_in = door()
    _prove(door, signed_in, PASSWORD)
    with pytest.raises(step_up.WrongPassword):
        _prove(door, signed_in, "wrong")
    tags = [event.tag for event in Event.select().order_by(Event.id)]
    assert tags[-2:] == ["account:step_up", "account:step_up_refused"]


def test_a_session_that_ended_meanwhile_stays_ended(door: Door) -> None:
    signed_in = door()
    sessions.sign_out(signed_in.principal)
    _prove(door, signed_in, PASSWORD)
    assert sessions.find(signed_in.token, limits=LIMITS, renew=True) is None
