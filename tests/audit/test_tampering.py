"""Ten thousand ways of bending the trail without the keys, and none that is not found."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import cycle, islice
from typing import Any

import pytest
import time_machine
from peewee import Database, fn

from tests.audit.attacks import ATTACKS, Dice, delete
from tests.audit.trails import INSTALLATION, disarm, write
from tests.messages.outbox_parts import ON_POSTGRES, ON_SQLITE
from zone.audit import heads
from zone.audit.heads import Head
from zone.audit.models import Event
from zone.audit.verifying import Wrong, verify
from zone.audit.walking import walk
from zone.commands.audit_words import in_words
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


def has_gap() -> bool:
    """Whether a shard lacks events below its last."""
    ends: Any = Event.select(fn.MAX(Event.number), fn.COUNT(Event.id)).group_by(Event.shard).tuples()
    return any(last != count for last, count in ends)


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
            report = verify(vault)
            only_cut = attack is delete and not has_gap()
            attempt.rollback()
        assert not report.whole or only_cut


@ON_SQLITE
@pytest.mark.parametrize("column", ["at", "number", "shard", "tag", "facts", "hash", "previous", "mac"])
@pytest.mark.parametrize("value", ["'x'", "7.5", "x'00'", "32", "1000000000000", "CAST(x'ff' AS TEXT)"])
def test_what_is_no_event_at_all_is_found_too(database: Any, vault: Vault, column: str, value: str) -> None:
    """SQLite lets anything stand in any column."""
    write(6, clients=2)
    disarm(database)
    kept = heads.make(vault, INSTALLATION)
    for number in (1, 3):
        with database.atomic() as attempt:
            bad = Event.get(Event.client_id == 2, Event.number == number)
            database.execute_sql(
                f"UPDATE event SET {column} = {value} WHERE id = ?", (bad.id,)
            )  # a test's own
            report = verify(vault, [kept])
            attempt.rollback()
        assert report.first is not None
        assert [line for line in in_words(report, brought=1, own_key=True) if "bad event" in line]


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


@ON_POSTGRES
@pytest.mark.parametrize("at", ["infinity", "-infinity", "0044-03-15 BC", "10000-01-01"])
def test_a_moment_that_python_has_not_is_a_bad_event(
    database: Any, vault: Vault, kept: Head, at: str
) -> None:
    bad = Event.select(Event.id).where(Event.client_id == 2, Event.number == 2).scalar()
    database.execute_sql("UPDATE event SET at = %s WHERE id = %s", (at, bad))
    database.execute_sql("UPDATE trail_head SET at = %s", (at,))
    (fault,) = verify(vault, [kept]).faults
    assert (fault.event_id, fault.wrong) == (bad, Wrong.ALTERED)


@ON_SQLITE
def test_a_bad_place_writes_no_line_of_its_own(database: Any, vault: Vault, kept: Head) -> None:
    """Text for a shard could say on the terminal that all is well."""
    lie = "1\nThe trail is whole\x1b[2J" * 9
    database.execute_sql("UPDATE event SET shard = ? WHERE id = 1", (lie,))
    lines = list(in_words(verify(vault, [kept]), brought=1, own_key=True))
    assert all(line.isprintable() and len(line) < 300 for line in lines)


@ON_SQLITE
def test_the_walk_goes_on_behind_any_place(database: Any, vault: Vault, kept: Head) -> None:
    """A chunk of the walk may end at whatever stands there."""
    for event_id, place in enumerate(("9e999", "-9e999", "'x'", "CAST(x'ff' AS TEXT)", "x'00'"), 1):
        database.execute_sql(f"UPDATE event SET shard = {place} WHERE id = ?", (event_id,))  # a test's own
        database.execute_sql(f"UPDATE event SET number = {place} WHERE id = ?", (event_id + 5,))
    assert sorted(row.id for row in walk(chunk=1)) == list(range(1, 13))


@ON_SQLITE
@pytest.mark.parametrize(
    "bent",
    [
        "replace(at, ' ', 'T')",
        "replace(at, ' ', char(9))",
        "replace(at, ' ', '')",
        "replace(at, '-', '')",
        "at || 'Z'",
        "at || '+00:00'",
        "at || '000'",
        "replace(at, '2', char(0x662))",
        "CAST(at AS BLOB)",
    ],
)
def test_another_text_of_the_same_moment_is_a_bad_event(
    database: Any, vault: Vault, kept: Head, bent: str
) -> None:
    """It would have the same hash, and be lost to who asks for what came since."""
    bad = Event.select(Event.id).where(Event.client_id == 2, Event.number == 2).scalar()
    database.execute_sql(f"UPDATE event SET at = {bent} WHERE id = ?", (bad,))  # a test's own
    (fault,) = verify(vault, [kept]).faults
    assert (fault.event_id, fault.wrong) == (bad, Wrong.ALTERED)


def test_an_event_of_a_full_second_is_as_it_was_written(database: Database, vault: Vault) -> None:
    with time_machine.travel(datetime(2026, 3, 1, 12, tzinfo=UTC), tick=False):
        write(1)
    assert verify(vault).whole
