"""A process that is ready to fork off batches and workers, so that hundreds of them can be started and killed.

Run as `python -m tests.torture.batch_nursery MANIFEST LOG`, with Zone's settings in the environment. It reads orders,
one in a line, and answers each with a number: `batch` and `work` with the process id, `end PID SIGNAL` with the
status it ended with; signal 0 waits for its end. Whatever they print goes into LOG.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from datetime import timedelta

from flask.cli import ScriptInfo

from tests.torture.nursery import end
from zone.app import create_app
from zone.messages.claims import Leases
from zone.messages.models import Channel
from zone.messages.worker import Worker
from zone.parts import Parts

LEASES = {channel: Leases(timedelta(seconds=3), timedelta(seconds=3)) for channel in Channel}


def batch(manifest: str) -> None:
    """The command, as an operator gives it."""
    app = create_app()
    arguments = ["letters", "batch", manifest, "--processes", "2"]
    app.cli.main(arguments, prog_name="flask", obj=ScriptInfo(create_app=lambda: app))


def work() -> None:
    """The worker, but with leases that a test can wait for."""
    here: Parts = create_app().extensions["zone"]
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    worker = Worker(
        here.database,
        sms=here.sms,
        mail=here.mail,
        renderers=here.renderers,
        chores=here.chores,
        leases=LEASES,
    )
    worker.run(stop)


def fork(life: Callable[[], None], log: str) -> int:
    """The process id of a new life."""
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        output = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.dup2(output, 1)
        os.dup2(output, 2)
        life()
        status = 0
    except SystemExit as ended:
        status = int(ended.code or 0)
    finally:
        os._exit(status)


def main(manifest: str, log: str) -> None:
    """Obey orders until they end; end those that are left."""
    left: set[int] = set()
    for line in sys.stdin:
        order, *arguments = line.split()
        if order == "end":
            pid, by = map(int, arguments)
            left.remove(pid)
            answer = end(pid, by)
        else:
            answer = fork(work if order == "work" else lambda: batch(manifest), log)
            left.add(answer)
        sys.stdout.write(f"{answer}\n")
        sys.stdout.flush()
    for pid in left:
        end(pid, signal.SIGKILL)


if __name__ == "__main__":
    main(*sys.argv[1:])
