"""What belongs to one database and is wanted wherever that is current, such as the keys that it is sealed under."""

from __future__ import annotations

from typing import TypeVar
from weakref import WeakKeyDictionary

from peewee import Database

from zone.storage.database import current_database

C = TypeVar("C")

# By database, so that several applications in one process keep theirs apart.
_companions: WeakKeyDictionary[Database, object] = WeakKeyDictionary()


def accompany(database: Database, companion: object) -> None:
    """Have `companion` found wherever `database` is current. A later one takes its place."""
    _companions[database] = companion


def companion(kind: type[C]) -> C:
    """That of the current database; raises `RuntimeError` where it was given none of that kind."""
    found = _companions.get(current_database())
    if isinstance(found, kind):
        return found
    raise RuntimeError(f"the database came without its {kind.__name__}; see zone.storage.accompany")
