"""SASLprep (RFC 4013), the form of a password that PDF 2.0 demands and that only some readers apply."""

from __future__ import annotations

import stringprep
from unicodedata import ucd_3_2_0

# RFC 4013, 2.3 (prohibited output) and 2.5 (unassigned in Unicode 3.2).
_REFUSED = (
    stringprep.in_table_a1,
    stringprep.in_table_c12,
    stringprep.in_table_c21_c22,
    stringprep.in_table_c3,
    stringprep.in_table_c4,
    stringprep.in_table_c5,
    stringprep.in_table_c6,
    stringprep.in_table_c7,
    stringprep.in_table_c8,
    stringprep.in_table_c9,
)


class Prohibited(ValueError):
    """The text has no SASLprep form."""


def saslprep(text: str) -> str:
    """The SASLprep form of `text` as a stored string. Raises `Prohibited`."""
    mapped = "".join(
        " " if stringprep.in_table_c12(character) else character
        for character in text
        if not stringprep.in_table_b1(character)
    )
    prepared = ucd_3_2_0.normalize("NFKC", mapped)
    if any(refused(character) for character in prepared for refused in _REFUSED):
        raise Prohibited
    if _mixes_directions(prepared):
        raise Prohibited
    return prepared


def is_prepared(text: str) -> bool:
    """Whether `text` is its own SASLprep form, so that readers with and without SASLprep agree on it."""
    try:
        return saslprep(text) == text
    except Prohibited:
        return False


def _mixes_directions(text: str) -> bool:
    """RFC 3454, clause 6: right-to-left letters stand at both ends, and beside no left-to-right one."""
    if not any(map(stringprep.in_table_d1, text)):
        return False
    ends = stringprep.in_table_d1(text[0]) and stringprep.in_table_d1(text[-1])
    return not ends or any(map(stringprep.in_table_d2, text))
