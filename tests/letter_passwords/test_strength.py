"""How strong a letter password is said to be."""

from __future__ import annotations

from itertools import pairwise
from time import process_time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zxcvbn import matching

from zone.language import language
from zone.letter_passwords.passphrase import word_list
from zone.letter_passwords.strength import (
    CENTURY,
    DAY,
    ENDS,
    GUESSES_PER_SECOND,
    HOUR,
    LEVEL_WORDS,
    MINUTE,
    YEAR,
    Level,
    Strength,
    estimate,
    in_words,
    level_in_words,
)
from zone.secret import Secret

ENGLISH = language("en", ZoneInfo("UTC"))


def level(text: str, *own: str) -> Level:
    return estimate(Secret(text), own_words=own).level


@pytest.mark.parametrize(
    "text",
    [
        "",
        "heslo12345",
        "Slovensko2024",
        "bratislava1",
        "slniečko1",
        "lampalampalampa",
        "1234567890",
        "aaaaaaaaaaaaaaaa",
        "p4$$w0rdp4$$w0rd",
    ],
)
def test_common_passwords_are_guessed_at_once(text: str) -> None:
    assert level(text) is Level.HOPELESS


def test_last_digits_of_a_birth_number_fall_within_a_second() -> None:
    assert estimate(Secret("4821")).seconds < 1


def test_random_signs_are_very_strong() -> None:
    assert level("f8$Kq!wLm2VrT9&x") is Level.VERY_STRONG


def test_diacritics_add_nothing() -> None:
    assert estimate(Secret("Košičanka-ľúbi")) == estimate(Secret("Kosicanka-lubi"))


def test_own_words_count_for_little() -> None:
    password = Secret("Drevotrust2291")
    known = estimate(password, own_words=["Drevotrust Žilina, a. s."])
    assert known.guesses < estimate(password).guesses / 100


def test_own_words_do_not_outlive_the_call() -> None:
    estimate(Secret("anything at all"), own_words=["Xenofontova"])
    assert not any("xenofontova" in words for words in matching.RANKED_DICTIONARIES.values())


@pytest.mark.parametrize("joint", ["-", " ", "."])
def test_phrase_of_our_words_is_no_better_than_their_number(joint: str) -> None:
    words = word_list("sk")
    assert estimate(Secret(joint.join(words[7:700:140]))).guesses <= len(words) ** 5 / 2


def test_phrase_of_both_lists_is_measured_by_both() -> None:
    slovak, english = word_list("sk"), word_list("en")
    mixed = Secret(f"{slovak[400]}-{english[800]}-{slovak[900]}")
    assert estimate(mixed).guesses <= len({*slovak, *english}) ** 3 / 2


def test_time_is_guesses_at_the_measured_rate() -> None:
    strength = estimate(Secret("vlak mešká sedem minút"))
    assert strength.seconds == strength.guesses / GUESSES_PER_SECOND


@given(st.text(max_size=100), st.lists(st.text(max_size=20), max_size=3))
def test_any_text_has_an_estimate(text: str, own: list[str]) -> None:
    assert estimate(Secret(text), own_words=own).guesses >= 1


@pytest.mark.parametrize(
    "text",
    ["4@8({[<369gG1!|7i0$5+7%2zAbc!$|", "4@$5!1|0+7(<{[%2" * 2, "96@849[@96663{<(" * 2],
)
def test_chosen_signs_do_not_occupy_the_server(text: str) -> None:
    """zxcvbn alone takes half a second for the first two. The limit leaves room for a busy machine."""
    estimate(Secret("the lists are read once"))
    begun = process_time()
    estimate(Secret(text))
    assert process_time() - begun < 0.1


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.0, "1 second"),
        (59.9, "59 seconds"),
        (MINUTE, "1 minute"),
        (2 * HOUR - 1, "1 hour"),
        (DAY, "1 day"),
        (YEAR - 1, "364 days"),
        (5 * YEAR, "5 years"),
        (CENTURY, "1 century"),
        (1e30, "10,000 centuries"),
    ],
)
def test_time_in_words(seconds: float, said: str) -> None:
    assert in_words(Strength(1, seconds, Level.WEAK), ENGLISH) == said


def test_levels_rise_with_time_and_all_have_a_name() -> None:
    assert all(before < after for before, after in pairwise(ENDS.values()))
    assert list(ENDS) == list(Level)[:-1]
    assert set(LEVEL_WORDS) == set(Level)
    assert level_in_words(Level.WEAK, ENGLISH) == "Weak"
