"""What others may know of a client, and how to find it in a password.

Letters are compared without diacritics and case. A word of four letters or more is found anywhere; one of
three only as a whole word, because "Ján" must not forbid "pijan"; shorter ones say nothing.

Of a number any four digits in a row are found. The default password is four digits of the birth number,
so whoever tries that first tries such runs next; runs of three would refuse ten times as many passwords
by chance.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from zone.secret import Secret

RUN = 4
LETTERS = re.compile(r"[^\W\d_]+")
# What people write around the digits of a phone number, a date or a birth number.
PUNCTUATION = r"[\s.,:/()_+-]+"
BETWEEN_DIGITS = re.compile(rf"(?<=\d){PUNCTUATION}(?=\d)")
DATE_SPELLINGS = (
    "{d:02}{m:02}{y:04}",
    "{d}{m}{y:04}",
    "{y:04}{m:02}{d:02}",
    "{m:02}{d:02}{y:04}",
    "{d:02}{m:02}{yy:02}",
    "{d}{m}{yy:02}",
    "{yy:02}{m:02}{d:02}",
)


@dataclass(frozen=True, repr=False)
class OwnData:
    """A client's own data. `digits` are numbers however spelled: birth number, phone, reference, policies."""

    names: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    digits: tuple[Secret, ...] = ()
    birth_date: date | None = None


def unaccented(text: str) -> str:
    """`text` without diacritics."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def fold(text: str) -> str:
    """`text` without diacritics and case."""
    return unaccented(text.casefold())


def holds_name(password: str, own: OwnData) -> bool:
    """Any part of the name."""
    return _holds_word(password, own.names)


def holds_email(password: str, own: OwnData) -> bool:
    """Everything but the last label, which is no more than "sk" or "com"."""
    known = [address.rpartition(".")[0] for address in own.emails]
    return _holds_word(password, known) or _holds_run(password, known)


def holds_number(password: str, own: OwnData) -> bool:
    """Four digits in a row of any of the client's numbers."""
    return _holds_run(password, (_digits(number.reveal()) for number in own.digits))


def holds_birth_date(password: str, own: OwnData) -> bool:
    """The date in any usual spelling, or four digits of one: the year, or day and month."""
    if own.birth_date is None:
        return False
    day, month, year = own.birth_date.day, own.birth_date.month, own.birth_date.year
    spelled = (form.format(d=day, m=month, y=year, yy=year % 100) for form in DATE_SPELLINGS)
    return _holds_run(password, spelled)


def is_number(password: str) -> bool:
    """Whether there is nothing but digits and the punctuation of numbers."""
    return re.sub(PUNCTUATION, "", password).isdecimal()


def _holds_word(password: str, known: Iterable[str]) -> bool:
    folded = fold(password)
    whole = set(LETTERS.findall(folded))
    words = LETTERS.findall(fold(" ".join(known)))
    stems = [word.removesuffix("ova") for word in words]  # Kováčová comes from Kováč
    return any(
        form in whole if len(form) == 3 else len(form) > 3 and form in folded for form in words + stems
    )


def _holds_run(password: str, known: Iterable[str]) -> bool:
    joined = BETWEEN_DIGITS.sub("", password)
    runs = (run for text in known for run in re.findall(r"\d+", text))
    return any(run[at : at + RUN] in joined for run in runs for at in range(len(run) - RUN + 1))


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)
