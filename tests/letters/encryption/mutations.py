"""Letters with random faults."""

from __future__ import annotations

from functools import cache

from hypothesis import strategies as st

from tests.letters.samples import letter_pdf

WORDS = [b"endobj", b"<<", b">>", b"[", b"]", b"(", b"null", b"1 0 R", b"-1", b"99999999999", b"/Kids", b"\0"]

_letter = cache(letter_pdf)


def _mutate(faults: list[tuple[float, int, bytes]]) -> bytes:
    letter = bytearray(_letter(2))
    for place, length, replacement in faults:
        at = int(place * len(letter))
        letter[at : at + length] = replacement
    return bytes(letter)


def mutated_letters() -> st.SearchStrategy[bytes]:
    """A letter of two pages in which some bytes are cut out or replaced, most often near its end.

    The cross-reference table and the trailer stand there, and more depends on them.
    """
    anywhere, near_end = st.floats(0, 1), st.floats(0.8, 1)
    replacement = st.sampled_from(WORDS) | st.binary(max_size=8)
    fault = st.tuples(anywhere | near_end, st.integers(0, 12), replacement)
    return st.lists(fault, min_size=1, max_size=4).map(_mutate)
