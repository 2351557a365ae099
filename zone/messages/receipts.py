"""Settling messages by what carriers report."""

from __future__ import annotations

import logging

from zone.messages.handover import Receipt
from zone.messages.models import Message
from zone.messages.states import BY_RECEIPT, move

log = logging.getLogger(__name__)


def settle(receipt: Receipt) -> bool:
    """Move the message that `receipt` speaks of; says whether it moved.

    One that comes twice, too late or for no message of ours changes nothing: carriers repeat themselves.
    """
    moved = move(Message.reference == receipt.reference, receipt.status, by=BY_RECEIPT, reason=receipt.reason)
    if not moved:
        log.info("receipt %r for message %.32r changed nothing", str(receipt.status), receipt.reference)
    return moved
