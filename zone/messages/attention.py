"""Messages that a person has to look at: those that failed, and those of which nobody knows."""

from __future__ import annotations

from datetime import timedelta

from zone.clock import now
from zone.messages.models import Message
from zone.messages.states import MAY_BE_LOST

LOOKED_BACK = timedelta(days=7)
MOST = 100


def needing_attention() -> list[Message]:
    """The latest of the past week, at most a hundred."""
    return list(
        Message.select()
        .where(Message.status.in_(MAY_BE_LOST), Message.queued_at > now() - LOOKED_BACK)
        .order_by(Message.id.desc())
        .limit(MOST)
    )
