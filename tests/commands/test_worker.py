from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from peewee import Database

from tests.messages.outbox_parts import comes_to, enqueue, fresh
from zone.config import PROJECT
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
        process.send_signal(by)
        assert process.wait(10) == 0
    assert fresh(message).reason == Reason.ADDRESS, "the zone's own renderer found no such phone"
