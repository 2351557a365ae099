"""Counting no further than anybody needs to know: the exact number of rows of a growing table costs more each year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from peewee import ModelSelect

MOST = 1000


@dataclass(frozen=True)
class Capped:
    """How many there are; with `more` there are more than these."""

    count: int
    more: bool = False


def capped_count(*queries: ModelSelect[Any]) -> Capped:
    """How many rows these queries find together, up to `MOST`; each reads no more than one row above that."""
    found = sum(int(query.limit(MOST + 1).count()) for query in queries)
    return Capped(min(found, MOST), more=found > MOST)
