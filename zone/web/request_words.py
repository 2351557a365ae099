"""Requests in words, for brokers and support: what can be asked for, what is in force, what came of it.

Neither reads anything of what a letter says, not its subject either. Of a letter on a policy that is not in their hands
a broker does not read its kind.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from zone.audit import Role
from zone.clients.models import Phone
from zone.clients.phone_rules import PhoneMissing, PhoneNotConfirmed
from zone.language import N_, Language
from zone.letter_passwords.models import Origin
from zone.letter_passwords.overview import Overview
from zone.letters.models import Copy, Letter
from zone.messages.states import HANDED_OVER
from zone.requests.models import RequestKind
from zone.requests.overview import Seen
from zone.web.letter_words import WAITS, kind, why_it_waits
from zone.web.message_words import Way, soonest, way

# The labels of the insurer's procedure.
ASK_FOR = {
    RequestKind.RESEND: N_("Send the current password for electronic correspondence by SMS"),
    RequestKind.RESET: N_("Reset the password for electronic correspondence"),
}
CONFIRMED_BY = {
    Role.CLIENT: N_("by the client, with a code"),
    Role.BROKER: N_("by a broker, with the client"),
    Role.SUPPORT: N_("by support, with the client"),
    Role.OPERATOR: N_("from the insurer's records"),
    Role.PROGRAM: N_("from the insurer's records"),
}
DONE = (N_("done"), "success")
GONE = {
    Role.BROKER: N_("a broker who is no longer with us"),
    Role.SUPPORT: N_("a support agent who is no longer with us"),
}
# What a reset put in force.
RESET_TO = {
    Origin.DEFAULT: N_("New letters open with the basic setting."),
    Origin.GENERATED: N_(
        "The client has no birth number on file, so a new password was generated and goes by SMS."
    ),
}


@dataclass(frozen=True)
class Listed:
    """A request as the list shows it. `policy` is the number of the one that a broker made it on."""

    reference: str
    number: str
    policy: str | None
    kind: str
    by: str
    asked_at: datetime
    summary: str
    tone: str


@dataclass(frozen=True)
class LetterRow:
    """A letter of a request: which one, as far as the reader may know, and where its copy is.

    `facts` tell letters of one kind apart, as far as the reader may know them. `poll` is how often to look again, if
    at all.
    """

    id: int
    name: str
    dated: date
    facts: list[str]
    summary: str
    tone: str
    advice: str | None
    poll: str | None


@dataclass(frozen=True)
class Offered:
    """A letter that a reset can send again, as far as the reader may know it."""

    reference: str
    name: str
    dated: date
    is_read: bool
    facts: list[str]


@dataclass(frozen=True)
class Outcome:
    """All that came of a request. `put_in_force` is a reset's; `poll` is how often to look again, if at all."""

    put_in_force: str | None
    way: Way | None
    letters: list[LetterRow]
    gone: int
    poll: str | None


def confirmed_by(phone: Phone, words: Language) -> str | None:
    """Who last said that the number is the client's."""
    return words.gettext(CONFIRMED_BY[Role(phone.confirmed_by_role)]) if phone.confirmed_by_role else None


def obstacle(seen: Overview, words: Language) -> str | None:
    """Why no password can go to the phone; what the step "Phone number" cures is said there."""
    if seen.obstacle is None or isinstance(seen.obstacle, PhoneMissing | PhoneNotConfirmed):
        return None
    return seen.obstacle.in_words(words, for_others=True)


def in_force(seen: Overview, words: Language) -> str:
    """Which kind of password opens the client's letters, and since when."""
    version = seen.version
    day = words.day(version.set_at)
    if version.origin == Origin.OWN:
        return words.gettext("The client set a password on %(day)s.") % {"day": day}
    if version.origin == Origin.GENERATED:
        said = words.gettext("The client has a password that was generated on %(day)s and goes by SMS.")
        return said % {"day": day}
    digits = version.digits or 0
    return words.ngettext(
        "The client has the basic setting, the last %(count)s digit of the birth number, since %(day)s.",
        "The client has the basic setting, the last %(count)s digits of the birth number, since %(day)s.",
        digits,
    ) % {"count": digits, "day": day}


def by(seen: Seen, words: Language) -> str:
    """Who made the request."""
    return seen.by or words.gettext(GONE[Role(seen.request.actor_role)])


def listed(seen: Seen, words: Language) -> Listed:
    """One row of the list."""
    request = seen.request
    summary, tone = _summary(seen, words)
    return Listed(
        reference=request.reference,
        number=request.number,
        policy=request.policy.number if request.policy else None,
        kind=words.gettext(ASK_FOR[RequestKind(request.kind)]),
        by=by(seen, words),
        asked_at=request.asked_at,
        summary=summary,
        tone=tone,
    )


def outcome(seen: Seen, words: Language) -> Outcome:
    """The message and the letters of one request."""
    reader = Role.SUPPORT if seen.in_hand is None else Role.BROKER
    sent = way(seen.request.message, words, reader=reader) if seen.request.message else None
    letters = [_letter(copy, seen.in_hand, words) for copy in seen.copies]
    poll = soonest([*letters, *([sent] if sent else [])])
    return Outcome(_put_in_force(seen, words), sent, letters, _gone(seen), poll)


def offered(
    found: list[tuple[Letter, Copy]], words: Language, *, in_hand: Collection[int] | None
) -> list[Offered]:
    """Letters that a reset can send again, each with what may be known of it by who has these policies `in_hand`.

    None means all.
    """
    return [
        Offered(
            letter.reference,
            _name(letter, in_hand, words),
            letter.dated,
            letter.read_at is not None,
            _facts(letter, in_hand, words),
        )
        for letter, _ in found
    ]


def _summary(seen: Seen, words: Language) -> tuple[str, str]:
    """In one line: where the letters are; without any where the SMS is; without one, that it is done."""
    if seen.copies:
        gone, count = _gone(seen), len(seen.copies)
        said = words.ngettext("%(gone)s of %(num)s letter sent", "%(gone)s of %(num)s letters sent", count)
        return said % {"gone": gone, "num": count}, "success" if gone == count else "info"
    if seen.request.message is None:
        return words.gettext(DONE[0]), DONE[1]
    sent = way(seen.request.message, words)
    return sent.summary, sent.tone


def _put_in_force(seen: Seen, words: Language) -> str | None:
    version = seen.request.password
    if seen.request.kind != RequestKind.RESET or version is None:
        return None
    return words.gettext(RESET_TO[Origin(version.origin)])


def _gone(seen: Seen) -> int:
    return sum(1 for copy in seen.copies if copy.message and copy.message.status in HANDED_OVER)


def _letter(copy: Copy, in_hand: Collection[int] | None, words: Language) -> LetterRow:
    letter = copy.letter
    name, facts = _name(letter, in_hand, words), _facts(letter, in_hand, words)
    if copy.message is None:
        summary, tone = words.gettext(WAITS[0]), WAITS[1]
        why, what_to_do = why_it_waits(copy, words)
        advice = f"{why}. {what_to_do}" if in_hand is None else why
        return LetterRow(copy.id, name, letter.dated, facts, summary, tone, advice, None)
    sent = way(copy.message, words, reader=Role.SUPPORT if in_hand is None else Role.BROKER)
    return LetterRow(copy.id, name, letter.dated, facts, sent.summary, sent.tone, sent.advice, sent.poll)


def _facts(letter: Letter, in_hand: Collection[int] | None, words: Language) -> list[str]:
    """The policy, unless it is in other hands; the reference for support alone."""
    known = letter.policy and not _in_other_hands(letter, in_hand)
    policy = [f"{words.gettext('policy')} {letter.policy.number}"] if letter.policy and known else []
    return [*policy, letter.reference] if in_hand is None else policy


def _name(letter: Letter, in_hand: Collection[int] | None, words: Language) -> str:
    """The letter's kind; what concerns a policy in other hands is a letter and no more."""
    return words.gettext("Letter") if _in_other_hands(letter, in_hand) else kind(letter.kind, words)


def _in_other_hands(letter: Letter, in_hand: Collection[int] | None) -> bool:
    return in_hand is not None and letter.policy_id is not None and letter.policy_id not in in_hand
