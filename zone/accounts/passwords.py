"""What a sign-in password must be (NIST SP 800-63B-4, 3.1.1), and how it is hashed.

No kinds of characters are demanded, and no change by the calendar: what counts is length, and not being
guessable.
"""

from __future__ import annotations

import re
import unicodedata

from zxcvbn import zxcvbn

from zone.language import N_
from zone.secret import Secret
from zone.vault import Vault

PURPOSE = "sign_in"
SHORTEST = 12
LONGEST = 128
STRENGTH = 3  # zxcvbn: at least 10⁸ guesses
JUDGED = 72  # zxcvbn takes no more; what follows can only make a password stronger
# What Slovaks choose and zxcvbn's English lists do not know.
COMMON = frozenset(
    [
        *("heslo", "mojeheslo", "tajneheslo", "nbusr", "klient", "klientskazona", "poistka", "poistovna"),
        *("slovensko", "bratislava", "kosice", "slovan", "milujem", "milujemta", "laska", "lasicka"),
        *("slniecko", "zlaticko", "macicka", "maminka", "mamicka", "ahojahoj", "qwertzuiop", "yxcvbnm"),
    ]
)


class WeakPassword(Exception):
    """The password cannot be used. `reasons` say why, each in a sentence that is marked for translation."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


def hash_password(vault: Vault, password: Secret) -> str:
    """The hash that an account keeps. Not in a transaction. Raises `Busy`."""
    return vault.hash(PURPOSE, normal(password))


def normal(password: Secret) -> Secret:
    """The password in NFKC, so that it is the same from every keyboard (SP 800-63B-4, 3.1.1.2)."""
    return Secret(unicodedata.normalize("NFKC", password.reveal()))


def refuse_weak(password: Secret, *, email: str, name: str) -> None:
    """Raises `WeakPassword` with all reasons."""
    text = normal(password).reveal()
    if len(text) < SHORTEST:
        raise WeakPassword([N_("The password is too short: it needs at least 12 characters.")])
    if len(text) > LONGEST:
        raise WeakPassword([N_("The password is too long: at most 128 characters are possible.")])
    own = _words(email.partition("@")[0]) | _words(name)
    reasons = []
    if any(word in _plain(text) for word in own):
        reasons.append(N_("The password contains your name or your e-mail address."))
    if _plain(text).strip("0123456789!?.*-_ ") in COMMON:
        reasons.append(N_("The password is one of the first that anybody would try."))
    elif zxcvbn(text[:JUDGED], [*own, *COMMON])["score"] < STRENGTH:
        reasons.append(
            N_("The password is too easy to guess: take several words that do not belong together.")
        )
    if reasons:
        raise WeakPassword(reasons)


def _words(text: str) -> set[str]:
    """The parts of a name or an address that are long enough to give something away."""
    return {word for word in re.split(r"[\W_]+", _plain(text)) if len(word) >= 4}


def _plain(text: str) -> str:
    """Without case and accents, as who guesses would write it."""
    letters = unicodedata.normalize("NFD", text.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
