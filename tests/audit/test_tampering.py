"""Ten thousand ways of bending the trail without the keys, and none that is not found."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import cycle, islice
from typing import Any

import pytest
from peewee import Database

from tests.audit.attacks import ATTACKS, Dice
from tests.audit.trails import INSTALLATION, disarm, write
from tests.messages.outbox_parts import ON_POSTGRES, ON_SQLITE
from zone.audit import heads
from zone.audit.heads import Head
from zone.audit.models import Event
from zone.audit.verifying import Wrong, verify
from zone.vault import Vault


@pytest.fixture
def kept(database: Database, vault: Vault) -> Head:
    """A small trail with an old head and one of now, which is kept outside; and all rights for the attacker."""
    write(9, clients=3)
    heads.make(vault, INSTALLATION)
    write(3, clients=3)
    disarm(database)
    return heads.make(vault, INSTALLATION)


def escapes(database: Any, vault: Vault, kept: Head, attacks: Any) -> list[str]:
    """The attacks, by their seed, that nobody noticed."""
    unnoticed = []
    for seed, attack in enumerate(attacks):
        with database.atomic() as attempt:
            attack(random.Random(seed))
            if verify(vault, [kept]).whole:
                unnoticed.append(f"{attack.__name__} {seed}")
            attempt.rollback()
    assert verify(vault, [kept]).whole
    return unnoticed


@ON_SQLITE
def test_ten_thousand_attacks_are_found(database: Database, vault: Vault, kept: Head) -> None:
    assert escapes(database, vault, kept, islice(cycle(ATTACKS), 10_000)) == []


@ON_POSTGRES
def test_attacks_on_postgresql_are_found(database: Database, vault: Vault, kept: Head) -> None:
    assert escapes(database, vault, kept, islice(cycle(ATTACKS), 300)) == []


@pytest.mark.parametrize("attack", [attack for attack in ATTACKS if attack.__name__ != "cut"])
def test_what_is_no_truncation_is_found_without_any_head(
    database: Any, vault: Vault, attack: Callable[[Dice], None]
) -> None:
    """By the keyed hashes alone; but for the deletion of the newest events, which is a truncation."""
    write(12, clients=3)
    disarm(database)
    for seed in range(30):
        with database.atomic() as attempt:
            attack(random.Random(seed))
            before = verify(vault)
            attempt.rollback()
        assert not before.whole or before.events < 12


@ON_SQLITE
@pytest.mark.parametrize("column", ["at", "number", "shard", "tag", "facts", "hash", "previous", "mac"])
@pytest.mark.parametrize("value", ["'x'", "7.5", "x'00'"])
def test_what_is_no_event_at_all_is_found_too(database: Any, vault: Vault, column: str, value: str) -> None:
    """SQLite lets anything stand in any column."""
    write(6, clients=2)
    disarm(database)
    bad = Event.get(Event.client_id == 2, Event.number == 2)
    database.execute_sql(f"UPDATE event SET {column} = {value} WHERE id = ?", (bad.id,))  # a test's own
    report = verify(vault)
    assert not report.whole
    assert report.first is not None


@ON_SQLITE
@pytest.mark.parametrize("shard", ["-99999", "-9e999", "9e999", "64", "7.5", "'x'", "x'07'"])
def test_an_event_beside_all_chains_is_named(database: Any, vault: Vault, shard: str) -> None:
    """It takes no right but to insert, and its client reads it like any other."""
    write(6, clients=2)
    kept = heads.make(vault, INSTALLATION)
    columns = "number, at, tag, actor_role, actor_id, client_id, facts, previous, hash, mac"
    database.execute_sql("PRAGMA ignore_check_constraints = ON")
    database.execute_sql(
        f"INSERT INTO event (shard, {columns}) SELECT {shard}, {columns} FROM event LIMIT 1"
    )  # a test's own
    newest = Event.select(Event.id).order_by(Event.id.desc()).limit(1).scalar()
    (fault,) = verify(vault, [kept]).faults
    assert (fault.event_id, fault.wrong) == (newest, Wrong.ODD_PLACE)


@ON_SQLITE
def test_many_bad_events_of_one_moment_are_still_told(database: Any, vault: Vault) -> None:
    write(6, clients=2)
    disarm(database)
    database.execute_sql("UPDATE event SET at = (SELECT min(at) FROM event), shard = id + 900")
    database.execute_sql("UPDATE event SET number = 'x' WHERE id % 2")
    assert verify(vault).first is not None


def test_keyed_hashes_that_were_taken_away_below_a_head_are_missed(
    database: Database, vault: Vault, kept: Head
) -> None:
    """All of them, as if the whole trail were from before the chain; the first head knew three of each client."""
    Event.update(mac=None).execute()
    faults = verify(vault, [kept]).faults
    assert [(fault.shard, fault.number, fault.wrong) for fault in faults] == [
        (shard, 4, Wrong.STRIPPED) for shard in (1, 2, 3)
    ]


def test_the_order_is_proven_without_keyed_hashes_too(database: Database, vault: Vault, kept: Head) -> None:
    first, second = Event.select().where(Event.client_id == 1).order_by(Event.number).limit(2)
    Event.update(mac=None).where(Event.id.in_([first.id, second.id])).execute()
    for event, new in ((first, -1), (second, first.id), (Event(id=-1), second.id)):
        Event.update(id=new).where(Event.id == event.id).execute()
    (fault,) = verify(vault, [kept]).faults
    assert (fault.number, fault.wrong) == (2, Wrong.ORDER)
