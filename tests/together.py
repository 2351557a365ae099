"""Acts of many people at the same moment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from peewee import Database

from zone.storage import using

T = TypeVar("T")


def together(database: Database, acts: Sequence[Callable[[], T]]) -> list[T]:
    """Begin all `acts` at once, each with a connection of its own; what they return, in order."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], T]) -> T:
        with using(database):
            barrier.wait(timeout=30)
            return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))
