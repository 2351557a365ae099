"""Growing waits for who guesses, as rows, so that every process counts alike and a restart forgets nothing.

An attempt is counted before it is judged: fifty guesses sent at once are fifty attempts. A refused attempt is
not counted, so hammering lengthens no wait, and during a wait the right password is refused like any other.
Keys are keyed hashes: neither e-mail nor address lies in the table.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from zone.accounts.models import Throttle
from zone.clock import now
from zone.language import N_, Refusal
from zone.storage import locked, transaction
from zone.vault import Vault

SWEPT_AT_ONCE = 200
A_MINUTE = N_("Too many attempts. Try again in a minute.")
SOME_MINUTES = N_("Too many attempts. Try again in %(minutes)s min.")


class TooManyAttempts(Refusal):
    """It has to wait; `until` is when the next attempt is admitted."""

    def __init__(self, until: datetime) -> None:
        minutes = -((now() - until) // timedelta(minutes=1))
        super().__init__(A_MINUTE if minutes <= 1 else SOME_MINUTES, minutes=minutes)
        self.until = until


@dataclass(frozen=True)
class Waits:
    """How one kind of key waits: not at all before attempt `free`, from then on by `steps`; the last repeats.

    Every `forgive` one attempt is forgotten. It is never shorter than the longest step, or a wait would
    forgive more than the attempt after it adds.
    """

    free: int
    steps: tuple[timedelta, ...]
    forgive: timedelta

    def after(self, attempts: int) -> timedelta:
        """The wait after so many attempts."""
        if attempts < self.free:
            return timedelta(0)
        return self.steps[min(attempts - self.free, len(self.steps) - 1)]


def _seconds(*steps: int) -> tuple[timedelta, ...]:
    return tuple(timedelta(seconds=step) for step in steps)


# One person who guesses at one account, from one place or from a browser that is known there.
CLOSE = Waits(free=5, steps=_seconds(10, 30, 60, 120, 300, 900), forgive=timedelta(minutes=15))
# Many people share an address, and many of them mistype.
ADDRESS = Waits(free=60, steps=_seconds(5, 10, 30, 60, 120, 300), forgive=timedelta(minutes=5))
# All strangers together: at best 2,880 guesses a day at what takes 10⁸ (`passwords.STRENGTH`).
ACCOUNT = Waits(free=20, steps=_seconds(1, 2, 5, 10, 20, 30), forgive=timedelta(seconds=30))
# A client who tries what they remember of letter passwords.
TRY_WAITS = Waits(free=10, steps=_seconds(10, 30, 60, 120, 300, 900), forgive=timedelta(minutes=15))


def key(vault: Vault, kind: str, *parts: str | int) -> str:
    """The name of a bucket: a keyed hash of what is counted."""
    return vault.mac("throttle", json.dumps([kind, *parts]).encode()).hex()


def begin(buckets: Mapping[str, Waits]) -> None:
    """Count one attempt in every bucket, or in none: raises `TooManyAttempts` with the longest wait.

    It must be committed before the attempt is judged.
    """
    with transaction():
        rows = _rows(buckets)
        moment = now()
        until = max((row.waits_until for row in rows if row.waits_until), default=moment)
        if until > moment:
            raise TooManyAttempts(until)
        for row in rows:
            waits = buckets[row.key]
            forgiven_at = max(row.forgiven_at, moment) + waits.forgive
            wait = waits.after(_attempts(forgiven_at, moment, waits))
            _write(row, waits_until=moment + wait if wait else None, forgiven_at=forgiven_at)


def succeed(key: str) -> None:
    """The attempt was right: forget all that failed before it under this key."""
    Throttle.delete().where(Throttle.key == key).execute()


def take_back(buckets: Mapping[str, Waits]) -> None:
    """The attempt does not count: it was right, or was never judged. What others failed stays."""
    with transaction():
        rows = _rows(buckets)
        moment = now()
        for row in rows:
            waits = buckets[row.key]
            forgiven_at = max(row.forgiven_at - waits.forgive, moment)
            wait = waits.after(_attempts(forgiven_at, moment, waits))
            until = min(row.waits_until, moment + wait) if row.waits_until and wait else None
            _write(row, waits_until=until, forgiven_at=forgiven_at)


def sweep() -> None:
    """Delete some rows that count nothing any more."""
    old = Throttle.select(Throttle.key).where(Throttle.forgiven_at < now()).limit(SWEPT_AT_ONCE)
    with transaction():
        Throttle.delete().where(Throttle.key.in_([row.key for row in locked(old, skip=True)])).execute()


def _rows(keys: Collection[str]) -> list[Throttle]:
    """The keys' rows, made where missing, and held until the transaction ends.

    An upsert that changes nothing, in sorted order: two attempts that share keys queue up and never deadlock.
    """
    if not keys:
        return []
    moment = now()
    return list(
        Throttle.insert_many([{"key": key, "forgiven_at": moment} for key in sorted(keys)])
        .on_conflict(conflict_target=[Throttle.key], preserve=[Throttle.key])
        .returning(Throttle)
        .execute()
    )


def _attempts(forgiven_at: datetime, moment: datetime, waits: Waits) -> int:
    """How many attempts still count at `moment`; one that is partly forgiven counts."""
    return -((moment - forgiven_at) // waits.forgive)


def _write(row: Throttle, *, waits_until: datetime | None, forgiven_at: datetime) -> None:
    new = Throttle.update(waits_until=waits_until, forgiven_at=forgiven_at)
    new.where(Throttle.key == row.key).execute()
