"""A vault that counts at the hashing edge."""

from __future__ import annotations

import threading

from tests.conftest import CHEAP
from zone.secret import Secret
from zone.vault import Busy, Keyring, Vault


class CountingVault(Vault):
    """Counts the passwords that it really verifies."""

    def __init__(self, keyring: Keyring) -> None:
        super().__init__(keyring, CHEAP)
        self.verified = 0
        self._lock = threading.Lock()

    def verify(self, purpose: str, password: Secret, hashed: str | None) -> bool:
        with self._lock:
            self.verified += 1
        return super().verify(purpose, password, hashed)


class BusyVault(Vault):
    """Has no place left."""

    def verify(self, purpose: str, password: Secret, hashed: str | None) -> bool:
        raise Busy("too many passwords are being checked")
