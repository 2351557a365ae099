"""What each event is called for the client whom it concerns, what is shown of it, and what is not for them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from zone.accounts.access_history import Wanted
from zone.audit import STAFF, Tag
from zone.language import N_


class Group(StrEnum):
    """What the history can be filtered by."""

    ACTING = "acting"
    SIGN_IN = "sign-in"
    PASSWORD = "password"
    LETTERS = "letters"
    DETAILS = "details"
    MESSAGES = "messages"


GROUPS = {
    Group.ACTING: N_("Brokers and support"),
    Group.SIGN_IN: N_("Signing in"),
    Group.PASSWORD: N_("Letter password"),
    Group.LETTERS: N_("Letters"),
    Group.DETAILS: N_("Phone, contact and policies"),
    Group.MESSAGES: N_("Messages that we sent"),
}


@dataclass(frozen=True)
class Told:
    """How one tag is told. `facts` are the names of those that are shown, by `history_facts.FACTS`.

    `foul` says that it may have been somebody else in the client's or in staff's place. `by_somebody` says that
    whoever it was failed to prove who they are.
    """

    group: Group
    words: str
    facts: tuple[str, ...] = ()
    foul: bool = False
    by_somebody: bool = False


TOLD: dict[Tag, Told] = {
    Tag.SIGN_IN: Told(Group.SIGN_IN, N_("Signed in"), ("device",), foul=True),
    Tag.SIGN_IN_REFUSED: Told(
        Group.SIGN_IN, N_("Tried to sign in with a wrong password"), foul=True, by_somebody=True
    ),
    Tag.SIGN_OUT: Told(Group.SIGN_IN, N_("Signed out")),
    Tag.SIGNED_OUT_ELSEWHERE: Told(Group.SIGN_IN, N_("Signed out everywhere else")),
    Tag.STEP_UP: Told(Group.SIGN_IN, N_("Entered the sign-in password again"), foul=True),
    Tag.STEP_UP_REFUSED: Told(
        Group.SIGN_IN, N_("Entered a wrong sign-in password"), foul=True, by_somebody=True
    ),
    Tag.ACCOUNT_CREATED: Told(Group.SIGN_IN, N_("Opened your account in the zone")),
    Tag.LANGUAGE: Told(Group.DETAILS, N_("Changed the language"), ("language",)),
    Tag.CLIENT_CREATED: Told(Group.DETAILS, N_("Brought your details into the zone")),
    Tag.CLIENT_CHANGED: Told(Group.DETAILS, N_("Changed your details"), ("fields",)),
    Tag.POLICY_CHANGED: Told(Group.DETAILS, N_("Changed a policy"), ("policy",)),
    Tag.MANDATE_GIVEN: Told(Group.DETAILS, N_("Gave a broker a mandate to act for you"), ("broker",)),
    Tag.MANDATE_CHANGED: Told(Group.DETAILS, N_("Changed how long a broker may act for you"), ("broker",)),
    Tag.MANDATE_ENDED: Told(Group.DETAILS, N_("Ended a broker's mandate"), ("broker",)),
    Tag.PHONE_CHANGED: Told(Group.DETAILS, N_("Changed the phone number"), ("before", "to"), foul=True),
    Tag.PHONE_CODE: Told(
        Group.DETAILS, N_("Had a code sent by SMS"), ("purpose", "to", "message"), foul=True
    ),
    Tag.PHONE_CODE_WRONG: Told(Group.DETAILS, N_("Entered a wrong code from the SMS"), foul=True),
    Tag.PHONE_CONFIRMED: Told(Group.DETAILS, N_("Confirmed the phone number"), ("to", "how"), foul=True),
    Tag.PHONE_WITHDRAWN: Told(Group.DETAILS, N_("Took back the change of the phone number"), ("to",)),
    Tag.HOLD_PLACED: Told(Group.PASSWORD, N_("Stopped the sending of passwords to your phone"), ("why",)),
    Tag.HOLD_LIFTED: Told(Group.PASSWORD, N_("Allowed passwords to your phone again"), foul=True),
    Tag.PASSWORD_DEFAULT: Told(Group.PASSWORD, N_("Put the letter password to the basic setting")),
    Tag.PASSWORD_GENERATED: Told(Group.PASSWORD, N_("Generated a letter password for you")),
    Tag.PASSWORD_SET: Told(Group.PASSWORD, N_("Set their own letter password"), foul=True),
    Tag.PASSWORD_RESET: Told(Group.PASSWORD, N_("Reset the letter password"), foul=True),
    Tag.PASSWORD_RESEND: Told(
        Group.PASSWORD, N_("Had the letter password sent by SMS"), ("to", "message"), foul=True
    ),
    Tag.PASSWORD_TRIED: Told(
        Group.PASSWORD, N_("Tried whether a password opens your letters"), ("found",), foul=True
    ),
    Tag.CLIENT_INVITED: Told(
        Group.PASSWORD, N_("Invited you by e-mail to set your own letter password"), ("message",)
    ),
    Tag.PASSWORD_OPENED: Told(Group.PASSWORD, N_("Used the letter password"), ("use",)),
    Tag.LETTER_RECEIVED: Told(Group.LETTERS, N_("Prepared a letter for you"), ("letter",)),
    Tag.LETTER_WAITS: Told(Group.LETTERS, N_("Put off sending a letter"), ("letter",)),
    Tag.LETTER_ENCRYPTED: Told(Group.LETTERS, N_("Encrypted a letter to send it"), ("letter",)),
    Tag.LETTER_SENT_AGAIN: Told(Group.LETTERS, N_("Had a letter sent again"), ("letter",), foul=True),
    Tag.LETTER_VIEWED: Told(Group.LETTERS, N_("Read a letter"), ("letter",), foul=True),
    Tag.LETTER_DOWNLOADED: Told(Group.LETTERS, N_("Downloaded a letter"), ("letter",), foul=True),
    Tag.LETTER_PURGED: Told(Group.LETTERS, N_("Deleted a letter whose time of keeping was over")),
    Tag.REQUEST_MADE: Told(
        Group.ACTING, N_("Made a request for you"), ("kind", "policy", "request"), foul=True
    ),
    Tag.POLICY_VIEWED: Told(Group.ACTING, N_("Looked at your policy"), ("policy",)),
    Tag.CLIENT_VIEWED: Told(Group.ACTING, N_("Looked at your details")),
    Tag.MESSAGE_SETTLED: Told(Group.ACTING, N_("Noted whether a message reached you"), ("message",)),
    Tag.CONSENT_GIVEN: Told(Group.ACTING, N_("Noted that you agreed to help on your own pages"), foul=True),
    Tag.IMPERSONATION_STARTED: Told(
        Group.ACTING, N_("Began to help you on your own pages"), ("reason", "ticket"), foul=True
    ),
    Tag.IMPERSONATION_EXTENDED: Told(Group.ACTING, N_("Took more time to help you"), ("reason",)),
    Tag.IMPERSONATION_ENDED: Told(Group.ACTING, N_("Finished helping you")),
    Tag.IMPERSONATION_EXPIRED: Told(Group.ACTING, N_("The time to help you was over")),
    Tag.IMPERSONATION_VIEWED: Told(Group.ACTING, N_("Looked at one of your pages"), ("page", "subject")),
    Tag.TRAIL_READ: Told(Group.ACTING, N_("Went through the access history"), ("what",), foul=True),
}

# Not for the client, and why.
UNTOLD: dict[Tag, str] = {
    Tag.API_KEY_CREATED: "concerns a program of the insurer's, no client",
    Tag.API_KEY_REVOKED: "concerns a program of the insurer's, no client",
    Tag.API_KEY_REFUSED: "concerns a program of the insurer's, no client",
    Tag.CAMPAIGN_STARTED: "concerns how support invites clients, no one client",
    Tag.CAMPAIGN_CHANGED: "concerns how support invites clients, no one client",
    Tag.CLIENT_ERASED: "by then nobody is left who could read it",
    Tag.LETTER_REJECTED: "never was the client's letter; the support desk settles it with the insurer",
    Tag.OFFICE_SET: "concerns one of the staff, no client",
    Tag.NOTE_WRITTEN: "what our staff note for each other is internal; that they looked is told as such",
    Tag.CLIENTS_ALARM: "concerns how much a support agent reads, no one client",
    Tag.PORTFOLIO_ALARM: "concerns how much a broker reads, no one client",
}

SHOWN = frozenset(TOLD)
FOUL = frozenset(tag for tag in SHOWN if TOLD[tag].foul)
EVERYTHING = Wanted(SHOWN)


def wanted(group: Group | None) -> Wanted:
    """The entries of one group: what staff did is told by who did it, messages by what speaks of one."""
    if group is None:
        return EVERYTHING
    if group is Group.ACTING:
        return Wanted(SHOWN, STAFF)
    if group is Group.MESSAGES:
        return Wanted(frozenset(tag for tag in SHOWN if "message" in TOLD[tag].facts))
    return Wanted(frozenset(tag for tag in SHOWN if TOLD[tag].group is group))
