"""Where state lives."""

from zone.storage.database import (
    CURRENT,
    BadDatabaseUrl,
    Base,
    after_commit,
    close_database,
    current_database,
    is_postgres,
    locked,
    open_database,
    transaction,
    using,
)
from zone.storage.fields import UtcDateTimeField

__all__ = [
    "CURRENT",
    "BadDatabaseUrl",
    "Base",
    "UtcDateTimeField",
    "after_commit",
    "close_database",
    "current_database",
    "is_postgres",
    "locked",
    "open_database",
    "transaction",
    "using",
]
