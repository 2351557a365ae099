"""A vault that sees to it that no password is hashed inside a transaction."""

from __future__ import annotations

from zone.secret import Secret
from zone.storage import current_database
from zone.vault import Vault


class WatchfulVault(Vault):
    """Hashing takes tens of milliseconds: on SQLite nobody could write in the meantime."""

    def hash(self, purpose: str, password: Secret) -> str:
        assert not current_database().in_transaction()
        return super().hash(purpose, password)

    def verify(self, purpose: str, password: Secret, hashed: str | None) -> bool:
        assert not current_database().in_transaction()
        return super().verify(purpose, password, hashed)
