from __future__ import annotations

import pytest
from peewee import Database, IntegrityError, ModelDelete, ModelUpdate, PeeweeException

from zone.audit import SYSTEM, Tag, record
from zone.audit.models import Event
from zone.clock import now
from zone.models import MODELS
from zone.storage import transaction
from zone.storage.migrate import differences, downgrade, pending, upgrade


def test_models_equal_migrations(database: Database) -> None:
    assert differences(database, MODELS) == ""
    assert pending(database) == []


def _columns(database: Database) -> list[tuple[object, ...]]:
    """Every column with its type, whether it may be null, and its keys, as the database itself tells."""
    columns = [
        (table, column.name, column.data_type, column.null, column.primary_key)
        for table in database.get_tables()
        for column in database.get_columns(table)
        if table != "schema_migration"
    ]
    keys = [
        (table, key.column, key.dest_table, key.dest_column)
        for table in database.get_tables()
        for key in database.get_foreign_keys(table)
    ]
    return sorted(columns) + sorted(keys)


def test_models_and_migrations_make_the_same_columns(database: Database) -> None:
    migrated = _columns(database)
    downgrade(database, "0001_first")
    database.create_tables(MODELS)
    assert _columns(database) == migrated


def test_migrations_go_down_and_up_again(database: Database) -> None:
    steps = downgrade(database, "0001_first")
    assert set(database.get_tables()) - {"sqlite_sequence"} == {"schema_migration"}
    assert sorted(upgrade(database)) == sorted(steps)


@pytest.mark.parametrize("query", [Event.update(tag="x"), Event.delete()])
def test_the_database_refuses_to_bend_the_trail(database: Database, query: ModelUpdate | ModelDelete) -> None:
    with transaction():
        record(Tag.SIGN_IN, SYSTEM)
    with pytest.raises(PeeweeException, match="append-only"), transaction():
        query.execute()
    assert Event.select().count() == 1


@pytest.mark.parametrize("shard", [-1, 64])
def test_the_database_refuses_an_event_beside_all_chains(database: Database, shard: int) -> None:
    with transaction():
        record(Tag.SIGN_IN, SYSTEM)
    others = {"tag": "x", "actor_role": "x", "facts": "{}", "previous": b"", "hash": b"", "at": now()}
    with pytest.raises(IntegrityError, match=r"(?i)check"), transaction():
        Event.insert(shard=shard, number=1, **others).execute()
