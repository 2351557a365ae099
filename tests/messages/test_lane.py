from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

import pytest
from peewee import Database

from tests.messages.outbox_parts import (
    PHONE,
    TEXT,
    Carrier,
    comes_to,
    enqueue,
    fresh,
    render_mail,
    render_sms,
    state,
    until,
    working,
)
from zone.clock import now
from zone.messages.handover import HandoverError, NotTaken, Reason, Receipt, Refused, Status, Unclear
from zone.messages.models import Kind, Message
from zone.messages.render import CannotRender, Sms
from zone.secret import Secret
from zone.storage import is_postgres, transaction


def comes_to_attempt(message: Message, number: int) -> None:
    until(lambda: fresh(message).attempts == number)


def test_an_sms_goes_out_as_it_was_rendered(database: Database) -> None:
    seen: list[tuple[str, str, str]] = []

    class Phone(Carrier):
        def send(self, *, reference: str, to: str = "", text: Secret | None = None, **_: object) -> None:
            assert text is not None
            seen.append((reference, to, text.reveal()))

    with working(database, sms=Phone(name="phone")):
        message = enqueue()
        comes_to(message, Status.SENT)
    assert seen == [(message.reference, PHONE, TEXT)]
    after = fresh(message)
    assert (after.gateway, after.attempts, after.reason, after.leased_until) == ("phone", 1, None, None)
    assert after.sent_at is not None


def test_a_stopped_worker_lets_go_of_its_gateways(database: Database) -> None:
    carrier = Carrier()
    with working(database, sms=carrier):
        assert not carrier.closed
    assert carrier.closed


def test_a_lost_nudge_costs_a_second_at_most(database: Database) -> None:
    message = enqueue()
    Message.update(due_at=now() + timedelta(seconds=1)).where(Message.id == message.id).execute()
    with working(database):
        comes_to(message, Status.SENT, seconds=5)


@pytest.mark.parametrize(
    ("answer", "status", "reason"),
    [
        (Refused(Reason.ADDRESS, "no such number"), Status.FAILED, Reason.ADDRESS),
        (Unclear(Reason.INTERRUPTED, "answer lost"), Status.UNKNOWN, Reason.INTERRUPTED),
        (NotTaken(Reason.UNAVAILABLE, "busy"), Status.QUEUED, None),
        (HandoverError(Reason.REFUSED, "neither"), Status.UNKNOWN, Reason.INTERRUPTED),
        (ZeroDivisionError("a fault"), Status.UNKNOWN, Reason.INTERRUPTED),
    ],
)
def test_each_answer_of_the_carrier_has_its_state_and_the_lane_goes_on(
    database: Database, answer: Exception, status: Status, reason: Reason | None
) -> None:
    message = enqueue()
    with working(database, sms=Carrier(answers=[answer])):
        until(lambda: fresh(message).attempts == 1 and state(message) != Status.SENDING)
        assert (state(message), fresh(message).reason) == (status, reason)
        comes_to(enqueue(), Status.SENT)
    assert state(message) == status


def test_a_message_not_taken_is_tried_again_until_it_is(database: Database) -> None:
    message = enqueue()
    carrier = Carrier(answers=[NotTaken(Reason.REFUSED, "busy"), NotTaken(Reason.REFUSED, "busy")])
    with working(database, sms=carrier):
        for attempt in (1, 2):
            comes_to_attempt(message, attempt)
            comes_to(message, Status.QUEUED)
            Message.update(due_at=now()).where(Message.id == message.id).execute()
        comes_to(message, Status.SENT)
    assert carrier.taken == [message.reference]
    assert fresh(message).attempts == 3


def test_a_carrier_that_cannot_be_reached_is_left_in_peace(database: Database) -> None:
    tried: list[float] = []
    away = Carrier(answers=[NotTaken(Reason.UNAVAILABLE, "no route") for _ in range(1000)])
    away.during = lambda _: tried.append(time.monotonic())
    for _ in range(100):
        enqueue()
    with working(database, sms=away):
        until(lambda: len(tried) == 3)
    gaps = [after - before for before, after in pairwise(tried)]
    assert gaps[0] >= 1
    assert gaps[1] >= 2


@pytest.mark.parametrize(
    ("fault", "reason", "detail"),
    [
        (CannotRender(Reason.ADDRESS), Reason.ADDRESS, None),
        (Refused(Reason.ADDRESS, "not an e-mail address"), Reason.ADDRESS, "not an e-mail address"),
        (KeyError("+421901000111"), Reason.UNRENDERABLE, None),
    ],
)
def test_what_cannot_be_rendered_fails_and_the_lane_goes_on(
    database: Database, fault: Exception, reason: Reason, detail: str | None
) -> None:
    faults = [fault]

    def render(message: Message) -> Sms:
        if faults:
            raise faults.pop()
        return render_sms(message)

    message, next_one = enqueue(), enqueue()
    carrier = Carrier()
    with working(database, sms=carrier, renderers={Kind.LETTER_PASSWORD: render}):
        comes_to(next_one, Status.SENT)
    after = fresh(message)
    assert (after.status, after.reason, after.detail) == (Status.FAILED, reason, detail)
    assert (after.attempts, carrier.taken) == (0, [next_one.reference])


def test_a_database_that_may_only_be_read_ends_no_lane(database: Database) -> None:
    if not is_postgres(database):
        pytest.skip("a failover is PostgreSQL's")

    def writable(yes: bool) -> None:
        database.execute_sql("SET default_transaction_read_only = off")
        name = database.execute_sql("SELECT current_database()").fetchone()[0]
        database.execute_sql(f'ALTER DATABASE "{name}" SET default_transaction_read_only = {not yes}')
        database.execute_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )

    with working(database):
        comes_to(enqueue(), Status.SENT)
        writable(False)
        message = enqueue()
        time.sleep(2)
        assert state(message) == Status.QUEUED
        writable(True)
        comes_to(message, Status.SENT)


def test_what_cannot_be_rendered_just_now_is_tried_again(database: Database) -> None:
    away = [NotTaken(Reason.UNAVAILABLE, "the letter store is away")]

    def render(message: Message) -> Sms:
        if away:
            raise away.pop()
        return render_sms(message)

    message = enqueue()
    carrier = Carrier()
    with working(database, sms=carrier, renderers={Kind.LETTER_PASSWORD: render}):
        until(lambda: not away and fresh(message).due_at > message.due_at)
        assert fresh(message).status == Status.QUEUED
        Message.update(due_at=now()).where(Message.id == message.id).execute()
        comes_to(message, Status.SENT)
    assert carrier.taken == [message.reference]


def test_a_kind_without_a_renderer_fails(database: Database) -> None:
    message = enqueue()
    with working(database, renderers={Kind.LETTER: render_mail}):
        comes_to(message, Status.FAILED)
    assert fresh(message).reason == Reason.UNRENDERABLE


def test_faults_are_logged_by_type_and_place_without_their_words(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    message = enqueue()
    fault = ValueError("canary-password")
    with working(database, sms=Carrier(answers=[fault])):
        comes_to(message, Status.UNKNOWN)
    assert f"handing over of {message.reference}: ValueError at outbox_parts.py:" in caplog.text
    assert "canary" not in caplog.text


def test_what_expired_in_the_queue_is_not_sent(database: Database) -> None:
    message = enqueue(lifetime=timedelta(0))
    carrier = Carrier()
    with working(database, sms=carrier):
        comes_to(message, Status.FAILED)
    assert (fresh(message).reason, carrier.taken) == (Reason.EXPIRED, [])


def test_the_gateway_is_asked_for_receipts_even_when_there_is_much_to_send(database: Database) -> None:
    first = enqueue()
    carrier = Carrier(during=lambda _: time.sleep(0.02))
    with working(database, sms=carrier):
        comes_to(first, Status.SENT)
        for _ in range(200):
            enqueue()
        carrier.reports = [Receipt("nobody", Status.DELIVERED), Receipt(first.reference, Status.DELIVERED)]
        comes_to(first, Status.DELIVERED)
        assert Message.select().where(Message.status == Status.QUEUED).count() > 0


def test_faulty_receipts_do_not_stop_the_lane(database: Database) -> None:
    class Broken(Carrier):
        def receipts(self) -> Iterator[Receipt]:
            raise ZeroDivisionError

    with working(database, sms=Broken()):
        message = enqueue()
        comes_to(message, Status.SENT)


def test_no_transaction_is_open_during_a_hand_over(database: Database) -> None:
    release = threading.Event()
    with working(database, sms=Carrier(during=lambda _: release.wait(20))):
        message = enqueue()
        comes_to(message, Status.SENDING)
        with transaction():
            assert Message.update(detail="seen").where(Message.id == message.id).execute() == 1
        release.set()
        comes_to(message, Status.SENT)
