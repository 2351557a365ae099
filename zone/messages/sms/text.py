"""How a text travels by SMS: its alphabet and its parts (3GPP TS 23.038 and 23.040)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from zone.secret import Secret

# TS 23.038, clause 6.2.1: the default alphabet, without its escape code.
BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
# Clause 6.2.1.1: each of these goes out as an escape and a code.
EXTENSION = frozenset("\f^{}\\[~]|€")

# A message holds 140 octets; a part of several gives 6 of them to its header (TS 23.040, clause 9.2.3.24).
GSM7_ALONE, GSM7_PART = 160, 153
UCS2_ALONE, UCS2_PART = 70, 67


@dataclass(frozen=True)
class SmsParts:
    """A text as it goes out: the alphabet, and what each part carries."""

    encoding: Literal["gsm7", "ucs2"]
    texts: tuple[Secret, ...]

    @property
    def count(self) -> int:
        return len(self.texts)


def fits_gsm7(text: str) -> bool:
    """Whether every character is in the default alphabet or its extension."""
    return all(character in BASIC or character in EXTENSION for character in text)


def septets(text: str) -> int:
    """The length of a text that fits GSM-7, in septets: a character of the extension counts twice."""
    return sum(map(_septets_of, text))


def parts(text: Secret) -> SmsParts:
    """Split `text`: GSM-7 when the whole of it fits, else UCS-2. No character is ever cut in two."""
    plain = text.reveal()
    if fits_gsm7(plain):
        return SmsParts("gsm7", _split(plain, _septets_of, GSM7_ALONE, GSM7_PART))
    return SmsParts("ucs2", _split(plain, _utf16_units_of, UCS2_ALONE, UCS2_PART))


def _septets_of(character: str) -> int:
    return 2 if character in EXTENSION else 1


def _utf16_units_of(character: str) -> int:
    return 2 if character > "\uffff" else 1


def _split(text: str, size: Callable[[str], int], alone: int, part: int) -> tuple[Secret, ...]:
    if sum(map(size, text)) <= alone:
        return (Secret(text),)
    pieces: list[Secret] = []
    start = filled = 0
    for position, character in enumerate(text):
        if filled + size(character) > part:
            pieces.append(Secret(text[start:position]))
            start, filled = position, 0
        filled += size(character)
    return (*pieces, Secret(text[start:]))
