"""Sliding windows: at most so many of something in any hour, or in any day."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TypeVar, cast

from peewee import DateTimeField, Model, ModelSelect

from zone.clock import now

M = TypeVar("M", bound=Model)


def full_until(
    query: ModelSelect[M], moment: DateTimeField, *, window: timedelta, most: int
) -> datetime | None:
    """When there is room for one more of what `query` finds; none if there is room now.

    Each counts from its `moment` on for the length of `window`. When `most` do, the oldest of them says until when;
    `most` bounds the offset.
    """
    newest_first = query.where(moment > now() - window).order_by(moment.desc())
    oldest = newest_first.offset(most - 1).first()
    return cast(datetime, getattr(oldest, moment.name)) + window if oldest is not None else None
