"""A process that is ready to fork workers, so that hundreds of them can be started and killed within minutes.

Run as `python -m tests.torture.nursery DATABASE_URL JOURNAL`. It reads orders, one in a line, and answers
each with a number: `fork POINT COUNT` with the new worker's process id, `end PID SIGNAL` with the status that
the worker ended with. Workers hand over to a file: one line a message, on the disk before `send` returns.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import threading
import time
from collections.abc import Iterable
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

from zone.messages.claims import Leases
from zone.messages.handover import Receipt
from zone.messages.models import Channel, Kind, Message
from zone.messages.render import Mail, Sms
from zone.messages.worker import Worker
from zone.secret import Secret
from zone.storage import open_database

LEASES = {channel: Leases(timedelta(seconds=0.5), timedelta(seconds=1)) for channel in Channel}
SLOWEST_STEP = 0.003
NEVER = "never"


class Fuse:
    """Kills this process by SIGKILL when it comes to `point` for the `count`th time."""

    def __init__(self, point: str, count: int) -> None:
        self._point, self._count = point, count

    def at(self, point: str) -> None:
        """Linger, so that a kill from outside may come here as well; or die by oneself."""
        time.sleep(random.uniform(0, SLOWEST_STEP))
        if point == self._point:
            self._count -= 1
            if self._count == 0:
                os.kill(os.getpid(), signal.SIGKILL)


class JournalGateway:
    """Either kind of gateway; what stands in the journal was handed over."""

    name = "journal"

    def __init__(self, journal: Path, fuse: Fuse) -> None:
        self._journal = os.open(journal, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self._fuse = fuse

    def send(
        self,
        *,
        reference: str,
        to: str = "",
        text: Secret | None = None,
        message: EmailMessage | None = None,
    ) -> None:
        self._fuse.at("before")
        os.write(self._journal, f"{reference}\n".encode())
        os.fsync(self._journal)
        self._fuse.at("after")

    def receipts(self) -> Iterable[Receipt]:
        return ()

    def close(self) -> None:
        """The journal stays open until the process ends."""


def work(url: str, journal: Path, point: str, count: int) -> None:
    """A worker's whole life."""
    random.seed()
    fuse = Fuse(point, count)

    def render(message: Message) -> Sms | Mail:
        fuse.at("render")
        by_sms = message.channel == Channel.SMS
        return Sms(to="+421901000111", text=Secret("…")) if by_sms else Mail(EmailMessage())

    gateway = JournalGateway(journal, fuse)
    worker = Worker(
        open_database(url),
        sms=gateway,
        mail=gateway,
        renderers=dict.fromkeys(Kind, render),
        leases=LEASES,
    )
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    worker.run(stop)


def main(url: str, journal: Path) -> None:
    """Obey orders until they end; end the workers that are left."""
    children: set[int] = set()
    for line in sys.stdin:
        order, first, second = line.split()
        if order == "fork":
            answer = fork(url, journal, first, int(second))
            children.add(answer)
        else:
            children.remove(int(first))
            answer = end(int(first), int(second))
        sys.stdout.write(f"{answer}\n")
        sys.stdout.flush()
    for pid in children:
        end(pid, signal.SIGKILL)


def fork(url: str, journal: Path, point: str, count: int) -> int:
    """A new worker's process id."""
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            work(url, journal, point, count)
            status = 0
        finally:
            os._exit(status)
    return pid


def end(pid: int, by: int) -> int:
    """The exit status of the worker after that signal; 0 sends none and waits."""
    os.kill(pid, by)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
