"""Asking of each row whether another query finds anything for it."""

from __future__ import annotations

from typing import Any

from peewee import OP, Expression, ModelSelect


def there(query: ModelSelect[Any]) -> Expression:
    """That `query`, which names the row at hand, finds something. What it selects may not be null.

    An EXISTS would say the same; but PostgreSQL may turn that into a join, or a hash of all that there is, and read a
    whole table for one page.
    """
    return Expression(query.limit(1), OP.IS_NOT, None)


def not_there(query: ModelSelect[Any]) -> Expression:
    """That it finds nothing."""
    return Expression(query.limit(1), OP.IS, None)
