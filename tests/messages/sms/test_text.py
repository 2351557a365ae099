"""The alphabet and the parts of an SMS."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zone.messages.sms.text import BASIC, EXTENSION, fits_gsm7, parts, septets
from zone.secret import Secret

GSM7 = st.sampled_from(sorted(BASIC | EXTENSION))


def units(text: str) -> int:
    return len(text.encode("utf-16-be")) // 2


def test_default_alphabet_has_every_code_but_the_escape() -> None:
    assert len(BASIC) == 127
    assert len(EXTENSION) == 10
    assert not BASIC & EXTENSION


def test_of_the_slovak_letters_only_two_small_ones_fit_gsm7() -> None:
    assert [letter for letter in "áäčďéíĺľňóôŕšťúýž" if fits_gsm7(letter)] == ["ä", "é"]


def test_backtick_is_in_neither_table() -> None:
    assert not fits_gsm7("`")


def test_characters_of_the_extension_count_twice() -> None:
    assert septets("a€{b") == 6


@pytest.mark.parametrize(
    ("text", "encoding", "lengths"),
    [
        ("", "gsm7", [0]),
        ("a" * 160, "gsm7", [160]),
        ("a" * 161, "gsm7", [153, 8]),
        ("€" * 80, "gsm7", [80]),
        ("€" * 81, "gsm7", [76, 5]),
        ("a" * 152 + "€" + "a" * 10, "gsm7", [152, 11]),
        ("č" * 70, "ucs2", [70]),
        ("č" * 71, "ucs2", [67, 4]),
        ("𝄞" * 35, "ucs2", [35]),
        ("𝄞" * 36, "ucs2", [33, 3]),
        ("a" * 70 + "č", "ucs2", [67, 4]),
    ],
)
def test_limits_of_one_and_of_several_parts(text: str, encoding: str, lengths: list[int]) -> None:
    sent = parts(Secret(text))
    assert sent.encoding == encoding
    assert [len(piece.reveal()) for piece in sent.texts] == lengths
    assert sent.count == len(lengths)


@given(st.text(GSM7, max_size=500) | st.text(max_size=250))
def test_parts_join_to_the_exact_text_and_each_fits(text: str) -> None:
    sent = parts(Secret(text))
    pieces = [piece.reveal() for piece in sent.texts]
    size, alone, part = (septets, 160, 153) if sent.encoding == "gsm7" else (units, 70, 67)
    assert "".join(pieces) == text
    assert (sent.encoding == "gsm7") == fits_gsm7(text)
    assert (sent.count == 1) == (size(text) <= alone)
    assert all(size(piece) <= (alone if sent.count == 1 else part) for piece in pieces)


@given(st.text(GSM7, min_size=161, max_size=500))
def test_no_part_has_room_for_the_character_that_follows_it(text: str) -> None:
    pieces = [piece.reveal() for piece in parts(Secret(text)).texts]
    for piece, following in pairwise(pieces):
        assert septets(piece + following[0]) > 153
