"""What Zone asks of whoever carries its SMS."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from zone.messages.handover import Receipt
from zone.secret import Secret


class SmsGateway(Protocol):
    """The adapter to one carrier."""

    name: str

    def send(self, *, reference: str, to: str, text: Secret) -> None:
        """Hand one SMS over.

        `reference` is ours, unique, and comes back in receipts; `to` is E.164.

        Raises `NotTaken` (nothing was handed over, try again later), `Refused` (never will be),
        or `Unclear` (it may have been handed over). No exception means: the carrier took it.
        """

    def receipts(self) -> Iterable[Receipt]:
        """Delivery reports that came since the last call. A gateway whose reports come in by HTTP has none."""

    def close(self) -> None:
        """Let go of what is held open, when the worker stops."""
