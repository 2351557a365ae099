"""Passphrases that the zone makes up."""

from __future__ import annotations

from itertools import combinations
from math import floor, log2

import pytest

from zone.letter_passwords.acceptance import LONGEST, SHORTEST, OwnData, is_accepted
from zone.letter_passwords.passphrase import LISTS, SEPARATOR, WORDS_IN_PHRASE, generate, word_list
from zone.letter_passwords.strength import Level, estimate
from zone.messages.sms.text import parts

UNVOICED = str.maketrans("bdgv", "ptkf")


@pytest.mark.parametrize("language", LISTS)
def test_every_possible_phrase_has_an_accepted_length(language: str) -> None:
    lengths = [len(word) for word in word_list(language)]
    hyphens = (WORDS_IN_PHRASE - 1) * len(SEPARATOR)
    assert WORDS_IN_PHRASE * min(lengths) + hyphens >= SHORTEST
    assert WORDS_IN_PHRASE * max(lengths) + hyphens <= LONGEST


@pytest.mark.parametrize(("language", "words", "tenths_of_a_bit"), [("sk", 1343, 519), ("en", 1123, 506)])
def test_entropy_is_what_the_documentation_says(language: str, words: int, tenths_of_a_bit: int) -> None:
    assert len(set(word_list(language))) == len(word_list(language)) == words
    assert floor(WORDS_IN_PHRASE * log2(words) * 10) == tenths_of_a_bit


@pytest.mark.parametrize("language", LISTS)
def test_phrase_is_of_our_words_and_is_accepted(language: str) -> None:
    for _ in range(50):
        phrase = generate(language)
        assert set(phrase.reveal().split(SEPARATOR)) <= set(word_list(language))
        assert phrase.reveal().count(SEPARATOR) == WORDS_IN_PHRASE - 1
        assert is_accepted(phrase, OwnData())
        assert parts(phrase).encoding == "gsm7"


@pytest.mark.parametrize("language", LISTS)
def test_phrase_is_as_strong_as_the_meter_can_say(language: str) -> None:
    strength = estimate(generate(language))
    assert strength.level is Level.VERY_STRONG
    assert strength.guesses <= len(word_list(language)) ** WORDS_IN_PHRASE / 2


def test_phrase_avoids_the_clients_own_data() -> None:
    own = OwnData(names=tuple(word for word in word_list("sk") if word < "h"))
    assert all(is_accepted(generate("sk", own), own) for _ in range(10))


def test_two_phrases_differ() -> None:
    assert generate("sk") != generate("sk")


def test_no_two_slovak_words_differ_by_voicing_alone() -> None:
    """On the phone "plod" and "plot" are one word, and so are "chlad" and "hlad"."""
    heard = [(word.replace("ch", "h").translate(UNVOICED), word) for word in word_list("sk")]
    assert [pair for pair in combinations(heard, 2) if pair[0][0] == pair[1][0]] == []
