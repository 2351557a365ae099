"""What it costs to guess the password of a letter that went astray, in time, from the figures of `strength`.

Whoever has the letter tries passwords against the letter itself: nothing slows them down or hears of it.
"""

from __future__ import annotations

from dataclasses import dataclass

from zone.language import Language
from zone.letter_passwords.passphrase import WORDS_IN_PHRASE, word_list
from zone.letter_passwords.strength import GUESSES_PER_SECOND, time_in_words

# AES-256 revision 6 on one core of a server's processor: a figure that we took over. It is of the right order: the hash
# of ISO 32000-2, written plainly in Python over OpenSSL, made about 840 a second on one core of an AMD EPYC.
CORE_GUESSES_PER_SECOND = 1_650
# Four digits of a birth number whose date is known: the whole number can be divided by 11.
WITH_BIRTH_DATE = 909


@dataclass(frozen=True)
class Cost:
    """How many passwords there are to try, and the seconds that takes on one core and on one graphics card."""

    possibilities: int

    @property
    def on_core(self) -> float:
        return self.possibilities / CORE_GUESSES_PER_SECOND

    @property
    def on_card(self) -> float:
        return self.possibilities / GUESSES_PER_SECOND


def of_default(digits: int) -> Cost:
    """Of the last `digits` of a birth number of which nothing is known."""
    return Cost(10**digits)


def with_birth_date() -> Cost:
    """Of the last four, when the date of birth is known."""
    return Cost(WITH_BIRTH_DATE)


def of_passphrase(language: str) -> Cost:
    """Of a password that the zone makes up for a client who sets an own one."""
    return Cost(len(word_list(language)) ** WORDS_IN_PHRASE)


def in_words(seconds: float, words: Language) -> str:
    """“less than a second”, “6 seconds”, “9 centuries”."""
    return words.gettext("less than a second") if seconds < 1 else time_in_words(seconds, words)
