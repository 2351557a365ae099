"""How long the search takes among a thousand clients and among a million.

    PYTHONPATH=. python bench/search.py [CLIENTS]

Prints a table for SQLite and PostgreSQL; some minutes. One broker has every client in their portfolio, each other one
200. Times are of whole verbs, objects and masked phones included, against a primary key's look-up in the same run.
Fails when an act takes longer among the many than it may.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from datetime import timedelta

from peewee import Database

from bench._growth import Acts, Row, compare, load
from zone.clients import search
from zone.clock import now
from zone.storage.migrate import downgrade, upgrade

EACH = 200
OF_EVERYBODY, OF_A_FEW, BROKERS = 1, 2, 100
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


def fill(database: Database, size: int) -> str:
    """Everybody in, without terms; then the migration that makes them. Says how long that took."""
    upgrade(database)
    downgrade(database, "0005_search_terms")
    with database.atomic():
        for table, rows in people(size).items():
            load(database, table, rows)
    began = time.perf_counter()
    upgrade(database)
    took = time.perf_counter() - began
    database.execute_sql("ANALYZE")
    return f"migration 0005 took {took:.1f} s"


def acts() -> Acts:
    """What is measured."""
    middle = search.portfolio(OF_EVERYBODY, "pz95", most=1).after

    def all_of(typed: str, after: str | None = None) -> object:
        return search.portfolio(OF_EVERYBODY, typed, after=after)

    return {
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


if __name__ == "__main__":
    compare(fill, acts)
