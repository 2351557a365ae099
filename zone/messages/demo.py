"""What the demo's two gateways share: an invented carrier that says no where a table tells it to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from zone import private_file
from zone.messages.handover import NotTaken, Reason, Refused, Status, Unclear


@dataclass(frozen=True)
class Fate:
    """What becomes of a message: `turned_away` counts attempts, `receipt` is reported a moment later."""

    refused: bool = False
    turned_away: int = 0
    answer_lost: bool = False
    receipt: Status | None = None
    reason: Reason | None = None


class Carrier:
    """Stands between a gateway and its files; forgets with its process whom it has turned away."""

    def __init__(self) -> None:
        self._attempts: Counter[str] = Counter()

    @contextmanager
    def takes(self, reference: str, fate: Fate) -> Iterator[None]:
        """Around the keeping of one message: raises before or after it, as gateways do, if `fate` says so."""
        if fate.refused:
            raise Refused(Reason.ADDRESS, "demo: refused")
        self._attempts[reference] += 1
        if self._attempts[reference] <= fate.turned_away:
            raise NotTaken(Reason.UNAVAILABLE, "demo: try again later")
        yield
        if fate.answer_lost:
            raise Unclear(Reason.INTERRUPTED, "demo: answer lost")


def keep(path: Path, content: bytes) -> None:
    """Write a file that its owner alone can read, whole or not at all."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    private_file.put(path, content)
