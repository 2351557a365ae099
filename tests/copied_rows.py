"""Many rows like the one that is there, for lists that are longer than a page."""

from __future__ import annotations

from typing import Any

from peewee import Model

FIRST = 10_000


def copy_rows(model: type[Model], number: int, **changes: Any) -> None:
    """So many more rows like the first of `model`, with references of their own and numbers from `FIRST` on."""
    rows: list[Any] = list(model.select().order_by(model._meta.primary_key).limit(1).dicts())
    copies = [
        {**rows[0], **changes, "id": FIRST + each, "reference": f"{model.__name__}-{each}"}
        for each in range(number)
    ]
    model.insert_many(copies).execute()
