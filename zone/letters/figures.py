"""How letters fared lately, in numbers, for an operator."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from peewee import Field, ModelSelect, fn

from zone.clock import now
from zone.letters.models import Copy, Letter, State

Counts = Counter[str]


def figures(within: timedelta) -> dict[str, Counts]:
    """What came in and went out within that time, by what became of it; and what waits now, for however long."""
    since = now() - within
    letters, copies = _newer(Letter.id, Letter.received_at, since), _newer(Copy.id, Copy.asked_at, since)
    encrypted = copies, Copy.engine.is_null(False)
    rejected = letters, Letter.state == State.REJECTED
    stripped = letters, Letter.removed.is_null(False)
    waiting = Copy.message.is_null(), Copy.id.in_(_of_kept_letters())
    return {
        "taken in": _counted(Letter.select(Letter.kind).where(letters, Letter.state != State.REJECTED)),
        "encrypted": _counted(Copy.select(Copy.engine, Copy.engine_reason).where(*encrypted)),
        "taken in without": _counted(Letter.select(Letter.removed).where(*stripped)),
        "rejected": _counted(Letter.select(Letter.reason).where(*rejected)),
        "waiting": _counted(Copy.select(Copy.waits_for).where(*waiting)),
    }


def _of_kept_letters() -> ModelSelect[Copy]:
    kept = Copy.message.is_null(), Letter.state == State.KEPT
    return Copy.select(Copy.id).join(Letter).where(*kept)


def _counted(query: ModelSelect[Letter] | ModelSelect[Copy]) -> Counts:
    """How often each combination of the query's columns comes."""
    columns = query.selected_columns
    rows: Any = (
        query.select(*columns, fn.COUNT(1)).group_by(*columns).tuples()
    )  # peewee's types know models only
    return Counter({": ".join(filter(None, names)): number for *names, number in rows})


def _newer(key: Field[int], moment: Field[datetime], since: datetime) -> object:
    """The rows since then. They stand in the order of time: the first is found by halving, older ones are not read."""
    model = key.model
    last = model.select(fn.MAX(key)).scalar() or 0
    low, high = 0, last + 1
    while low < high:
        middle = (low + high) // 2
        at = model.select(moment).where(key >= middle).order_by(key).limit(1).scalar()
        if at is not None and at < since:
            low = middle + 1
        else:
            high = middle
    return key >= low
