"""A worker that is killed in the middle of a batch: another goes on, and each client is invited exactly once."""

from __future__ import annotations

import logging
import os
import signal
import time
from datetime import timedelta

import pytest
import time_machine
from peewee import Database

from tests.campaigns.conftest import MakeClients, Start, fresh
from zone.audit.models import Event
from zone.audit.verifying import verify
from zone.campaigns.advance import BATCH, advance
from zone.campaigns.models import Campaign, Invitation, State
from zone.clock import now
from zone.messages.models import Message
from zone.storage import accompany, open_database, using
from zone.vault import Vault

PATIENCE = 200


class KilledAt(logging.Handler):
    """Kills the process when it comes to send such a statement to its database for that time."""

    def __init__(self, statement: str, times: int) -> None:
        super().__init__()
        self.statement, self.left = statement, times

    def emit(self, record: logging.LogRecord) -> None:
        """Called by peewee before each statement."""
        if isinstance(record.msg, tuple) and str(record.msg[0]).startswith(self.statement):
            self.left -= 1
        if not self.left:
            os.kill(os.getpid(), signal.SIGKILL)


def work_and_be_killed(vault: Vault, database_url: str, statement: str, times: int) -> None:
    """Let a worker begin, in a process and with a connection of its own, and see it killed."""
    child = os.fork()
    if child == 0:
        try:
            peewee = logging.getLogger("peewee")
            peewee.setLevel(logging.DEBUG)
            peewee.addHandler(KilledAt(statement, times))
            with using(open_database(database_url)) as anew:
                accompany(anew, vault)
                advance()
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


def go_on(campaign: Campaign) -> Campaign:
    """Let another worker look until the campaign is over; the database has to notice the death first."""
    for _ in range(PATIENCE):
        advance()
        if fresh(campaign).state != State.RUNNING:
            break
        time.sleep(0.05)
    return fresh(campaign)


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")  # the fork is of one thread's doing
@pytest.mark.parametrize(
    ("statement", "times", "number", "stays"),
    [
        ('INSERT INTO "message"', 3, 4, 0),
        ('INSERT INTO "invitation"', 1, 4, 0),
        ('UPDATE "campaign"', 1, 4, 0),
        ("INSERT INTO event", 2, 4, 0),
        ('INSERT INTO "message"', BATCH + 2, BATCH + 2, BATCH),
        ('UPDATE "campaign"', 2, BATCH + 2, BATCH),
    ],
)
def test_who_is_killed_in_a_batch_has_done_nothing_of_it_and_another_goes_on(
    database: Database,
    database_url: str,
    vault: Vault,
    begin: Start,
    clients: MakeClients,
    statement: str,
    times: int,
    number: int,
    stays: int,
) -> None:
    made = [client.id for client in clients(number)]
    campaign = begin()
    with time_machine.travel(now() + timedelta(minutes=1), tick=False):
        work_and_be_killed(vault, database_url, statement, times)
        assert Invitation.select().count() == Message.select().count() == stays
        assert (fresh(campaign).invited, fresh(campaign).cursor) == (stays, made[stays - 1] if stays else 0)
        done = go_on(campaign)
    assert (done.state, done.invited) == (State.DONE, number)
    assert [row.client_id for row in Invitation.select().order_by(Invitation.id)] == made
    assert [row.client_id for row in Message.select().order_by(Message.id)] == made
    told = Event.select().where(Event.tag == "campaign:invited").order_by(Event.client_id)
    assert [event.client_id for event in told] == made
    assert verify(vault).whole
