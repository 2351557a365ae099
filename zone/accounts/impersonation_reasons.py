"""Why a support agent acts for a client: a reason from a list, and the number of the ticket that it belongs to."""

from __future__ import annotations

import re
from enum import StrEnum

from zone.language import N_, Refusal

# Letters, digits and what ticket systems put between them; a digit at least, so that it is no word or name.
TICKET = re.compile(r"(?=.*[0-9])[#A-Za-z0-9][A-Za-z0-9#/-]{0,31}")


class Reason(StrEnum):
    """What the client called about."""

    FORGOTTEN = "forgotten_password"
    NOT_OPENING = "letter_does_not_open"
    NOT_ARRIVED = "message_not_arrived"
    QUESTION = "question"
    COMPLAINT = "complaint"


# As agents, and the clients themselves, read it.
SAID = {
    Reason.FORGOTTEN: N_("forgotten letter password"),
    Reason.NOT_OPENING: N_("a letter that does not open"),
    Reason.NOT_ARRIVED: N_("an SMS or e-mail that did not arrive"),
    Reason.QUESTION: N_("a question about the zone"),
    Reason.COMPLAINT: N_("a complaint"),
}


class NoTicket(Refusal):
    """That is no ticket number."""

    message = N_(
        "Enter the number of the ticket: letters, digits, hyphens, slashes and #, for example PO-2041."
    )


def ticket(typed: str) -> str:
    """The ticket number in what was typed. Raises `NoTicket`."""
    number = typed.strip()
    if not TICKET.fullmatch(number):
        raise NoTicket
    return number
