"""What a message carries, made at the moment of sending. The rooms above bring one renderer for each kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage

from zone.messages.handover import Reason
from zone.messages.models import Message
from zone.secret import Secret


@dataclass(frozen=True)
class Sms:
    """One SMS, ready to go. `to` is E.164."""

    to: str
    text: Secret


@dataclass(frozen=True)
class Mail:
    """One e-mail, ready to go."""

    message: EmailMessage


class CannotRender(Exception):
    """What the message should carry, or whom it should reach, is no longer there. It fails with `reason`."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(f"cannot be rendered: {reason}")
        self.reason = reason


# Called outside any transaction, before the hand-over begins; it may open one of its own. What it needs may be away for
# a while: then it raises `NotTaken`.
Renderer = Callable[[Message], Sms | Mail]
