"""How long guessing a letter password takes, told honestly.

The guesses are zxcvbn's, which knows common passwords, English words, dates, keyboard rows and repetition,
with Slovak words, names and common passwords and the client's own data added. It is asked about the letters
without their diacritics, because whoever guesses tries both spellings. A phrase of words from our own lists
counts as no more than half of all such phrases, which is what finding a random one takes on average.

It is too kind to what it cannot know, such as a line of a poem, and too strict with truly random signs, of
which it counts ten for each place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from importlib import resources
from math import inf, prod

from zxcvbn import matching, scoring

from zone.language import N_, Language
from zone.letter_passwords.acceptance import LONGEST
from zone.letter_passwords.own_data import fold, unaccented
from zone.letter_passwords.passphrase import LISTS, word_list
from zone.secret import Secret

# AES-256 revision 6 on one NVIDIA A100: a figure that we took over and did not measure, as no such card was at hand.
# Whoever has a letter can guess at this rate; ten cards guess ten times as fast.
GUESSES_PER_SECOND = 143_000

# zxcvbn tries every reading of signs as letters ("4" and "@" as "a", …), and their number is a product:
# half a second for 32 chosen characters. Above this many it is asked neither for them nor for repetitions,
# inside which it would look for them as well. A call then takes a few milliseconds; the worst that a search
# found took 12.
MOST_READINGS = 32
TWO_READINGS = "17|"
CHEAP_MATCHERS = (
    matching.dictionary_match,
    matching.reverse_dictionary_match,
    matching.sequence_match,
)

MINUTE, HOUR, DAY = 60, 3_600, 86_400
YEAR, CENTURY = 365 * DAY, 36_500 * DAY
UNITS: tuple[tuple[int, Callable[[Language, int], str]], ...] = (
    (CENTURY, lambda words, count: words.ngettext("%(count)s century", "%(count)s centuries", count)),
    (YEAR, lambda words, count: words.ngettext("%(count)s year", "%(count)s years", count)),
    (DAY, lambda words, count: words.ngettext("%(count)s day", "%(count)s days", count)),
    (HOUR, lambda words, count: words.ngettext("%(count)s hour", "%(count)s hours", count)),
    (MINUTE, lambda words, count: words.ngettext("%(count)s minute", "%(count)s minutes", count)),
    (1, lambda words, count: words.ngettext("%(count)s second", "%(count)s seconds", count)),
)
MOST_CENTURIES = 10_000

# Words joined as we do it, or by any other sign.
PHRASE = re.compile("[a-z]+(?:[^a-z0-9][a-z]+)*")


class Level(IntEnum):
    """The steps of the meter."""

    HOPELESS = 0
    WEAK = 1
    FAIR = 2
    STRONG = 3
    VERY_STRONG = 4


# A level ends where guessing takes this many seconds.
ENDS = {Level.HOPELESS: MINUTE, Level.WEAK: DAY, Level.FAIR: YEAR, Level.STRONG: CENTURY}
LEVEL_WORDS = {
    Level.HOPELESS: N_("Guessed at once"),
    Level.WEAK: N_("Weak"),
    Level.FAIR: N_("Fair"),
    Level.STRONG: N_("Strong"),
    Level.VERY_STRONG: N_("Very strong"),
}


@dataclass(frozen=True)
class Strength:
    """An estimate: guesses, the seconds they take on one graphics card, and the step of the meter."""

    guesses: float
    seconds: float
    level: Level


def estimate(password: Secret, *, own_words: Iterable[str] = ()) -> Strength:
    """How hard `password` is to guess for someone who knows `own_words`.

    Only the 32 characters that a letter password may have are looked at; zxcvbn itself refuses more than 72.
    """
    plain = unaccented(password.reveal())[:LONGEST]
    guesses = min(_zxcvbn(plain, own_words), _as_phrase(plain)) if plain else 1.0
    seconds = guesses / GUESSES_PER_SECOND
    level = next((level for level, end in ENDS.items() if seconds < end), Level.VERY_STRONG)
    return Strength(guesses, seconds, level)


def in_words(strength: Strength, words: Language) -> str:
    """The time that guessing takes."""
    return time_in_words(strength.seconds, words)


def time_in_words(seconds: float, words: Language) -> str:
    """The time in its largest whole unit, rounded down; from “1 second” to “10,000 centuries”."""
    seconds = min(max(int(seconds), 1), MOST_CENTURIES * CENTURY)
    size, phrase = next(unit for unit in UNITS if seconds >= unit[0])
    count = seconds // size
    return phrase(words, count) % {"count": words.number(count)}


def level_in_words(level: Level, words: Language) -> str:
    """The name of a step of the meter."""
    return words.gettext(LEVEL_WORDS[level])


def _zxcvbn(plain: str, own_words: Iterable[str]) -> float:
    """zxcvbn's guesses. Its own entry point would keep the client's data in a global of all threads."""
    own = [word for text in own_words for word in re.findall(r"\w+", fold(text))]
    known = {"common": _common_words(), "own": matching.build_ranked_dict(own)}
    if _readings(plain) <= MOST_READINGS:
        matches = matching.omnimatch(plain, known)
    else:
        matches = [match for matcher in CHEAP_MATCHERS for match in matcher(plain, known)]
        matches += matching.spatial_match(plain) + matching.regex_match(plain) + matching.date_match(plain)
    return float(scoring.most_guessable_match_sequence(plain, matches)["guesses"])


def _readings(plain: str) -> int:
    """No fewer than the ways in which zxcvbn reads the signs of `plain` as letters."""
    letters = matching.relevant_l33t_subtable(plain, matching.L33T_TABLE)
    return prod(len(signs) + sum(sign in TWO_READINGS for sign in signs) for signs in letters.values())


@cache
def _common_words() -> dict[str, int]:
    """All of zxcvbn's lists and the Slovak one as one, a word at its best rank: one search, not nine."""
    room = resources.files("zone.letter_passwords")
    slovak = room.joinpath("words/sk-common.txt").read_text(encoding="utf-8").split()
    # Added to zxcvbn itself as well, for what it looks up inside a repetition.
    matching.add_frequency_lists({"slovak": list(dict.fromkeys([*slovak, *word_list("sk")]))})
    ranks: dict[str, int] = {}
    for ranked in matching.RANKED_DICTIONARIES.values():
        for word, rank in ranked.items():
            ranks[word] = min(rank, ranks.get(word, rank))
    return ranks


def _as_phrase(plain: str) -> float:
    """Half of all phrases of that many words, if `plain` is words of our lists; else infinite."""
    if not PHRASE.fullmatch(plain):
        return inf
    words = re.findall("[a-z]+", plain)
    sizes = [len(known) for known in _phrase_words() if known.issuperset(words)]
    return min(sizes, default=inf) ** len(words) / 2


@cache
def _phrase_words() -> tuple[frozenset[str], ...]:
    """Each list, and all of them together."""
    lists = [frozenset(word_list(language)) for language in LISTS]
    return (*lists, frozenset[str]().union(*lists))
