"""Letters with random faults."""

from __future__ import annotations

from functools import cache

from hypothesis import strategies as st

from tests.letters.encryption.active import ACTIVE
from tests.letters.encryption.structures import (
    hybrid,
    indirect_lengths,
    linearised,
    objects_in_streams,
    odd_syntax,
    updated_twice,
)
from tests.letters.samples import letter_pdf

WORDS = [b"endobj", b"<<", b">>", b"[", b"]", b"(", b"null", b"1 0 R", b"-1", b"99999999999", b"/Kids", b"\0"]

SOURCES = (
    lambda: letter_pdf(2),
    objects_in_streams,
    linearised,
    updated_twice,
    hybrid,
    odd_syntax,
    indirect_lengths,
)


@cache
def _letter(kind: int) -> bytes:
    return SOURCES[kind]()


@cache
def _active(kind: str) -> bytes:
    return ACTIVE[kind][1]()


def _mutate(source: bytes, faults: list[tuple[float, int | None, bytes]]) -> bytes:
    letter = bytearray(source)
    for place, length, replacement in faults:
        at = int(place * len(letter))
        letter[at : at + (len(replacement) if length is None else length)] = replacement
    return bytes(letter)


def mutated_letters() -> st.SearchStrategy[bytes]:
    """A letter of one of several structures in which some bytes are cut out or replaced, most often near its end.

    The cross-reference table and the trailer stand there, and more depends on them.
    """
    return _mutated(st.integers(0, len(SOURCES) - 1).map(_letter))


def mutated_active_letters() -> st.SearchStrategy[bytes]:
    """The same, of a letter with a script or an action in it."""
    return _mutated(st.sampled_from(list(ACTIVE)).map(_active))


def _mutated(letters: st.SearchStrategy[bytes]) -> st.SearchStrategy[bytes]:
    anywhere, near_end = st.floats(0.01, 1), st.floats(0.8, 1)
    replacement = st.sampled_from(WORDS) | st.binary(max_size=8)
    # Most often as many bytes as there were: else little is where it should be, and nobody looks further.
    length = st.none() | st.none() | st.integers(0, 12)
    fault = st.tuples(anywhere | near_end, length, replacement)
    return st.builds(_mutate, letters, st.lists(fault, min_size=1, max_size=4))
