"""Whether a birth number stands in a text, however it is written: 865514/2375, 86 55 14 / 2375, 865514.2375."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from zone.clients.search import is_birth_number

LENGTHS = (9, 10)
GROUP = re.compile(r"[0-9]+")
# What may stand between two groups of one number; spaces in a row are one by then.
BETWEEN = re.compile(r" | ?(?:[^\w ]|_){1,2} ?")
# Signs that nobody sees, and marks over and under others.
UNSEEN = frozenset({"Cf", "Mn", "Me"})
# A day with the hour after it has nine or ten digits, too: 12. 5. 2026, 14:30; 2026-05-12 14:30. Nothing that makes
# it the end or the beginning of something longer may stand beside it.
DAY = re.compile(
    r"(?<![0-9./-])(?<![./-] )(?:"
    r"(?:0?[1-9]|[12][0-9]|3[01])\. ?(?:0?[1-9]|1[0-2])\. ?(?:19|20)[0-9]{2}"
    r"|(?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
    r")(?! ?[./-]? ?[0-9]{3}|[0-9]|[./-][0-9])"
)


def holds_birth_number(text: str) -> bool:
    """Whether some neighbouring digits of `text` make a birth number, whatever stands between them but letters."""
    return any(is_birth_number(number) for number in _numbers(DAY.sub("x", _plain(text))))


def _plain(text: str) -> str:
    """The text with digits of all scripts as ours, nothing that cannot be seen, and one space for many."""
    seen = (sign for sign in unicodedata.normalize("NFKC", text) if unicodedata.category(sign) not in UNSEEN)
    return " ".join("".join(_digit(sign) for sign in seen).split())


def _digit(sign: str) -> str:
    value = unicodedata.digit(sign, None)
    return sign if value is None else str(value)


def _numbers(text: str) -> Iterator[str]:
    """What groups of digits that stand side by side make, where that has the length of a birth number."""
    groups = list(GROUP.finditer(text))
    for first, begin in enumerate(groups):
        number, end = begin[0], begin.end()
        if len(number) in LENGTHS:
            yield number
        for group in groups[first + 1 :]:
            number += group[0]
            if len(number) > max(LENGTHS) or not BETWEEN.fullmatch(text, end, group.start()):
                break
            end = group.end()
            if len(number) in LENGTHS:
                yield number
