"""A birth number in a text is found however it is written, and other numbers are not taken for one."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zone.clients.birth_number_within import holds_birth_number

NUMBERS = st.sampled_from(["8655142375", "7903023744", "486123417"])
SIGNS = st.sampled_from("/\\.,;:-_|+*'\u2013\u2014\u2212\u2044\u00b7\u2022")
SPACES = st.sampled_from(" \t\n\u00a0\u2009\u3000")
UNSEEN = st.sampled_from("\u200b\u200c\u200d\u2060\ufeff\u00ad\u202e\ufe0f\u20e3")
SPACE = st.text(SPACES, max_size=3)
BETWEEN = st.builds("{}{}{}".format, SPACE, st.text(SIGNS, max_size=2), SPACE)
# Arabic, Persian, Devanagari, fullwidth, mathematical, superscript.
ZEROS = st.sampled_from("0\u0660\u06f0\u0966\uff10\U0001d7ce\u2070")
AROUND = st.sampled_from(["{}", "RČ {}.", "rč{}, povedala", "({})", "a{}b", "1 {}", "dňa 3. 5. 2026: {}"])


@st.composite
def disguises(draw: st.DrawFn) -> str:
    """A birth number in groups of any length, with anything but letters between them."""
    number, zero = draw(NUMBERS), draw(ZEROS)
    written = ""
    for place, digit in enumerate(number):
        if place and draw(st.booleans()):
            written += draw(BETWEEN)
        if draw(st.booleans()):
            written += draw(UNSEEN)
        written += _in_script(digit, zero) if draw(st.booleans()) else digit
    return draw(AROUND).format(written)


def _in_script(digit: str, zero: str) -> str:
    if zero == "\u2070":
        return "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079"[int(digit)]
    return chr(ord(zero) + int(digit))


@given(disguises())
def test_no_disguise_helps(text: str) -> None:
    assert holds_birth_number(text)


@pytest.mark.parametrize(
    "text",
    [
        *("865514/2375", "8655142375", "865514 2375", "865514 / 2375", "865514.2375", "86 55 14 / 2375"),
        *("86-55-14/2375", "865514\u20142375", "865514 \u2212 2375", "865514//2375", "865514\\2375"),
        *(
            "865514_2375",
            "RC:865514_2375",
            "865514, 2375",
            "865514\u200b/2375",
            "8655 142375",
            "1 865514/2375",
        ),
        *("a865514/2375", "\u0668\u0666\u0665\u0665\u0661\u0664/\u0662\u0663\u0667\u0665", "86.55.14/2375"),
        *("486123417", "486123/417", "8 6 5 5 1 4 2 3 7 5", "dňa 1. 1. 2026 865514/2375"),
        "0905 100 020",  # a phone number that is a birth number, too
    ],
)
def test_it_is_found(text: str) -> None:
    assert holds_birth_number(text)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "0905 100 101",
            "0905100101",
            "+421 905 100 101",
            "+421905100101",
            "0905/100 101",
            "00421905100101",
        ),
        *("0905 100 101, +421 905 100 102", "02/5910 1234", "PZ 6100000101", "865514/2376", "x-865514/23751"),
        *("tiket 123456789012", "2026/1234", "SK31 1200 0000 1987 4263 7541", "865514 a potom 2375"),
        *(
            "volala 12. 5. 2026, 14:30",
            "12.5.2026 14:30",
            "2026-05-12 14:30",
            "od 1. 6. 2025 do 31. 12. 2026",
        ),
        *("24. 12. 2026 o 10:15", "poistné 1 234,50 EUR", ""),
    ],
)
def test_other_numbers_are_none(text: str) -> None:
    assert not holds_birth_number(text)


@given(st.integers(0, 99_999_999))
def test_a_mobile_number_with_its_country_is_never_taken_for_one(rest: int) -> None:
    digits = f"9{rest:08}"
    spaced = f"+421 {digits[:3]} {digits[3:6]} {digits[6:]}"
    assert not holds_birth_number(f"volajte na +421{digits} alebo {spaced}.")


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_a_day_with_an_hour_is_never_taken_for_one(day: date) -> None:
    written = f"{day:%d. %m. %Y}", f"{day:%-d.%-m.%Y}", f"{day:%Y-%m-%d}"
    for each in written:
        assert not holds_birth_number(f"{each}, 14:30")
        assert not holds_birth_number(f"{each} 9:05 volala")
