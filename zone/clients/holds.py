"""The client's brake: once they said "this was not me", no letter password goes out by SMS (rule 7 of DESIGN.md).

It holds up everybody's request, the client's own too: it may be their phone or their account that another has.
Only support or the operator lift it, after talking to the client.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from peewee import JOIN

from zone.audit import Actor, Role, Tag, record
from zone.clients import phones
from zone.clients.acting import act_on
from zone.clients.models import Hold, Phone
from zone.clients.phone_unfit import PhoneUnfit
from zone.clock import now
from zone.language import N_
from zone.messages import outbox
from zone.messages.models import PASSWORDS, Message
from zone.storage import transaction

MAY_LIFT = (Role.SUPPORT, Role.OPERATOR)
MOST = 20


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


class NoSuchHold(Exception):
    """The client has no hold of this number; somebody else may."""


@dataclass(frozen=True)
class Held:
    """A hold, and the number (masked) that a change of phone brought, if it is about one."""

    hold: Hold
    phone_masked: str | None


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


def of_client(client_id: int, hold_id: int | None = None) -> list[Held]:
    """The client's holds, those in force first, newest first, at most `MOST`; or that one alone; in one query."""
    about = (Hold.why == Why.PHONE_CHANGE) & (Hold.subject_id == Phone.id)
    query = Hold.select(Hold, Phone.number).join(Phone, JOIN.LEFT_OUTER, on=about, attr="phone")
    query = query.where(Hold.client == client_id).order_by(Hold.lifted_at.is_null().desc(), Hold.id.desc())
    if hold_id is not None:
        query = query.where(Hold.id == hold_id)
    return [Held(hold, _masked(hold)) for hold in query.limit(MOST)]


def one(client_id: int, hold_id: int) -> Held:
    """The client's hold of that number. Raises `NoSuchHold`."""
    found = of_client(client_id, hold_id)
    if not found:
        raise NoSuchHold
    return found[0]


def lift(actor: Actor, client_id: int, hold_id: int | None = None) -> bool:
    """Let passwords go again, whatever held them back; or end that hold alone. Says whether anything stood.

    Raises `PermissionError` for all but support and operator.
    """
    if actor.role not in MAY_LIFT:
        raise PermissionError("a hold is lifted by support or the operator")
    with transaction():
        act_on(actor, client_id)
        those = (Hold.client == client_id) & Hold.lifted_at.is_null()
        if hold_id is not None:
            those &= Hold.id == hold_id
        hold = Hold.select().where(those).order_by(Hold.id.desc()).first()
        if hold is None:
            return False
        lifted = {"lifted_at": now(), "lifted_by_role": actor.role, "lifted_by_account": actor.account_id}
        Hold.update(lifted).where(those).execute()
        record(Tag.HOLD_LIFTED, actor, client_id=client_id, hold=hold.id)
        return True


def _masked(hold: Hold) -> str | None:
    phone = getattr(hold, "phone", None)  # peewee sets it where there is one
    return phones.mask(phone.number) if phone else None
