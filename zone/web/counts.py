"""Counts in words, which go no further than anybody needs to know."""

from __future__ import annotations

from zone.language import Language
from zone.storage.capped import Capped


def count_in_words(counted: Capped, words: Language) -> str:
    """“12”, “more than 1,000”."""
    number = words.number(counted.count)
    return words.gettext("more than %(number)s") % {"number": number} if counted.more else number
