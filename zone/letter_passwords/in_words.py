"""Which password it is, said so that a client understands, and never its value."""

from __future__ import annotations

from zone.language import Language
from zone.letter_passwords.models import LetterPassword, Origin


def which(version: LetterPassword, words: Language) -> str:
    """“the last 4 digits of your birth number”, “your own password of 3 May 2026”, as the client reads it."""
    if version.origin == Origin.DEFAULT:
        digits = version.digits or 0
        return words.ngettext(
            "the last %(count)s digit of your birth number",
            "the last %(count)s digits of your birth number",
            digits,
        ) % {"count": digits}
    day = {"day": words.day(version.set_at)}
    if version.origin == Origin.OWN:
        return words.gettext("your own password of %(day)s") % day
    return words.gettext("the password of %(day)s that you have by SMS") % day


def which_for_staff(version: LetterPassword, words: Language) -> str:
    """The same for who helps the client."""
    if version.origin == Origin.DEFAULT:
        digits = version.digits or 0
        return words.ngettext(
            "the last %(count)s digit of the birth number",
            "the last %(count)s digits of the birth number",
            digits,
        ) % {"count": digits}
    day = {"day": words.day(version.set_at)}
    if version.origin == Origin.OWN:
        return words.gettext("the password that the client set on %(day)s") % day
    return words.gettext("the password that was generated on %(day)s and went by SMS") % day
