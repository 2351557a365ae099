"""The one vocabulary in which gateways report what became of a message.

Each gateway translates its carrier's codes into these; nothing above a gateway knows a carrier's code.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """Where a message is; `zone.messages.states` says how it moves."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    UNKNOWN = "unknown"


class Reason(StrEnum):
    """Why a message was not delivered, in words that a page can translate."""

    ADDRESS = "address"  # the number or address does not exist or takes no messages
    REFUSED = "refused"  # the carrier refused the message itself
    EXPIRED = "expired"  # tried for as long as allowed, or the phone stayed off
    UNAVAILABLE = "unavailable"  # the carrier could not be reached
    INTERRUPTED = "interrupted"  # we stopped between hand-over and record
    UNRENDERABLE = "unrenderable"  # what it should have carried is no longer there
    NOT_ARRIVED = "not_arrived"  # the client says so


@dataclass(frozen=True)
class Receipt:
    """A carrier's report on the message that we called `reference`."""

    reference: str
    status: Status
    reason: Reason | None = None


class HandoverError(Exception):
    """A hand-over that did not end well. `detail` is the carrier's code or words, free of personal data."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


class NotTaken(HandoverError):
    """Nothing was handed over; the same message may be tried again later."""


class Refused(HandoverError):
    """The carrier refused for good; trying again is pointless."""


class Unclear(HandoverError):
    """The message may or may not have been handed over; only a receipt can tell."""
