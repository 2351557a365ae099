"""What fifty sign-ins at once do to memory and to everybody else's pages, for several costs of Argon2id.

    python bench/sign_in.py

Starts gunicorn on 127.0.0.1 (2 gthread workers × 32 threads) once for each candidate, signs 50 people in at
once, four times, while eight others read pages, and prints a table. Some three minutes. Linux, for /proc.
"""

from __future__ import annotations

import http.client
import os
import platform
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path

from bench._sign_in_app import PASSWORD
from zone.accounts import sessions
from zone.accounts.accounts import create
from zone.accounts.models import Account
from zone.accounts.passwords import hash_password
from zone.audit import OPERATOR, Role
from zone.config import Argon2Cost
from zone.storage import accompany, open_database, transaction, using
from zone.storage.migrate import upgrade
from zone.vault import Vault
from zone.vault.keyring import FileKeyring, create_file

WORKERS, THREADS = 2, 32
WAVES = 4
READERS, PAUSE = 8, 0.05
QUIET = 3.0
MIB = 1024
MMAP = {"MALLOC_MMAP_THRESHOLD_": str(4 * MIB * MIB)}

Latencies = list[float]


@dataclass(frozen=True)
class Candidate:
    name: str
    cost: Argon2Cost
    people: int = 50
    environ: dict[str, str] = field(default_factory=dict)


@dataclass
class Result:
    quiet: Latencies
    pages: Latencies
    sign_ins: Latencies
    busy: int
    peak_mib: int
    after_mib: int
    one_ms: float


def candidates() -> Iterator[Candidate]:
    """Heavy to light, without a limit, with one, with glibc's help; then how many may wait."""
    heavy = Argon2Cost(64 * MIB, 3, 4, at_once=1, waiting=24)
    middle = Argon2Cost(46 * MIB, 1, 1, at_once=1, waiting=24)
    light = Argon2Cost(19 * MIB, 2, 1, at_once=1, waiting=24)
    for name, cost in (("64 MiB t=3 p=4", heavy), ("46 MiB t=1 p=1", middle), ("19 MiB t=2 p=1", light)):
        yield Candidate(f"{name}, no limit", replace(cost, at_once=THREADS, waiting=THREADS))
        yield Candidate(f"{name}, 1 at once", cost)
        yield Candidate(f"{name}, 1 at once, mmap", cost, environ=MMAP)
    yield Candidate("46 MiB t=1 p=1, 2 at once", replace(middle, at_once=2))
    for waiting in (8, 16, 24, 31):
        name = f"46 MiB t=1 p=1, 1 at once, {waiting} wait, 100 people"
        yield Candidate(name, replace(middle, waiting=waiting), people=100)


def measure(candidate: Candidate) -> Result:
    """One server's life."""
    with tempfile.TemporaryDirectory() as folder:
        token, one_ms = _people(Path(folder), candidate)
        with _server(folder, candidate) as (port, master), ProcessPoolExecutor(1) as reader:
            quiet = reader.submit(read_pages, port, token, QUIET).result()
            stop = Path(folder) / "stop"
            reading = reader.submit(read_pages, port, token, 120, stop)
            sign_ins, busy = _sign_in_waves(port, candidate.people)
            stop.touch()
            pages = reading.result()
            after = sum(_memory(pid, "VmRSS") for pid in _children(master))
            peak = sum(_memory(pid, "VmHWM") for pid in _children(master))
    return Result(quiet, pages, sign_ins, busy, peak // MIB, after // MIB, one_ms)


def _people(folder: Path, candidate: Candidate) -> tuple[str, float]:
    """A database with people who may sign in. The token of one who reads; the ms of one verification."""
    create_file(folder / "keys.json", made_for="demo")
    vault = Vault(FileKeyring(folder / "keys.json"), candidate.cost)
    times = []
    for _ in range(5):
        began = time.perf_counter()
        hashed = hash_password(vault, PASSWORD)
        times.append((time.perf_counter() - began) * 1000)
    database = open_database(f"sqlite:///{folder}/zone.db")
    accompany(database, vault)
    with using(database):
        upgrade(database)
        for number in range(candidate.people):
            create(
                OPERATOR,
                email=f"client{number}@example.org",
                role=Role.SUPPORT,
                name="Jana",
                password_hash=hashed,
                language="sk",
            )
        with transaction():
            token, _ = sessions.start(Account.get())
    return token.reveal(), min(times)


@contextmanager
def _server(folder: str, candidate: Candidate) -> Iterator[tuple[int, int]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    cost = candidate.cost
    app = (
        f"bench._sign_in_app:make({folder!r}, {cost.memory_kib}, {cost.rounds}, {cost.lanes},"
        f" {cost.at_once}, {cost.waiting})"
    )
    gunicorn = [sys.executable, "-m", "gunicorn", "--worker-class", "gthread", "--log-level", "warning"]
    size = ["--workers", str(WORKERS), "--threads", str(THREADS), "--bind", f"127.0.0.1:{port}"]
    environ = os.environ | candidate.environ  # what the server's process inherits; Zone reads none of it
    process = subprocess.Popen([*gunicorn, *size, app], env=environ, cwd=Path(__file__).parents[1])
    try:
        _wait_until_up(port)
        yield port, process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def _wait_until_up(port: int) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            _request(http.client.HTTPConnection("127.0.0.1", port, timeout=5), "GET", "")
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("gunicorn did not come up")


def _sign_in_waves(port: int, people: int) -> tuple[Latencies, int]:
    """All people at once, several times. How long each had waited (ms), and how many were sent away."""
    together = threading.Barrier(people)
    answers: list[tuple[int, float]] = []

    def person(number: int) -> None:
        for _ in range(WAVES):
            together.wait()
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            answers.append(_request(connection, "POST", str(number)))
            connection.close()

    with ThreadPoolExecutor(people) as pool:
        list(pool.map(person, range(people)))
    statuses = {status for status, _ in answers}
    if not statuses <= {200, 503}:
        raise SystemExit(f"unexpected answers: {statuses}")
    return [took for status, took in answers if status == 200], sum(status == 503 for status, _ in answers)


def read_pages(port: int, token: str, seconds: float, stop: Path | None = None) -> Latencies:
    """How long pages take (ms), read for so long by a few readers at once.

    Counted from when a page was due: one that hangs delays those behind it, and they all count.
    """
    deadline = time.monotonic() + seconds

    def reader(_: int) -> Latencies:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        seen = []
        due = time.monotonic()
        while due < deadline and not (stop and stop.exists()):
            time.sleep(max(0.0, due - time.monotonic()))
            if _request(connection, "GET", token)[0] != 200:
                raise SystemExit("a page did not come")
            seen.append((time.monotonic() - due) * 1000)
            due += PAUSE
        return seen

    with ThreadPoolExecutor(READERS) as pool:
        return [took for seen in pool.map(reader, range(READERS)) for took in seen]


def _request(connection: http.client.HTTPConnection, method: str, query: str) -> tuple[int, float]:
    began = time.perf_counter()
    connection.request(method, f"/?{query}")
    response = connection.getresponse()
    response.read()
    return response.status, (time.perf_counter() - began) * 1000


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _memory(pid: int, field: str) -> int:
    """A field of /proc/PID/status in KiB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(field))


def _at(latencies: Latencies, percent: int) -> float:
    return statistics.quantiles(latencies, n=100, method="inclusive")[percent - 1]


def main() -> None:
    parts = ", ".join(f"{name} {version(name)}" for name in ("gunicorn", "argon2-cffi", "peewee"))
    print(f"Python {platform.python_version()}, {parts}, {os.cpu_count()} cores")
    print("Times in ms: median / 99th percentile / worst. Memory in MiB: both workers' peak / afterwards.\n")
    print("| candidate | one hash | pages, quiet | pages, loaded | sign-in | sent away | peak, after |")
    print("|---|---|---|---|---|---|---|")
    for candidate in candidates():
        result = measure(candidate)
        pairs = [
            f"{_at(latencies, 50):.0f} / {_at(latencies, 99):.0f} / {max(latencies):.0f}"
            for latencies in (result.quiet, result.pages, result.sign_ins)
        ]
        print(
            f"| {candidate.name} | {result.one_ms:.0f} | {' | '.join(pairs)} "
            f"| {result.busy} of {candidate.people * WAVES} | {result.peak_mib} / {result.after_mib} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
