from __future__ import annotations

import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from peewee import Database

from tests.messages.outbox_parts import ON_SQLITE, Undone, enqueue, undo, until
from zone.messages import wake
from zone.messages.models import Channel, Message
from zone.storage import transaction, using


class Sleeper:
    """Another thread that waits at the bell for up to ten seconds at a time, and notes when it woke."""

    def __init__(self, database: Database, channel: Channel) -> None:
        self.woke: list[float] = []
        self.asleep = threading.Event()
        self._stop = False
        self._thread = threading.Thread(target=self._run, args=(database, channel))

    def _run(self, database: Database, channel: Channel) -> None:
        with using(database), wake.listening(channel) as bell:
            while not self._stop:
                self.asleep.set()
                bell.wait(10)
                self.woke.append(time.perf_counter())

    def start(self) -> None:
        self._thread.start()
        assert self.asleep.wait(10)

    def end(self, channel: Channel) -> None:
        self._stop = True
        enqueue(channel)
        self._thread.join(15)
        assert not self._thread.is_alive()


@contextmanager
def asleep(database: Database, channel: Channel = Channel.SMS) -> Iterator[Sleeper]:
    sleeper = Sleeper(database, channel)
    sleeper.start()
    try:
        yield sleeper
    finally:
        sleeper.end(channel)


def test_a_commit_wakes_the_worker_at_once(database: Database) -> None:
    took = []
    with asleep(database) as sleeper:
        for _ in range(40):
            sleeper.woke.clear()
            enqueue()
            committed = time.perf_counter()
            until(lambda: sleeper.woke)
            took.append(sleeper.woke[0] - committed)
    assert sorted(took)[20] < 0.05


def test_nobody_is_woken_before_the_commit(database: Database) -> None:
    with asleep(database) as sleeper:
        with transaction():
            enqueue()
            time.sleep(0.2)
            assert sleeper.woke == []
        until(lambda: sleeper.woke)


def test_nobody_is_woken_by_an_act_undone(database: Database) -> None:
    with asleep(database) as sleeper:
        with pytest.raises(Undone):
            undo(enqueue)
        time.sleep(0.2)
        assert sleeper.woke == []


def test_mail_does_not_wake_the_sms_lane(database: Database) -> None:
    with asleep(database, Channel.SMS) as sleeper:
        enqueue(Channel.MAIL)
        time.sleep(0.2)
        assert sleeper.woke == []


def test_everyone_is_woken(database: Database) -> None:
    with asleep(database) as one, asleep(database) as two:
        enqueue()
        until(lambda: one.woke and two.woke)


def test_a_nudge_while_at_work_is_not_lost_and_many_count_as_one(database: Database) -> None:
    with wake.listening(Channel.SMS) as bell:
        for _ in range(30):
            enqueue()
        began = time.perf_counter()
        bell.wait(10)
        assert time.perf_counter() - began < 5
        began = time.perf_counter()
        bell.wait(0.3)
        assert time.perf_counter() - began >= 0.29


@pytest.fixture
def sockets(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where workers on SQLite listen, for this test alone; under a short path, as sockets want."""
    with TemporaryDirectory() as temporary:
        monkeypatch.setattr(tempfile, "tempdir", temporary)
        yield wake.sockets()


@ON_SQLITE
def test_the_socket_of_a_killed_worker_is_cleared_away(database: Database, sockets: Path) -> None:
    with asleep(database) as sleeper:
        (living,) = sockets.iterdir()
        dead = living.with_name(living.name + "0")
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as bound:
            bound.bind(str(dead))
        assert dead.exists()
        enqueue()
        until(lambda: sleeper.woke)
        assert list(sockets.iterdir()) == [living]
    assert list(sockets.iterdir()) == []


@ON_SQLITE
def test_a_directory_that_others_can_enter_is_refused(database: Database, sockets: Path) -> None:
    sockets.mkdir(mode=0o755)
    with pytest.raises(PermissionError, match="owner alone"), wake.listening(Channel.SMS):
        pass


@ON_SQLITE
def test_nothing_behind_a_link_is_removed(database: Database, sockets: Path, tmp_path: Path) -> None:
    """Whoever is first to take the directory's name could point it at our own files."""
    with wake.listening(Channel.SMS):
        (living,) = sockets.iterdir()
    (tmp_path / living.name).write_text("ours")
    sockets.rmdir()
    tmp_path.chmod(0o700)
    sockets.symlink_to(tmp_path)
    enqueue()
    assert (tmp_path / living.name).exists()


@ON_SQLITE
def test_a_commit_stands_when_nobody_listens(database: Database, sockets: Path) -> None:
    enqueue()
    assert Message.select().count() == 1
