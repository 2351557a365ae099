"""The chain under many writers, rolled back savepoints, and processes that are killed."""

from __future__ import annotations

import os
import signal
from collections import Counter
from contextlib import suppress
from functools import partial

import pytest
from peewee import Database

from tests.audit.trails import write
from tests.together import together
from zone.audit import OPERATOR, SYSTEM, Actor, Role, Tag, record
from zone.audit.chain import FIRST_PREVIOUS
from zone.audit.models import Event
from zone.audit.verifying import verify
from zone.storage import accompany, after_commit, close_database, open_database, transaction, using
from zone.vault import Vault

WRITERS = 24


def test_each_event_holds_the_hash_of_the_one_before_it(database: Database, vault: Vault) -> None:
    write(6, clients=2)
    for client in (1, 2):
        mine = list(Event.select().where(Event.client_id == client).order_by(Event.id))
        assert [event.number for event in mine] == [1, 2, 3]
        assert [bytes(event.previous) for event in mine] == [
            FIRST_PREVIOUS,
            *(bytes(event.hash) for event in mine[:2]),
        ]
    assert verify(vault).whole


def test_many_writers_leave_whole_chains(database: Database, vault: Vault) -> None:
    """Acts of several shards at once, in either order, some of which fail, wholly or in a savepoint."""

    def acts(writer: int) -> None:
        for turn in range(15):
            clients = (1, 2, 65) if writer % 2 else (65, 2, 1)
            with suppress(InterruptedError), transaction():
                for client in clients:
                    record(Tag.CLIENT_CHANGED, OPERATOR, client_id=client, version=turn, to=f"{writer}")
                with suppress(KeyError), transaction():
                    record(Tag.LETTER_PURGED, OPERATOR, client_id=3)
                    raise KeyError
                record(Tag.SIGN_IN_REFUSED, SYSTEM)
                if turn % 5 == 4:
                    raise InterruptedError

    together(database, [partial(acts, writer) for writer in range(WRITERS)])
    report = verify(vault)
    assert report.whole, report
    by_client = Counter(event.client_id for event in Event.select())
    assert by_client == {1: 288, 2: 288, 65: 288, None: 288}


def test_what_a_savepoint_took_back_leaves_no_event_and_is_not_called(database: Database) -> None:
    called: list[str] = []
    with transaction():
        record(Tag.SIGN_IN, SYSTEM)
        with suppress(KeyError), transaction():
            record(Tag.SIGN_OUT, SYSTEM)
            after_commit(lambda: called.append("inner"))
            raise KeyError
        with transaction():
            record(Tag.STEP_UP, SYSTEM)
        after_commit(lambda: called.append("outer"))
        assert Event.select().count() == 0
    assert [event.tag for event in Event.select().order_by(Event.at)] == [Tag.SIGN_IN, Tag.STEP_UP]
    assert called == ["outer"]


def test_events_of_one_act_stand_in_their_order(database: Database) -> None:
    with transaction():
        for tag in (Tag.PHONE_CHANGED, Tag.PHONE_CONFIRMED, Tag.PASSWORD_RESET):
            record(tag, Actor(Role.CLIENT, 4), client_id=3)
    mine = Event.select().where(Event.client_id == 3).order_by(Event.number)
    assert [event.tag for event in mine] == ["phone:changed", "phone:confirmed", "letter_password:reset"]


def test_killed_processes_leave_whole_chains(database_url: str, database: Database, vault: Vault) -> None:
    for victim in range(6):
        child = os.fork()
        if child == 0:
            anew = open_database(database_url)
            accompany(anew, vault)
            with using(anew), transaction():
                record(Tag.SIGN_IN, OPERATOR, client_id=1)
                if victim % 2:
                    after_commit(lambda: os.kill(os.getpid(), signal.SIGKILL))
                else:
                    os.kill(os.getpid(), signal.SIGKILL)
            os._exit(1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
        record(Tag.SIGN_OUT, OPERATOR, client_id=1)
    assert verify(vault).whole
    assert Event.select().count() == 9


def test_a_database_without_its_vault_does_nothing(database_url: str, database: Database) -> None:
    with using(open_database(database_url)) as stranger, pytest.raises(RuntimeError, match="Vault"):
        record(Tag.SIGN_IN, SYSTEM)
    close_database(stranger)
    assert Event.select().count() == 0
