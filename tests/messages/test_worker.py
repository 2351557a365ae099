from __future__ import annotations

import threading
import time
from datetime import timedelta
from functools import partial

from peewee import Database

from tests.messages.outbox_parts import (
    ON_POSTGRES,
    Carrier,
    comes_to,
    enqueue,
    fresh,
    render_sms,
    state,
    until,
    working,
)
from zone.messages import claims
from zone.messages.claims import LEASES, Leases
from zone.messages.handover import Status
from zone.messages.models import Channel, Kind, Message
from zone.messages.render import Sms

SHORT = {channel: Leases(timedelta(seconds=0.5), timedelta(seconds=0.5)) for channel in Channel}


def test_what_was_queued_before_the_start_goes_out_in_order(database: Database) -> None:
    messages = [enqueue() for _ in range(5)]
    carrier = Carrier()
    with working(database, sms=carrier):
        until(lambda: len(carrier.taken) == 5)
    assert carrier.taken == [message.reference for message in messages]


def test_the_worker_is_woken_and_does_not_wait_for_its_next_look(database: Database) -> None:
    carrier = Carrier()
    took = []

    def took_all(count: int) -> bool:
        return len(carrier.taken) == count

    with working(database, sms=carrier):
        for count in range(1, 16):
            enqueue()
            began = time.perf_counter()
            until(partial(took_all, count))
            took.append(time.perf_counter() - began)
    assert sorted(took)[7] < 0.2


def test_slow_mail_does_not_hold_up_a_password(database: Database) -> None:
    release = threading.Event()
    mail = Carrier(during=lambda _: release.wait(20))
    with working(database, mail=mail):
        letter = enqueue(Channel.MAIL)
        comes_to(letter, Status.SENDING)
        for _ in range(5):
            password = enqueue()
            comes_to(password, Status.SENT, seconds=3)
        assert state(letter) == Status.SENDING
        release.set()
        comes_to(letter, Status.SENT)


def test_the_worker_finishes_what_it_has_in_hand_and_begins_nothing_more(database: Database) -> None:
    release = threading.Event()
    carrier = Carrier(during=lambda _: release.wait(20))
    with working(database, sms=carrier) as stop:
        first, second = enqueue(), enqueue()
        comes_to(first, Status.SENDING)
        stop.set()
        release.set()
    assert (state(first), state(second)) == (Status.SENT, Status.QUEUED)
    assert fresh(second).worker is None


def test_an_idle_worker_stops_within_its_next_look(database: Database) -> None:
    with working(database) as stop:
        time.sleep(0.3)
        stop.set()
        began = time.monotonic()
    assert time.monotonic() - began < 3


def test_what_a_killed_worker_left_is_taken_up_by_the_next(database: Database) -> None:
    begun, taken = enqueue(), enqueue()
    dead = claims.take(Channel.SMS, "dead", timedelta(seconds=0.2))
    assert dead is not None
    assert claims.begin(dead, "played", timedelta(seconds=0.2))
    assert claims.take(Channel.SMS, "dead", timedelta(seconds=0.2)) is not None
    carrier = Carrier()
    with working(database, sms=carrier):
        until(lambda: (state(begun), state(taken)) == (Status.UNKNOWN, Status.SENT))
    assert carrier.taken == [taken.reference]


def test_a_rendering_that_outlasts_its_lease_sends_nothing_twice(database: Database) -> None:
    def render(message: Message) -> Sms:
        time.sleep(0.8)
        return render_sms(message)

    carrier = Carrier()
    slow = {Kind.LETTER_PASSWORD: render}
    leases = {**LEASES, Channel.SMS: Leases(timedelta(seconds=0.5), timedelta(seconds=60))}
    with (
        working(database, sms=carrier, renderers=slow, leases=leases),
        working(database, sms=carrier, leases=leases),
    ):
        messages = [enqueue() for _ in range(6)]
        until(lambda: all(state(message) == Status.SENT for message in messages))
    assert sorted(carrier.taken) == sorted(message.reference for message in messages)


def test_a_hand_over_that_outlasts_its_lease_is_unknown_until_it_ends_well(database: Database) -> None:
    release = threading.Event()
    slow, other = Carrier(during=lambda _: release.wait(20)), Carrier()
    with working(database, sms=slow, leases=SHORT), working(database, sms=other, leases=SHORT):
        message = enqueue()
        until(lambda: message.reference in other.taken or state(message) == Status.UNKNOWN)
        release.set()
        comes_to(message, Status.SENT)
    assert len(slow.taken + other.taken) == 1


def cut_connections(database: Database) -> None:
    """What a restart of PostgreSQL does to everyone else."""
    with database.connection().cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@ON_POSTGRES
def test_the_worker_survives_a_restart_of_the_database(database: Database) -> None:
    carrier = Carrier()
    with working(database, sms=carrier):
        for _ in range(3):
            message = enqueue()
            comes_to(message, Status.SENT)
            cut_connections(database)
        time.sleep(1.5)
        woken = enqueue()
        began = time.monotonic()
        until(lambda: woken.reference in carrier.taken)
        assert time.monotonic() - began < 0.5, "it listens again"


@ON_POSTGRES
def test_what_became_of_a_message_is_recorded_when_the_database_is_back(database: Database) -> None:
    begun, release = threading.Event(), threading.Event()

    def hold(_: str) -> None:
        begun.set()
        release.wait(20)

    carrier = Carrier(during=hold)
    with working(database, sms=carrier):
        message = enqueue()
        assert begun.wait(10)
        cut_connections(database)
        release.set()
        comes_to(message, Status.SENT)
    assert carrier.taken == [message.reference]
