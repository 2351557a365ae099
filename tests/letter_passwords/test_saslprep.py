"""SASLprep against RFC 4013 and an independent implementation."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pdfminer._saslprep import saslprep as judge
from pdfminer.pdfexceptions import PDFValueError

from zone.letter_passwords.saslprep import Prohibited, is_prepared, saslprep


@pytest.mark.parametrize(
    ("text", "prepared"),
    [
        ("I\u00adX", "IX"),
        ("user", "user"),
        ("USER", "USER"),
        ("\u00aa", "a"),
        ("\u2168", "IX"),
    ],
)
def test_examples_of_rfc_4013(text: str, prepared: str) -> None:
    assert saslprep(text) == prepared


@pytest.mark.parametrize("text", ["\u0007", "\u06271", "\U0001f600", "\ud800", "\ue000", "a\u0627a"])
def test_prohibited(text: str) -> None:
    with pytest.raises(Prohibited):
        saslprep(text)


@pytest.mark.parametrize("text", ["Kôň-žije v Žiline", "\u0627\u0628", ""])
def test_own_form(text: str) -> None:
    assert is_prepared(text)


@pytest.mark.parametrize("text", ["a\u00a0b", "ﬁ", "c\u030c", "\u00ad", "x²"])
def test_not_its_own_form(text: str) -> None:
    assert not is_prepared(text)


@given(st.text(min_size=1, max_size=32).filter(lambda text: not is_emptied(text)))
def test_agrees_with_the_judge(text: str) -> None:
    try:
        expected = judge(text)
    except PDFValueError:
        with pytest.raises(Prohibited):
            saslprep(text)
    else:
        assert saslprep(text) == expected


def is_emptied(text: str) -> bool:
    """The judge has no answer to a text of which nothing is left."""
    try:
        return not saslprep(text)
    except Prohibited:
        return False
