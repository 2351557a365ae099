from __future__ import annotations

import threading
from datetime import timedelta

from peewee import Database
from time_machine import travel

from tests.messages.outbox_parts import ON_POSTGRES, enqueue, fresh, state
from zone.clock import now
from zone.messages import claims
from zone.messages.handover import Reason, Status
from zone.messages.models import Channel, Message
from zone.storage import transaction, using

LEASE = timedelta(seconds=30)


def take(worker: str = "one") -> Message:
    taken = claims.take(Channel.SMS, worker, LEASE)
    assert taken is not None
    return taken


def begun(worker: str = "one") -> Message:
    message = take(worker)
    assert claims.begin(message, "played", LEASE)
    return message


def test_the_oldest_is_taken_first_and_only_of_the_channel(database: Database) -> None:
    enqueue(Channel.MAIL)
    first, second = enqueue(), enqueue()
    assert [take().id, take().id] == [first.id, second.id]
    assert claims.take(Channel.SMS, "one", LEASE) is None


def test_a_taken_message_is_queued_until_its_lease_ends_and_then_free_again(database: Database) -> None:
    message = enqueue()
    take("one")
    assert state(message) == Status.QUEUED
    assert claims.take(Channel.SMS, "two", LEASE) is None
    with travel(now() + LEASE):
        assert take("two").id == message.id


def test_who_lost_the_lease_does_not_begin(database: Database) -> None:
    enqueue()
    late = take("one")
    with travel(now() + LEASE):
        quick = take("two")
        assert not claims.begin(late, "played", LEASE)
        assert claims.begin(quick, "played", LEASE)
    assert (fresh(quick).worker, fresh(quick).attempts) == ("two", 1)


def test_one_message_is_never_begun_twice(database: Database) -> None:
    enqueue()
    message = begun()
    assert not claims.begin(message, "played", LEASE)


@ON_POSTGRES  # SQLite has one writer at a time
def test_a_message_that_another_is_taking_is_passed_over(database: Database) -> None:
    first, second = enqueue(), enqueue()
    taken: list[int] = []

    def other() -> None:
        with using(database):
            taken.append(take("two").id)

    with transaction():
        assert take("one").id == first.id
        thread = threading.Thread(target=other)
        thread.start()
        thread.join(10)
        assert taken == [second.id]


def test_what_the_carrier_did_not_take_waits_longer_each_time(database: Database) -> None:
    message = enqueue(lifetime=timedelta(days=1))
    waits = []
    at = now()
    for _ in range(7):
        with travel(at, tick=False):
            claims.put_back(begun(), Reason.UNAVAILABLE, "421")
            assert state(message) == Status.QUEUED
            waits.append((fresh(message).due_at - at).total_seconds())
        at = fresh(message).due_at
    assert waits == [5, 15, 60, 300, 900, 900, 900]


def test_what_would_expire_before_the_next_attempt_fails_at_once(database: Database) -> None:
    message = enqueue(lifetime=timedelta(seconds=4))
    claims.put_back(begun(), Reason.UNAVAILABLE, "421")
    after = fresh(message)
    assert (after.status, after.reason, after.detail) == (Status.FAILED, Reason.UNAVAILABLE, "421")
    assert after.settled_at is not None


def test_a_put_back_message_is_free_for_anyone(database: Database) -> None:
    message = enqueue()
    claims.put_back(begun("one"), Reason.UNAVAILABLE, "421")
    with travel(fresh(message).due_at):
        assert begun("two").attempts == 2


def test_what_was_begun_and_never_recorded_becomes_unknown_when_its_lease_ends(database: Database) -> None:
    message = enqueue()
    begun()
    claims.give_up_interrupted(Channel.SMS)
    assert state(message) == Status.SENDING
    with travel(now() + LEASE + timedelta(seconds=1)):
        claims.give_up_interrupted(Channel.MAIL)
        assert state(message) == Status.SENDING
        claims.give_up_interrupted(Channel.SMS)
        assert claims.take(Channel.SMS, "two", LEASE) is None
    after = fresh(message)
    assert (after.status, after.reason) == (Status.UNKNOWN, Reason.INTERRUPTED)


def test_a_worker_that_outlived_its_lease_may_still_say_what_became_of_it(database: Database) -> None:
    sent, not_taken = enqueue(), enqueue()
    first, second = begun(), begun()
    with travel(now() + LEASE + timedelta(seconds=1)):
        claims.give_up_interrupted(Channel.SMS)
        claims.finish(first, Status.SENT)
        claims.put_back(second, Reason.UNAVAILABLE, "421")
    assert (state(sent), fresh(sent).reason) == (Status.SENT, None)
    assert state(not_taken) == Status.FAILED, "the client may have asked again, so it is not queued again"


def test_nobody_speaks_for_a_message_that_another_holds(database: Database) -> None:
    message = enqueue()
    late = begun("one")
    claims.put_back(late, Reason.UNAVAILABLE, "421")
    with travel(fresh(message).due_at):
        begun("two")
    assert not claims.put_back(late, Reason.UNAVAILABLE, "421")
    assert not claims.finish(late, Status.SENT)
    assert state(message) == Status.SENDING


def test_a_long_detail_is_cut(database: Database) -> None:
    message = enqueue()
    claims.finish(begun(), Status.FAILED, Reason.REFUSED, "x" * 500)
    assert fresh(message).detail == "x" * 200
