"""The syntax of PDF (ISO 32000-2, 7.2 and 7.3), as strictly as the splice needs it.

What a reader could take in another way than this is `NotSpliceable`, never guessed at.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, NamedTuple


class NotSpliceable(Exception):
    """The splice does not understand this document. `reason` quotes nothing of it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Name(bytes):
    """A name, without its slash, its #xx resolved."""


class Reference(NamedTuple):
    number: int
    generation: int


Value = Name | Reference | int | float | bool | bytes | list["Value"] | dict[bytes, "Value"] | None

# One character of white space, and the end of a run of regular characters (tables 1 and 2).
W: Final = rb"[\0\t\n\f\r ]"
END: Final = rb"(?![^\0\t\n\f\r ()<>\[\]{}/%])"
SPACE: Final = re.compile(rb"(?:[\0\t\n\f\r ]++|%[^\r\n]*+)*+")
BLANKS: Final = b"\0\t\n\f\r "

# What is not simply copied of an object's text. Each alternative begins with a plain character, for so the
# search runs five times as fast. Of the last two lines, a keyword ends an object; all else is astray there.
WORD: Final = rb"(?<![^\0\t\n\f\r <>()\[\]].)"  # behind the first letter of a keyword: here a word begins
STOP: Final = re.compile(
    rb"<<(?P<open>)|>>(?P<close>)|<(?P<hex>[\0\t\n\f\r 0-9A-Fa-f]*+)>"
    rb"|\((?P<plain>[^()\\\r]*+)\)|\((?P<literal>)|%[^\r\n]*+(?P<comment>)"
    rb"|<|>|\)|\{|\}"
    + b"".join(
        b"|" + word[:1] + WORD + word[1:] + END
        for word in (b"endobj", b"stream", b"startxref", b"obj", b"endstream", b"xref", b"trailer")
    )
)
ENDINGS: Final = frozenset({b"endobj", b"stream", b"startxref"})
PARENTHESIS: Final = re.compile(rb"\\.|[()]", re.DOTALL)
ESCAPE: Final = re.compile(rb"\\(?:([0-7]{1,3})|(\r\n|[\r\n])|(.))|\r\n?", re.DOTALL)
ESCAPED: Final = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}

TOKEN: Final = re.compile(
    rb"[\0\t\n\f\r ]*+(?:"
    rb"/(?P<name>[^\0\t\n\f\r ()<>\[\]{}/%]*+)"
    rb"|(?:(?P<number>\d{1,10})[\0\t\n\f\r ]++(?P<generation>\d{1,5})[\0\t\n\f\r ]++R"
    rb"|(?P<integer>[+-]?\d{1,18})|(?P<real>[+-]?(?:\d{1,18}\.\d{0,40}|\.\d{1,40}))"
    rb"|(?P<word>true|false|null))" + END + b""
    rb"|(?P<open><<)|(?P<close>>>)|<(?P<hex>[0-9a-f]*+)>|(?P<array>\[)|(?P<end>\]))"
)


def _grammar(depth: int) -> bytes:
    """A value, of up to so many levels, as one pattern: it takes a tenth of the time that reading takes."""
    name = rb"/[^\0\t\n\f\r ()<>\[\]{}/%#]*+"
    simple = (
        name + rb"|(?:\d{1,10}[\0\t\n\f\r ]++\d{1,5}[\0\t\n\f\r ]++R"
        rb"|[+-]?(?:\d{1,18}(?:\.\d{0,40})?+|\.\d{1,40})|true|false|null)" + END + rb"|<[0-9a-f]*+>"
    )
    if depth == 0:
        return b"(?:" + simple + b")"
    inner, blanks = _grammar(depth - 1), W + b"*+"
    array = rb"\[(?:" + blanks + inner + b")*+" + blanks + rb"\]"
    dictionary = b"<<(?:" + blanks + name + blanks + inner + b")*+" + blanks + b">>"
    return b"(?:" + b"|".join((simple, array, dictionary)) + b")"


SIMPLE: Final = re.compile(_grammar(4))
WORDS: Final[dict[bytes, Value]] = {b"true": True, b"false": False, b"null": None}
HASHED: Final = re.compile(rb"#([0-9A-Fa-f]{2})?")
DEEPEST: Final = 50


def copy_object(source: bytes, at: int, seal: Callable[[bytes], bytes]) -> tuple[bytes, bytes, int]:
    """The text from `at` to the keyword that ends it, each string replaced by `seal` of it, without comments.

    Returns the text, the keyword (``endobj`` or ``stream``, or ``startxref`` after a trailer) and where that ends.
    """
    pieces = []
    depth = 0
    while (stop := STOP.search(source, at)) is not None:
        pieces.append(source[at : stop.start()])
        at = stop.end()
        kind = stop.lastgroup
        if kind == "open":
            depth += 1
            pieces.append(b"<<")
        elif kind == "close":
            depth -= 1
            if depth < 0:
                break
            pieces.append(b">>")
        elif kind == "plain":
            pieces.append(b"<%s>" % seal(stop["plain"]).hex().encode())
        elif kind == "hex":
            pieces.append(b"<%s>" % seal(_of_hex(stop["hex"])).hex().encode())
        elif kind == "literal":
            at = _end_of_literal(source, at)
            pieces.append(b"<%s>" % seal(_of_literal(source[stop.end() : at - 1])).hex().encode())
        elif kind is None and depth == 0 and stop[0] in ENDINGS:
            return b"".join(pieces).strip(BLANKS), stop[0], at
        elif kind != "comment":
            break
    raise NotSpliceable("an object does not end as it should")


def _end_of_literal(source: bytes, at: int) -> int:
    """Behind the parenthesis that closes the string whose first character is at `at`."""
    depth = 1
    for found in PARENTHESIS.finditer(source, at):
        if found[0] == b"(":
            depth += 1
        elif found[0] == b")":
            depth -= 1
            if depth == 0:
                return found.end()
    raise NotSpliceable("a string does not end")


def _of_literal(text: bytes) -> bytes:
    """What a literal string means (7.3.4.2)."""

    def meaning(found: re.Match[bytes]) -> bytes:
        octal, line_end, character = found.groups()
        if octal:
            return bytes([int(octal, 8) & 255])
        if line_end:
            return b""
        return ESCAPED.get(character, character) if character else b"\n"

    return ESCAPE.sub(meaning, text)


def _of_hex(text: bytes) -> bytes:
    digits = text.translate(None, BLANKS)
    return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode())


def read_dictionary(text: bytes) -> tuple[dict[bytes, Value], dict[bytes, tuple[int, int]]]:
    """The dictionary that `text`, from `copy_object`, consists of.

    And where each value stands in it, with the blanks before it.
    """
    opening = TOKEN.match(text)
    if opening is None or opening.lastgroup != "open":
        raise NotSpliceable("a dictionary is expected")
    places: dict[bytes, tuple[int, int]] = {}
    entries, end = _entries(text, opening.end(), 0, places)
    if end != len(text):
        raise NotSpliceable("something follows a dictionary")
    return entries, places


def read_value(text: bytes) -> Value:
    """The value that `text`, from `copy_object`, consists of."""
    value, end = _value(text, _token(text, 0), 0)
    if text[end:].strip(BLANKS):
        raise NotSpliceable("something follows a value")
    return value


def check_value(text: bytes) -> None:
    """Raises `NotSpliceable` unless `text`, from `copy_object`, is one value."""
    if SIMPLE.fullmatch(text) is None:
        read_value(text)


def _token(text: bytes, at: int) -> re.Match[bytes]:
    token = TOKEN.match(text, at)
    if token is None:
        raise NotSpliceable("a value is malformed")
    return token


def _entries(
    text: bytes, at: int, depth: int, places: dict[bytes, tuple[int, int]] | None = None
) -> tuple[dict[bytes, Value], int]:
    entries: dict[bytes, Value] = {}
    while (token := _token(text, at)).lastgroup != "close":
        if token.lastgroup != "name":
            raise NotSpliceable("a key is no name")
        key = _name(token["name"])
        start = token.end()
        value, at = _value(text, _token(text, start), depth)
        if key in entries:
            raise NotSpliceable("a key stands twice")
        entries[key] = value
        if places is not None:
            places[key] = (start, at)
    return entries, token.end()


def _value(text: bytes, token: re.Match[bytes], depth: int) -> tuple[Value, int]:
    kind, end = token.lastgroup, token.end()
    if depth > DEEPEST:
        raise NotSpliceable("values are nested too deep")
    if kind == "name":
        return _name(token["name"]), end
    if kind == "integer":
        return int(token["integer"]), end
    if kind == "generation":
        return Reference(int(token["number"]), int(token["generation"])), end
    if kind == "open":
        return _entries(text, end, depth + 1)
    if kind == "array":
        return _array(text, end, depth + 1)
    if kind == "hex":
        return bytes.fromhex(token["hex"].decode()), end
    if kind == "word":
        return WORDS[token["word"]], end
    if kind == "real":
        return float(token["real"]), end
    raise NotSpliceable("a value is missing")


def _array(text: bytes, at: int, depth: int) -> tuple[list[Value], int]:
    values = []
    while (token := _token(text, at)).lastgroup != "end":
        value, at = _value(text, token, depth)
        values.append(value)
    return values, token.end()


def _name(text: bytes) -> Name:
    if b"#" not in text:
        return Name(text)

    def character(found: re.Match[bytes]) -> bytes:
        if not found[1]:
            raise NotSpliceable("a name is malformed")
        return bytes.fromhex(found[1].decode())

    return Name(HASHED.sub(character, text))
