"""What Zone asks of whoever carries its e-mail."""

from __future__ import annotations

from collections.abc import Iterable
from email.message import EmailMessage
from typing import Protocol

from zone.messages.handover import Receipt


class MailGateway(Protocol):
    """The adapter to one mail server."""

    name: str

    def send(self, *, reference: str, message: EmailMessage) -> None:
        """Hand one e-mail over; raises as `SmsGateway.send` does. `reference` is ours and unique."""

    def receipts(self) -> Iterable[Receipt]:
        """Reports that came since the last call."""

    def close(self) -> None:
        """Let go of what is held open, when the worker stops."""
