"""Where state lives."""

from zone.storage.companions import accompany, companion
from zone.storage.database import (
    CURRENT,
    DATABASE_LOST,
    BadDatabaseUrl,
    Base,
    after_commit,
    before_commit,
    close_database,
    current_database,
    is_postgres,
    locked,
    open_database,
    transaction,
    using,
)
from zone.storage.fields import UtcDateTimeField
from zone.storage.settled import settled
from zone.storage.turns import take_turn
from zone.storage.window import full_until

__all__ = [
    "CURRENT",
    "DATABASE_LOST",
    "BadDatabaseUrl",
    "Base",
    "UtcDateTimeField",
    "accompany",
    "after_commit",
    "before_commit",
    "close_database",
    "companion",
    "current_database",
    "full_until",
    "is_postgres",
    "locked",
    "open_database",
    "settled",
    "take_turn",
    "transaction",
    "using",
]
