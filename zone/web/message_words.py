"""What became of a message, in words: its way step by step, and what to do when it did not arrive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

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
}
NEXT_STEP = {Channel.SMS: BY_SMS, Channel.MAIL: BY_MAIL}
NO_RECEIPT = N_("The carrier has not told us whether it arrived. If you do not have it, ask for it again.")
KINDS = {
    Kind.LETTER_PASSWORD: N_("Letter password"),
    Kind.EARLIER_PASSWORD: N_("Earlier letter password"),
    Kind.PHONE_CODE: N_("Code for the phone"),
    Kind.LETTER: N_("Letter"),
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


def way(message: Message, words: Language) -> Way:
    """How far `message` has come."""
    status = Status(message.status)
    summary, tone = SUMMARY[status]
    advice = _advice(message, status)
    return Way(
        steps=_steps(message, status, words),
        summary=words.gettext(summary),
        tone=tone,
        advice=words.gettext(advice) if advice else None,
        poll=_poll(message),
    )


def _advice(message: Message, status: Status) -> str | None:
    if status is Status.SENT and finished(message) and message.channel == Channel.SMS:
        return NO_RECEIPT
    if status not in MAY_BE_LOST:
        return None
    return NEXT_STEP[Channel(message.channel)][Reason(message.reason)] if message.reason else None


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
