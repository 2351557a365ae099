"""A worker may be killed at any moment: nothing is silently lost, nothing doubled (rule 9 of DESIGN.md)."""

from __future__ import annotations

import logging
import random
import signal
import time
from collections import Counter
from pathlib import Path

import pytest
from peewee import Database

from tests.messages.outbox_parts import enqueue, state, until
from tests.torture.nursery import NEVER
from tests.torture.workers import Workers, nursery
from zone.messages.handover import Status
from zone.messages.models import Channel, Message

log = logging.getLogger(__name__)

# Where the next worker kills itself, and for which message; half of them wait to be killed.
FATES = (*[(NEVER, 1)] * 6, *[(point, count) for point in ("render", "before", "after") for count in (1, 3)])
LONGEST_LIFE = 0.08


@pytest.mark.parametrize(
    ("point", "left_as", "ends_as", "handed_over"),
    [
        ("render", Status.QUEUED, Status.SENT, 1),
        ("before", Status.SENDING, Status.UNKNOWN, 0),
        ("after", Status.SENDING, Status.UNKNOWN, 1),
    ],
)
def test_a_kill_at_each_step(
    database: Database,
    database_url: str,
    tmp_path: Path,
    point: str,
    left_as: Status,
    ends_as: Status,
    handed_over: int,
) -> None:
    message, untouched = enqueue(), enqueue()
    with nursery(database_url, tmp_path) as workers:
        assert workers.end(workers.start(point)) == -signal.SIGKILL
        assert state(message) == left_as
        workers.start()
        until(nothing_is_open)
        assert workers.handed_over()[message.reference] == handed_over
        assert workers.handed_over()[untouched.reference] == 1
    assert (state(message), state(untouched)) == (ends_as, Status.SENT)


@pytest.mark.parametrize("kills", [12, pytest.param(500, marks=pytest.mark.torture)])
def test_kills_at_random_lose_nothing_and_double_nothing(
    database: Database, database_url: str, tmp_path: Path, kills: int
) -> None:
    with nursery(database_url, tmp_path) as workers:
        messages = torment(workers, kills)
        workers.start()
        until(nothing_is_open, seconds=60)
        handed_over = workers.handed_over()
    outcomes = Counter((state(message), handed_over[message.reference]) for message in messages)
    log.info("%d kills, %d messages: %s", kills, len(messages), dict(outcomes))
    assert outcomes.keys() <= {(Status.SENT, 1), (Status.UNKNOWN, 0), (Status.UNKNOWN, 1)}
    assert sum(handed_over.values()) == outcomes[Status.SENT, 1] + outcomes[Status.UNKNOWN, 1]
    if kills >= 100:
        assert len(outcomes) == 3, "too tame: some moments were never hit"


def torment(workers: Workers, kills: int) -> list[Message]:
    """Two workers at a time, one of them killed every moment, while messages come in; these are returned."""
    messages = []
    living = [workers.start() for _ in range(2)]
    for _ in range(kills):
        messages += [enqueue(random.choice(list(Channel))) for _ in range(random.randint(1, 4))]
        time.sleep(random.uniform(0, LONGEST_LIFE))
        victim = living.pop(random.randrange(2))
        assert workers.end(victim, signal.SIGKILL) == -signal.SIGKILL
        living.append(workers.start(*random.choice(FATES)))
    for victim in living:
        workers.end(victim, signal.SIGKILL)
    return messages


def nothing_is_open() -> bool:
    """Whether every message has come to its end."""
    return not Message.select().where(Message.status.in_((Status.QUEUED, Status.SENDING))).exists()
