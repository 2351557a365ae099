"""A letter password that the zone makes up: five common words, easy to read aloud and to type.

Five words of 3 to 5 letters with four hyphens are 19 to 29 characters, always within what `acceptance`
allows, so no draw is ever thrown away for its length. The words have neither y nor z, which change places
between a Slovak and an English keyboard, and all of it is in GSM-7.

Entropy: 5 × log2(number of words), that is 51.9 bits for the 1,343 Slovak words and 50.6 bits for the 1,123
English ones. A phrase with a word of the client's own data is drawn again; three such words of the list cost
0.02 bits.
"""

from __future__ import annotations

import re
import secrets
from functools import cache
from importlib import resources

from zone.letter_passwords.acceptance import OwnData, is_accepted
from zone.secret import Secret

WORDS_IN_PHRASE = 5
SEPARATOR = "-"
# Our own Slovak words; the EFF's short list, as xkcdpass carries it, for English.
LISTS = {
    "sk": ("zone.letter_passwords", "words/sk.txt"),
    "en": ("xkcdpass", "static/eff-short"),
}
USABLE = re.compile("[a-x]{3,5}")
NOTHING_KNOWN = OwnData()


@cache
def word_list(language: str) -> tuple[str, ...]:
    """The words to draw from in `language`. Raises `KeyError` for a language without a list."""
    package, path = LISTS[language]
    lines = resources.files(package).joinpath(path).read_text(encoding="utf-8").split()
    return tuple(word for word in lines if USABLE.fullmatch(word))


def generate(language: str, own: OwnData = NOTHING_KNOWN) -> Secret:
    """A passphrase of five words, each drawn uniformly, that a client with this `own` data may set."""
    words = word_list(language)
    while True:
        phrase = Secret(SEPARATOR.join(secrets.choice(words) for _ in range(WORDS_IN_PHRASE)))
        if is_accepted(phrase, own):
            return phrase
