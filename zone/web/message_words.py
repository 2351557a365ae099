"""What became of a message, in words: its way step by step, and what to do when it did not arrive."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from zone.audit import Role
from zone.clock import now
from zone.language import N_, Language
from zone.messages.handover import Reason, Status
from zone.messages.models import Channel, Kind, Message
from zone.messages.states import MAY_BE_LOST, finished

Step = tuple[str, datetime | None, str]

ASKED = (N_("Asked for"), "queued_at", "done")
SENDING = (N_("On its way to the carrier"), None, "now")
SENT = (N_("Sent"), "sent_at", "done")
DELIVERING = (N_("Waiting for the phone to take it"), None, "now")
ARRIVING = (N_("Delivered to the phone"), None, "waiting")
DELIVERED = (N_("Delivered to the phone"), "settled_at", "done")
FAILED = (N_("Not delivered"), "settled_at", "failed")
UNSURE = (N_("We cannot tell whether it went out"), "settled_at", "unsure")
# The steps of each status: what happened, the column that says when, and the state that the timeline shows.
STEPS = {
    Status.QUEUED: (ASKED, SENDING, ARRIVING),
    Status.SENDING: (ASKED, SENDING, ARRIVING),
    Status.SENT: (ASKED, SENT, DELIVERING),
    Status.DELIVERED: (ASKED, SENT, DELIVERED),
    Status.FAILED: (ASKED, SENT, FAILED),
    Status.UNKNOWN: (ASKED, UNSURE),
}
SUMMARY = {
    Status.QUEUED: (N_("waiting to be sent"), "info"),
    Status.SENDING: (N_("being sent"), "info"),
    Status.SENT: (N_("sent"), "info"),
    Status.DELIVERED: (N_("delivered"), "success"),
    Status.FAILED: (N_("not delivered"), "danger"),
    Status.UNKNOWN: (N_("not certain"), "caution"),
}
BY_SMS = {
    Reason.ADDRESS: N_(
        "The number does not take messages. If it is no longer yours, call us and we will correct it."
    ),
    Reason.REFUSED: N_("The carrier refused the message. Please call us, we will find out why."),
    Reason.EXPIRED: N_(
        "The phone was switched off or out of reach for too long. Switch it on and ask again."
    ),
    Reason.UNAVAILABLE: N_("The carrier could not be reached. Please ask again in a few minutes."),
    Reason.INTERRUPTED: N_("If the message does not come within a few minutes, ask for it again."),
    Reason.UNRENDERABLE: N_("The password or the number changed in the meantime. Ask for the message again."),
    Reason.NOT_ARRIVED: N_("You told us that it did not come. Ask for it again."),
}
BY_MAIL = {
    Reason.ADDRESS: N_(
        "The e-mail address does not take messages. If it is no longer yours, call us and we will correct it."
    ),
    Reason.REFUSED: N_("The mailbox refused the letter. Please call us, we will find out why."),
    Reason.EXPIRED: N_("The mailbox could not be reached for too long. Send the letter again."),
    Reason.UNAVAILABLE: N_("The mailbox could not be reached. Send the letter again in a few minutes."),
    Reason.INTERRUPTED: N_("If the e-mail does not come within a few minutes, send the letter again."),
    Reason.UNRENDERABLE: N_("The letter could not be prepared. Please call us, we will put it right."),
    Reason.NOT_ARRIVED: N_("You told us that it did not come. Send the letter again."),
}
NO_RECEIPT = N_("The carrier has not told us whether it arrived. If you do not have it, ask for it again.")
# The same for a broker who helps the client: what to do with them on the line.
SMS_FOR_BROKER = {
    Reason.ADDRESS: N_("The number takes no messages. Check it with the client and correct it."),
    Reason.REFUSED: N_("The carrier refused the message. Tell our support, they will find out why."),
    Reason.EXPIRED: N_(
        "The phone was switched off or out of reach for too long. Have the client switch it on, then ask again."
    ),
    Reason.UNAVAILABLE: N_("The carrier could not be reached. Ask again in a few minutes."),
    Reason.INTERRUPTED: N_("If the client has no message within a few minutes, ask again."),
    Reason.UNRENDERABLE: N_("The password or the number changed in the meantime. Ask again."),
    Reason.NOT_ARRIVED: N_(
        "The client says that it did not come. Check the number with them, then ask again."
    ),
}
MAIL_FOR_BROKER = {
    Reason.ADDRESS: N_(
        "The e-mail address takes no messages. Check it with the client and tell our support."
    ),
    Reason.REFUSED: N_("The mailbox refused the message. Tell our support, they will find out why."),
    Reason.EXPIRED: N_("The mailbox could not be reached for too long. Send it again."),
    Reason.UNAVAILABLE: N_("The mailbox could not be reached. Send it again in a few minutes."),
    Reason.INTERRUPTED: N_("If the client has no e-mail within a few minutes, send it again."),
    Reason.UNRENDERABLE: N_("It could not be prepared. Tell our support, they will put it right."),
    Reason.NOT_ARRIVED: N_(
        "The client says that it did not come. Have them look among unwanted mail, then send it again."
    ),
}
# What the support desk can do where brokers are sent to it; the rest is the same.
SMS_FOR_SUPPORT = SMS_FOR_BROKER | {
    Reason.REFUSED: N_(
        "The carrier refused the message. Check the number with the client and ask again. If it is refused once more, "
        "tell the operator."
    ),
    Reason.INTERRUPTED: N_("Ask the client whether they have it, and say so on their card, under Messages."),
}
MAIL_FOR_SUPPORT = MAIL_FOR_BROKER | {
    Reason.ADDRESS: N_(
        "The e-mail address takes no messages. Ask the client for the right one and have it put on file."
    ),
    Reason.REFUSED: N_(
        "The mailbox refused the message. Ask the client whether it is full or turns us away, then send it again."
    ),
    Reason.INTERRUPTED: N_("Ask the client whether they have it, and say so on their card, under Messages."),
    Reason.UNRENDERABLE: N_(
        "It could not be prepared. Tell the operator, with the time and the client’s reference."
    ),
}
NEXT_STEP = {
    Role.CLIENT: {Channel.SMS: BY_SMS, Channel.MAIL: BY_MAIL},
    Role.BROKER: {Channel.SMS: SMS_FOR_BROKER, Channel.MAIL: MAIL_FOR_BROKER},
    Role.SUPPORT: {Channel.SMS: SMS_FOR_SUPPORT, Channel.MAIL: MAIL_FOR_SUPPORT},
}
NO_RECEIPT_FOR_STAFF = N_(
    "The carrier has not told us whether it arrived. If the client does not have it, ask again."
)
NOT_TOLD = N_("The client was not told this way. Call them, so that they know of it.")
NOT_WITH_THE_AUDITOR = N_("The auditor did not get it. Tell the operator, who can sign and keep another one.")
NOT_INVITED = N_("The client was not invited this way. Check the e-mail address with them when they call.")
# The client did not ask for these, so nobody is told to ask again, but what else to do.
NOTICES = {
    Kind.PHONE_CHANGED: NOT_TOLD,
    Kind.REQUEST: NOT_TOLD,
    Kind.IMPERSONATION: NOT_TOLD,
    Kind.INVITATION: NOT_INVITED,
    Kind.AUDIT_HEAD: NOT_WITH_THE_AUDITOR,
}
KINDS = {
    Kind.LETTER_PASSWORD: N_("Letter password"),
    Kind.EARLIER_PASSWORD: N_("Earlier letter password"),
    Kind.PHONE_CODE: N_("Code for the phone"),
    Kind.PHONE_CHANGED: N_("Notice of a changed phone number"),
    Kind.LETTER: N_("Letter"),
    Kind.REQUEST: N_("Notice of a request"),
    Kind.IMPERSONATION: N_("Notice of help by support"),
    Kind.AUDIT_HEAD: N_("Signed head of the audit trail"),
    Kind.INVITATION: N_("Invitation to set an own password"),
}
OFTEN, SELDOM = "2s", "15s"


@dataclass(frozen=True)
class Way:
    """A message as a page shows it. `poll` is how often to look again; none once it is final."""

    steps: list[Step]
    summary: str
    tone: str
    advice: str | None
    poll: str | None


class Polled(Protocol):
    """What a page shows and may have to look at again."""

    @property
    def poll(self) -> str | None:
        """How often; none once it is final."""


def soonest(shown: Iterable[Polled]) -> str | None:
    """How often to look again at all of these; not at all once each is final."""
    polls = {each.poll for each in shown}
    return next((poll for poll in (OFTEN, SELDOM) if poll in polls), None)


def way(message: Message, words: Language, *, reader: Role = Role.CLIENT) -> Way:
    """How far `message` has come, told to the client, or to the broker or the support desk who help them."""
    status = Status(message.status)
    summary, tone = SUMMARY[status]
    advice = _advice(message, status, reader)
    return Way(
        steps=_steps(message, status, words),
        summary=words.gettext(summary),
        tone=tone,
        advice=words.gettext(advice) if advice else None,
        poll=_poll(message),
    )


def _advice(message: Message, status: Status, reader: Role) -> str | None:
    is_notice = message.kind in NOTICES
    if status is Status.SENT and finished(message) and message.channel == Channel.SMS and not is_notice:
        return NO_RECEIPT if reader is Role.CLIENT else NO_RECEIPT_FOR_STAFF
    if status not in MAY_BE_LOST or not message.reason:
        return None
    if is_notice:
        return NOTICES[Kind(message.kind)]
    return NEXT_STEP[reader][Channel(message.channel)][Reason(message.reason)]


def _steps(message: Message, status: Status, words: Language) -> list[Step]:
    steps = [
        (label, getattr(message, column) if column else None, state) for label, column, state in STEPS[status]
    ]
    # A message that failed before it was sent never took the step between.
    return [(words.gettext(label), at, state) for label, at, state in steps if at or state != "done"]


def _poll(message: Message) -> str | None:
    if finished(message):
        return None
    return OFTEN if now() - message.queued_at < timedelta(minutes=1) else SELDOM
