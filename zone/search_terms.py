"""What clients and policies are found by, as bytes that both databases sort alike.

A *term* is the letter of its kind and a folded text; what was typed becomes *prefixes*, and whoever has a term that
begins with one of them is found. So each look-up is one range of an index. A birth number is no term.

A policy's phone is found by the digits that a broker is shown of it, or by all of them: whoever could try one more
digit at a time would find out the rest. A client's, which support looks for, is found by any end of it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

import phonenumbers

# In the order in which what is found is shown: that which was most likely meant comes first.
NUMBER, NUMBER_TAIL, PHONE, NAME, REFERENCE, EMAIL = b"1", b"2", b"3", b"4", b"5", b"6"

# Texts that are the same up to here are not told apart. PostgreSQL's index takes no row over 2,700 bytes.
LONGEST = 96
# Longer than any name, number or address can usefully be; nothing that long is looked for.
TYPED_CHARACTERS = 200
# As many as `zone.clients.phones.mask` leaves.
PHONE_DIGITS = 3
END = "$"  # no more digits follow
# Of names with more words (companies, mostly) each word begins a term, but not each pair of words.
PAIRED_WORDS = 4
PAST = b"\xff"  # sorts after all that UTF-8 can hold

# Letters that Unicode does not take apart into one of the alphabet and a mark.
PLAIN_LETTERS = str.maketrans(
    {"ł": "l", "đ": "d", "ð": "d", "ø": "o", "ħ": "h", "\u0131": "i", "æ": "ae", "œ": "oe"}
)
NO_LETTERS = re.compile(r"[\W_]+")
AS_A_PHONE = re.compile(r"[\s+()/.\-\d]+", re.ASCII)
# A Slovak number as people say it: 0905 100 101 is +421 905 100 101.
FROM_HOME = 10


def fold(text: str) -> str:
    """`text` in small letters without marks and punctuation, one space between words."""
    small = unicodedata.normalize("NFKD", text).casefold()
    if not small.isascii():
        apart = unicodedata.normalize("NFKD", small).translate(PLAIN_LETTERS)
        small = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return " ".join(NO_LETTERS.sub(" ", small).split())


def number_terms(number: str) -> set[bytes]:
    """The terms of a policy's number alone: PZ-2001 is found by PZ2001, pz 20, and 2001."""
    compact = _compact(number)
    digit = re.search("[0-9]", compact)
    tail = {_term(NUMBER_TAIL, compact[digit.start() :])} if digit and digit.start() else set()
    return {_term(NUMBER, compact), *tail}


def policy_terms(name: str, number: str, phone: str | None) -> set[bytes]:
    """The terms of a policy: of its number, and of its client's name and phone (E.164)."""
    return {*_names(name), *number_terms(number), *_phones(phone)}


def client_terms(
    name: str, reference: str, email: str, numbers: Iterable[str], phone: str | None
) -> set[bytes]:
    """The terms of a client: those of their policies, reference and e-mail."""
    own = {_term(REFERENCE, _compact(reference)), _term(EMAIL, email.casefold())}
    ends = {_term(PHONE, phone.removeprefix("+")[::-1])} if phone else ()
    return own.union(_names(name), ends, *map(number_terms, numbers))


def policy_prefixes(typed: str) -> list[bytes]:
    """How the terms of policies begin that were meant by `typed`, in order. Nothing typed means each policy once."""
    if not typed or typed.isspace():
        return [NUMBER]
    digits = _digits(typed)
    return _prefixes(typed, phone=digits and digits + END)


def client_prefixes(typed: str) -> list[bytes]:
    """The same of clients; nothing typed means none."""
    if not typed or typed.isspace():
        return []
    email = typed.strip().casefold()
    more = (REFERENCE, _compact(typed)), (EMAIL, "" if " " in email else email)
    # Backwards, since people tell the last digits.
    return _prefixes(typed, *more, phone=_digits(typed)[::-1])


def _prefixes(typed: str, *more: tuple[bytes, str], phone: str) -> list[bytes]:
    if len(typed) > TYPED_CHARACTERS:
        return []
    compact = _compact(typed)
    texts = [(NUMBER, compact), (NUMBER_TAIL, compact), (PHONE, phone), (NAME, fold(typed)), *more]
    return [_term(kind, text) for kind, text in texts if text]


def _term(kind: bytes, text: str) -> bytes:
    return (kind + text.encode("utf-8", "ignore"))[:LONGEST]


def _names(name: str) -> Iterator[bytes]:
    """One term for each word that a person may begin with, and each that may follow: "jana kov", "kovacova jana"."""
    words = fold(name).split()
    for first in range(len(words)):
        rest = words[first + 1 :] + words[:first]
        pairs = len(rest) if len(words) <= PAIRED_WORDS else 1
        for second in range(max(1, pairs)):
            order = [words[first], *rest[second : second + 1], *rest[:second], *rest[second + 1 :]]
            yield _term(NAME, " ".join(order))


def _phones(phone: str | None) -> Iterator[bytes]:
    """The last digits, and the whole number as it is dialled within its country and from abroad."""
    if phone is not None:
        national = phonenumbers.national_significant_number(phonenumbers.parse(phone))
        for digits in (phone[-PHONE_DIGITS:], national, phone.removeprefix("+")):
            yield _term(PHONE, digits + END)


def _compact(text: str) -> str:
    return fold(text).replace(" ", "")


def _digits(typed: str) -> str:
    """The digits of what may be a phone number or its end, else nothing."""
    digits = re.sub(r"\D", "", typed, flags=re.ASCII)
    if not AS_A_PHONE.fullmatch(typed) or len(digits) < PHONE_DIGITS:
        return ""
    return digits.lstrip("0") if len(digits) >= FROM_HOME else digits
