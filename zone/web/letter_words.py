"""Letters in words: what kind they are, what became of a copy, which password opens it, why it waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from zone.audit import Role
from zone.config import LetterKind
from zone.language import N_, Language
from zone.letter_passwords.in_words import which, which_for_staff
from zone.letters.dispatch import Obstacle
from zone.letters.encryption import Problem
from zone.letters.models import Copy, Letter
from zone.messages.states import finished
from zone.web.message_words import way

KINDS = {
    LetterKind.CONTRACT: N_("Contract"),
    LetterKind.PREMIUM: N_("Premium"),
    LetterKind.STATEMENT: N_("Statement"),
    LetterKind.CLAIM: N_("Insurance claim"),
    LetterKind.NOTICE: N_("Notice"),
    LetterKind.OTHER: N_("Other"),
}
WAITS = (N_("cannot be sent yet"), "caution")
OWN_PASSWORD = (N_("Set your own password"), "client.own_password")
# What it means for the client, and the page on which they can do something about it.
WAITS_FOR = {
    Obstacle.NO_PHONE: (
        N_(
            "We have no mobile number to send you the password that opens it. Set your own password and the letter "
            "goes by itself, or call us to add a number."
        ),
        OWN_PASSWORD,
    ),
    Obstacle.PHONE_NOT_CONFIRMED: (
        N_(
            "Your phone number has not been confirmed for a long time, so we do not send it the password that opens "
            "the letter. Confirm the number and the letter goes by itself."
        ),
        (N_("Confirm the phone number"), "client.phone"),
    ),
    Obstacle.PHONE_CHANGED: (
        N_(
            "Your phone number is new on file. To protect you, no password goes to it for a while; "
            "then the letter goes by itself. If you set your own password, it goes at once."
        ),
        OWN_PASSWORD,
    ),
    Obstacle.ON_HOLD: (
        N_(
            "We were told that something was done here that was not your wish, so we send no password by SMS. Please "
            "call us: once we have talked, the letter goes by itself. If you set your own password, it goes at once."
        ),
        OWN_PASSWORD,
    ),
    Obstacle.TOO_MANY_MESSAGES: (
        N_(
            "Too many messages with a password were sent. The letter goes by itself within a day. If you set your "
            "own password, it goes at once."
        ),
        OWN_PASSWORD,
    ),
    Obstacle.PASSWORD_GONE: (
        N_(
            "There is no password that could open it. Set your own password and the letter goes by itself, or call us."
        ),
        OWN_PASSWORD,
    ),
}
# Why it waits, and what the support desk can do about it.
FOR_SUPPORT = {
    Obstacle.NO_PHONE: (
        N_("The password was never sent, and there is no mobile number"),
        N_("Ask the client for a mobile number and put it on file, on their card."),
    ),
    Obstacle.PHONE_NOT_CONFIRMED: (
        N_("The password was never sent, and the number was not confirmed for a long time"),
        N_("Ask the client whether the number is still theirs, and confirm it on their card."),
    ),
    Obstacle.PHONE_CHANGED: (
        N_("The password was never sent, and the number came on file a short time ago"),
        N_(
            "Ask the client whether the change was theirs. The letter goes by itself after the time of protection."
        ),
    ),
    Obstacle.ON_HOLD: (
        N_("The password was never sent, and the client told us that something was not done by them"),
        N_("Talk to the client, put right what is wrong, then lift the hold. The letter goes by itself."),
    ),
    Obstacle.TOO_MANY_MESSAGES: (
        N_("The password was never sent, and too many messages with one went out"),
        N_("Nothing: the letter goes by itself within a day."),
    ),
    Obstacle.PASSWORD_GONE: (
        N_("There is no password that could open it"),
        N_("Have the birth number put on file again, or ask the client to set their own password."),
    ),
}


@dataclass(frozen=True)
class Standing:
    """A copy as a page shows it. `act` is a label and an endpoint; `poll` is how often to look again.

    `note` says more of the password that opens it.
    """

    asked_at: datetime
    summary: str
    tone: str
    opens_with: str
    note: str | None
    advice: str | None
    act: tuple[str, str] | None
    poll: str | None


def standing(copy: Copy, words: Language) -> Standing:
    """How far `copy` has come, and what opens it."""
    opens_with, note = _opens_with(copy, words)
    if copy.message is None:
        summary, tone = WAITS
        advice, (label, endpoint) = WAITS_FOR[Obstacle(copy.waits_for or "")]
        act = words.gettext(label), endpoint
        return Standing(
            copy.asked_at, words.gettext(summary), tone, opens_with, note, words.gettext(advice), act, None
        )
    sent = way(copy.message, words)
    return Standing(copy.asked_at, sent.summary, sent.tone, opens_with, note, sent.advice, None, sent.poll)


def standing_for_support(copy: Copy, words: Language) -> Standing:
    """The same for the support desk; while it waits, `advice` says why, and what to do."""
    opens_with, which_one = _opens_with_for_support(copy, words)
    if copy.message is None:
        why, what_to_do = why_it_waits(copy, words)
        summary, tone = words.gettext(WAITS[0]), WAITS[1]
        advice = f"{why}. {what_to_do}"
        return Standing(copy.asked_at, summary, tone, opens_with, which_one, advice, None, None)
    sent = way(copy.message, words, reader=Role.SUPPORT)
    return Standing(
        copy.asked_at, sent.summary, sent.tone, opens_with, which_one, sent.advice, None, sent.poll
    )


def waits(copy: Copy, words: Language) -> tuple[Copy, str, str, str]:
    """A copy that waits as worklists show it: with the letter's kind, why, and what to do."""
    return copy, kind(copy.letter.kind, words), *why_it_waits(copy, words)


def why_it_waits(copy: Copy, words: Language) -> tuple[str, str]:
    """Why a copy cannot be sent yet, and what to do about it, for who helps the client."""
    why, what_to_do = FOR_SUPPORT[Obstacle(copy.waits_for or "")]
    return words.gettext(why), words.gettext(what_to_do)


def rejection(letter: Letter, words: Language) -> tuple[Letter, str, str]:
    """A letter that was rejected as worklists show it: with its kind, and what to do."""
    problem = Problem[letter.reason or ""]
    return letter, kind(letter.kind, words), words.gettext(problem.value)


def kind(of: str, words: Language) -> str:
    """What a letter is about."""
    return words.gettext(KINDS[LetterKind(of)])


def _opens_with(copy: Copy, words: Language) -> tuple[str, str | None]:
    """What is not encrypted yet will be under the password in force when it goes."""
    if copy.password is None and copy.message is not None and finished(copy.message):
        return words.gettext("nothing: it was not sent"), None
    if copy.password is None:
        return words.gettext("the password in force when it goes"), None
    if copy.password.replaced_at is None:
        return words.gettext("your current password"), which(copy.password, words)
    return which(copy.password, words), None


def _opens_with_for_support(copy: Copy, words: Language) -> tuple[str, str | None]:
    if copy.password is None:
        return _opens_with(copy, words)
    if copy.password.replaced_at is None:
        return words.gettext("the current password"), which_for_staff(copy.password, words)
    return which_for_staff(copy.password, words), words.gettext("an earlier password")
