"""Fields that peewee lacks."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from peewee import DateTimeField


class UtcDateTimeField(DateTimeField):
    """A moment: aware and in UTC in Python, stored without offset. Refuses a naive one with `ValueError`."""

    def db_value(self, value: Any) -> Any:
        parent: Any = super()  # peewee has no types for it
        if isinstance(value, datetime):
            if value.tzinfo is None:
                raise ValueError("a moment needs a time zone; use zone.clock.now()")
            value = value.astimezone(UTC).replace(tzinfo=None)
        return parent.db_value(value)

    def python_value(self, value: Any) -> Any:
        parent: Any = super()
        moment = parent.python_value(value)
        return moment.replace(tzinfo=UTC) if isinstance(moment, datetime) else moment
