"""Which letter passwords a client may set (rule 3 of DESIGN.md).

Ten PDF readers were tried: some apply SASLprep to what is typed, some hash the bytes as they come, two
fail above 127 bytes. What equals its own SASLprep, in NFC, opens in all of them. A backtick is not in
GSM-7, and SMPP gateways break it. A space at either end is lost when the SMS is read or copied.
"""

from __future__ import annotations

import unicodedata
from enum import Enum

from zone.language import N_, Refusal
from zone.letter_passwords import own_data
from zone.letter_passwords.own_data import OwnData
from zone.letter_passwords.saslprep import is_prepared
from zone.secret import Secret

__all__ = ["NotAccepted", "OwnData", "Problem", "check", "is_accepted", "normalise"]

SHORTEST, LONGEST = 10, 32
MOST_BYTES = 127


class Problem(Enum):
    """What is wrong with a password, and what to do about it."""

    TOO_SHORT = N_("Use at least %(shortest)s characters. Several words are easier to remember than one.")
    TOO_LONG = N_("Use at most %(longest)s characters.")
    CHARACTER = N_("Leave out %(character)s. Some PDF readers or phones would change it.")
    INVISIBLE = N_("There is an invisible character in it, perhaps from copying. Type the password by hand.")
    SPACE_AT_END = N_("Leave out the space at the beginning or at the end. It would be lost in the SMS.")
    MIXED = N_("These characters cannot stand together in a password. Use letters of one alphabet.")
    TOO_MANY_BYTES = N_("These characters take up too much room. Use fewer of them, or plain letters.")
    DIGITS_ONLY = N_("Digits alone are guessed quickly. Add words.")
    OWN_NAME = N_("Leave out your name. Others know it.")
    OWN_EMAIL = N_("Leave out parts of your e-mail address. Others know it.")
    OWN_BIRTH_DATE = N_("Leave out your date of birth and its year. Others know them.")
    OWN_NUMBER = N_(
        "Leave out digits of your birth number, phone, policy or client number, even four of them in a row."
    )
    # Found by whoever has the client's passwords at hand; here so that all refusals read alike.
    SAME_AS_CURRENT = N_("This is your current password for letters. Choose a different one.")
    SAME_AS_SIGN_IN = N_("This is the password that you sign in with. Choose a different one for letters.")


class NotAccepted(Refusal):
    """The password may not be set. `facts` hold at most one character of it."""

    def __init__(self, problem: Problem, **facts: str | int) -> None:
        self.problem = problem
        super().__init__(problem.value, **facts)


def normalise(text: str) -> Secret:
    """What was typed, in NFC: some phones send a letter and its accent as two characters."""
    return Secret(unicodedata.normalize("NFC", text))


def check(password: Secret, own: OwnData) -> None:
    """Raise `NotAccepted` with the first problem of a normalised `password`, if there is one."""
    text = password.reveal()
    _check_length(text)
    _check_characters(text)
    _check_contents(text, own)


def is_accepted(password: Secret, own: OwnData) -> bool:
    """Whether `check` has nothing against it."""
    try:
        check(password, own)
    except NotAccepted:
        return False
    return True


def _check_length(text: str) -> None:
    if len(text) < SHORTEST:
        raise NotAccepted(Problem.TOO_SHORT, shortest=SHORTEST)
    if len(text) > LONGEST:
        raise NotAccepted(Problem.TOO_LONG, longest=LONGEST)


def _check_characters(text: str) -> None:
    for character in text:
        if not character.isprintable():
            raise NotAccepted(Problem.INVISIBLE)
        if character == "`" or not is_prepared(character):
            raise NotAccepted(Problem.CHARACTER, character=character)
    if text != text.strip():
        raise NotAccepted(Problem.SPACE_AT_END)
    if not (unicodedata.is_normalized("NFC", text) and is_prepared(text)):
        raise NotAccepted(Problem.MIXED)
    if len(text.encode()) > MOST_BYTES:
        raise NotAccepted(Problem.TOO_MANY_BYTES)


def _check_contents(text: str, own: OwnData) -> None:
    findings = (
        (Problem.DIGITS_ONLY, own_data.is_number(text)),
        (Problem.OWN_NAME, own_data.holds_name(text, own)),
        (Problem.OWN_EMAIL, own_data.holds_email(text, own)),
        (Problem.OWN_BIRTH_DATE, own_data.holds_birth_date(text, own)),
        (Problem.OWN_NUMBER, own_data.holds_number(text, own)),
    )
    for problem, found in findings:
        if found:
            raise NotAccepted(problem)
