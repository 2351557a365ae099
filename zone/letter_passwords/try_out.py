"""Trying a remembered password (rule 4 of DESIGN.md): through the verifiers, never through the vault."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from zone.accounts import throttle
from zone.audit import Actor, Tag, record
from zone.letter_passwords import verifiers
from zone.letter_passwords.models import LetterPassword
from zone.secret import Secret
from zone.storage import transaction
from zone.vault import Busy, Vault

# Each version costs tens of milliseconds; who changed oftener than this is told about the latest ones.
VERSIONS_TRIED = 12


@dataclass(frozen=True)
class Tried:
    """What a tried password is: the current one, an earlier one (from `since` until `until`), or none."""

    version: LetterPassword | None

    @property
    def is_current(self) -> bool:
        """Whether it opens letters that are sent today."""
        return self.version is not None and self.version.replaced_at is None

    @property
    def since(self) -> datetime | None:
        """From when letters were encrypted with it."""
        return self.version.set_at if self.version else None

    @property
    def until(self) -> datetime | None:
        """Until when; none for the current one."""
        return self.version.replaced_at if self.version else None


def try_out(vault: Vault, actor: Actor, client_id: int, candidate: Secret) -> Tried:
    """Which of the client's passwords `candidate` is. Raises `TooManyAttempts`, `vault.Busy`."""
    attempt = {throttle.key(vault, "try", client_id): throttle.TRY_WAITS}
    throttle.begin(attempt)
    newest = LetterPassword.number.desc()
    versions = (
        LetterPassword.select()
        .where(LetterPassword.client == client_id)
        .order_by(newest)
        .limit(VERSIONS_TRIED)
    )
    try:
        found = next((each for each in list(versions) if verifiers.matches(vault, each, candidate)), None)
    except Busy:
        throttle.take_back(attempt)
        raise
    with transaction():
        # What failed before still counts: who knows an old password must not guess freely at the others.
        if found is not None:
            throttle.take_back(attempt)
        record(Tag.PASSWORD_TRIED, actor, client_id=client_id, version=found.number if found else None)
    return Tried(found)
