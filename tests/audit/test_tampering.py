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
from zone.audit.verifying import verify
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
