"""What a person says of a message of which nobody knows whether it arrived.

Forward only, as all else (`zone.messages.states`): a receipt that comes later does not change what a person settled,
either way. A carrier's word would be worth more, but what somebody told the client, and acted on, must not turn into
something else behind their backs. The client may ask again at any time.
"""

from __future__ import annotations

from zone.audit import Actor, Role, Tag, record
from zone.messages.handover import Reason, Status
from zone.messages.models import Message
from zone.messages.states import BY_PERSON, move
from zone.storage import transaction

MAY_SETTLE = (Role.SUPPORT, Role.OPERATOR)


def may_settle(message: Message) -> bool:
    """Whether a person may say what became of it."""
    return Status(message.status) in BY_PERSON


def settle(actor: Actor, reference: str, *, arrived: bool) -> bool:
    """Note that the unknown message called `reference` arrived, or did not. Says whether that changed anything.

    The message's own row is the turn: a receipt may come at the same moment. Raises `PermissionError` for all but
    support and operator.
    """
    if actor.role not in MAY_SETTLE:
        raise PermissionError("a message is settled by support or the operator")
    status, reason = (Status.DELIVERED, None) if arrived else (Status.FAILED, Reason.NOT_ARRIVED)
    with transaction():
        moved = move(Message.reference == reference, status, by=BY_PERSON, reason=reason)
        if moved:
            message = Message.get(Message.reference == reference)
            record(
                Tag.MESSAGE_SETTLED, actor, client_id=message.client_id, message=reference, arrived=arrived
            )
    return moved
