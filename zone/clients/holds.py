"""The client's brake: once they said "this was not me", no letter password goes out by SMS (rule 7 of DESIGN.md).

It holds up everybody's request, the client's own too: it may be their phone or their account that another has.
Only support or the operator lift it, after talking to the client.
"""

from __future__ import annotations

from enum import StrEnum

from zone.audit import Actor, Role, Tag, record
from zone.clients.acting import act_on
from zone.clients.models import Hold
from zone.clients.phone_unfit import PhoneUnfit
from zone.clock import now
from zone.language import N_
from zone.messages import outbox
from zone.messages.models import PASSWORDS, Message
from zone.storage import transaction

MAY_LIFT = (Role.SUPPORT, Role.OPERATOR)


class Why(StrEnum):
    """What the client said was not them."""

    PHONE_CHANGE = "phone_change"
    REQUEST = "request"
    ACCESS = "access"


class OnHold(PhoneUnfit):
    """A hold stands."""

    message = N_(
        "We were told that something was done here that was not your wish. To protect you, we send no password by SMS "
        "until our support has talked to you. Please call us."
    )
    for_others = N_(
        "The client told us that something was not done by them. No password is sent by SMS, whoever asks, until our "
        "support has talked to the client and lifted the hold."
    )


def place(actor: Actor, client_id: int, why: Why, subject_id: int | None = None) -> Hold:
    """Hold all letter passwords back, those that wait to be sent too. What holds them back already is returned.

    `subject_id` is what was not the client: a phone, a request, an impersonation. Each such thing has a hold of its
    own, so that what was said once is not said again. A broker needs a mandate.
    """
    with transaction():
        act_on(actor, client_id)
        same = Hold.client == client_id, Hold.why == why, Hold.subject_id == subject_id
        hold: Hold | None = Hold.get_or_none(*same, Hold.lifted_at.is_null())
        if hold is not None:
            return hold
        hold = Hold.create(
            client=client_id,
            why=why,
            subject_id=subject_id,
            placed_at=now(),
            placed_by_role=actor.role,
            placed_by_account=actor.account_id,
        )
        outbox.withdraw((Message.client_id == client_id) & Message.kind.in_(PASSWORDS))
        record(Tag.HOLD_PLACED, actor, client_id=client_id, hold=hold.id, why=why, subject=subject_id)
        return hold


def standing(client_id: int) -> Hold | None:
    """The latest hold that is in force, if there is one."""
    holds = Hold.select().where(Hold.client == client_id, Hold.lifted_at.is_null())
    latest: Hold | None = holds.order_by(Hold.id.desc()).first()
    return latest


def check(client_id: int) -> None:
    """See that nothing is held back. Raises `OnHold`."""
    if standing(client_id) is not None:
        raise OnHold


def lift(actor: Actor, client_id: int) -> bool:
    """Let passwords go again, whatever held them back. Says whether anything did.

    Raises `PermissionError` for all but support and operator.
    """
    if actor.role not in MAY_LIFT:
        raise PermissionError("a hold is lifted by support or the operator")
    with transaction():
        act_on(actor, client_id)
        hold = standing(client_id)
        if hold is None:
            return False
        lifted = Hold.update(
            lifted_at=now(), lifted_by_role=actor.role, lifted_by_account=actor.account_id
        ).where(Hold.client == client_id, Hold.lifted_at.is_null())
        lifted.execute()
        record(Tag.HOLD_LIFTED, actor, client_id=client_id, hold=hold.id)
        return True
