"""Birth numbers (rodné číslo): what is one, which of its digits are the default password, keeping it sealed.

Slovak ones (Act 301/1995) and Czech ones (Act 133/2000) have one form. `stdnum` checks length, calendar and
check digit. It takes a check digit 0 where the remainder is 10, rightly: about a thousand such numbers were
given out, nearly all before 1986 (DASTA, "Struktura rodného čísla"). It does not check which month offsets
exist, nor that anybody with the number can be alive today; this module does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from stdnum.cz import rc
from stdnum.exceptions import InvalidChecksum, InvalidComponent, ValidationError

from zone.clock import now
from zone.language import N_, Refusal
from zone.secret import Secret
from zone.vault import Context, NotInVault, Purpose, Vault

DATE_DIGITS = 6
# Women have 50 added to the month. Where the endings of a day ran out, 20 more may be added since 2004.
MONTHS = frozenset((*range(1, 13), *range(51, 63)))
MONTHS_SINCE_2004 = frozenset((*range(21, 33), *range(71, 83)))
# A number of 9 digits that begins with 80 to 99 means 18…: it rather lost its tenth digit.
FIRST_YEAR = 1900

BAD_LENGTH = N_(
    "A birth number has 10 digits, or 9 for people born before 1954. Check that no digit is missing or extra."
)
BAD_DATE = N_("The first six digits of the birth number do not make a date of birth. Check them.")
BAD_CHECK = N_("The digits of the birth number do not fit together. Probably one of them is mistyped.")
FUTURE = N_("The birth number gives a date in the future. For people born before 1954 it has only 9 digits.")


class BadBirthNumber(Refusal):
    """This is no birth number. The message says what to check, and never quotes it."""


@dataclass(frozen=True)
class BirthNumber:
    """A valid birth number: its 9 or 10 digits, and the day that they speak of."""

    digits: Secret
    born: date


def parse(text: str) -> BirthNumber:
    """The birth number in `text`, with or without slash and spaces. Raises `BadBirthNumber`."""
    try:
        number = BirthNumber(Secret(rc.validate(text)), rc.get_birth_date(text))
    except InvalidComponent as error:
        raise BadBirthNumber(BAD_DATE) from error
    except InvalidChecksum as error:
        raise BadBirthNumber(BAD_CHECK) from error
    except ValidationError as error:
        raise BadBirthNumber(BAD_LENGTH) from error
    month = int(number.digits.reveal()[2:4])
    if month not in MONTHS and not (month in MONTHS_SINCE_2004 and number.born.year >= 2004):
        raise BadBirthNumber(BAD_DATE)
    if number.born.year < FIRST_YEAR:
        raise BadBirthNumber(BAD_LENGTH)
    if number.born > now().date():
        raise BadBirthNumber(FUTURE)
    return number


def default_digits(number: BirthNumber) -> int:
    """How many last digits are the default letter password: 3 of 9, 4 of 10."""
    return len(number.digits.reveal()) - DATE_DIGITS


def default_password(number: BirthNumber) -> Secret:
    """The default letter password (way A of the procedure in DESIGN.md)."""
    return Secret(number.digits.reveal()[-default_digits(number) :])


def load(vault: Vault, client_id: int) -> BirthNumber | None:
    """The client's birth number, if one is on file. Raises `CannotOpen` when it was tampered with."""
    try:
        digits = vault.get(_context(client_id)).decode()
    except NotInVault:
        return None
    return BirthNumber(Secret(digits), rc.get_birth_date(digits))


def store(vault: Vault, client_id: int, number: BirthNumber) -> None:
    """Seal the birth number of a client who has none now, in the caller's transaction."""
    vault.put(_context(client_id), number.digits.reveal().encode())


def forget(vault: Vault, client_id: int) -> None:
    """Destroy the client's birth number, in the caller's transaction."""
    vault.destroy(_context(client_id))


def _context(client_id: int) -> Context:
    return Context(Purpose.BIRTH_NUMBER, client_id, 1)
