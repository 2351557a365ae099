"""What guessing the password of a letter costs, as a table that one can read."""

from __future__ import annotations

from dataclasses import dataclass

from zone.language import Language
from zone.letter_passwords import cracking
from zone.letter_passwords.cracking import Cost
from zone.letter_passwords.passphrase import WORDS_IN_PHRASE, word_list


@dataclass(frozen=True)
class CostRow:
    """One kind of password: what it is, how many there are, and how long it takes to try them all."""

    password: str
    possibilities: str
    on_core: str
    on_card: str


def costs(words: Language) -> list[CostRow]:
    """From the weakest default to a password that the zone suggests."""
    say = words.gettext
    own = say("%(num)s words, each one of %(all)s")
    return [
        _row(say("Last 3 digits of the birth number"), cracking.of_default(3), words),
        _row(say("Last 4 digits, when the date of birth is known"), cracking.with_birth_date(), words),
        _row(say("Last 4 digits of the birth number"), cracking.of_default(4), words),
        _row(
            say("An own password of random words, as the zone suggests it"),
            cracking.of_passphrase(words.code),
            words,
            own % {"num": WORDS_IN_PHRASE, "all": words.number(len(word_list(words.code)))},
        ),
    ]


def _row(password: str, cost: Cost, words: Language, possibilities: str | None = None) -> CostRow:
    return CostRow(
        password,
        possibilities or words.number(cost.possibilities),
        cracking.in_words(cost.on_core, words),
        cracking.in_words(cost.on_card, words),
    )
