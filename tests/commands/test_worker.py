"""The worker as an operator starts it: it sends, it looks after the rest, and it ends when it is told to."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from peewee import Database

from tests.messages.outbox_parts import comes_to, enqueue, fresh, until
from zone.app import create_app
from zone.audit.models import SignedHead
from zone.config import PROJECT
from zone.environment import load
from zone.messages.handover import Reason, Status


@contextmanager
def worker(database_url: str, var: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The command as an operator starts it, in the demo's settings."""
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]
    settings = {"ZONE_MODE": "demo", "ZONE_VAR": str(var), "ZONE_DATABASE_URL": database_url}
    with subprocess.Popen(command, cwd=PROJECT, env=settings) as process:
        yield process
        if process.poll() is None:
            process.kill()


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT])
def test_the_worker_works_until_it_is_told_to_stop(
    database: Database, database_url: str, tmp_path: Path, by: signal.Signals
) -> None:
    message = enqueue()
    with worker(database_url, tmp_path) as process:
        comes_to(message, Status.FAILED)
        until(SignedHead.select().exists)  # the first is due at once
        process.send_signal(by)
        assert process.wait(10) == 0
    assert fresh(message).reason == Reason.ADDRESS, "the zone's own renderer found no such phone"


def test_nothing_that_the_worker_looks_after_is_forgotten(tmp_path: Path) -> None:
    parts = create_app(load({"ZONE_MODE": "demo", "ZONE_VAR": str(tmp_path)})).extensions["zone"]
    parts.intake.encryptor.close()
    assert {chore.name for chore in parts.chores} == {
        "letters that wait",
        "letters whose time is over",
        "numbers that nobody confirmed",
        "terms and looks that are over",
        "impersonations that are over",
        "signed heads",
        "campaigns that go on",
        "what came of campaigns",
        "files of no letter",
    }
