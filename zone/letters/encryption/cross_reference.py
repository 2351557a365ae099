"""Where the objects of a document lie (ISO 32000-2, 7.5.4 to 7.5.8), through updates and hybrid files.

pypdf reads this too, but more kindly than the splice may: what a later update deleted is back in its answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from zone.letters.encryption.document import HEADER, Document, Packed, Place
from zone.letters.encryption.syntax import (
    SPACE,
    NotSpliceable,
    Reference,
    Value,
    W,
    copy_object,
    read_dictionary,
)
from zone.letters.encryption.unpacking import unpacked

TAIL: Final = re.compile(rb"startxref" + W + rb"++(\d{1,12})" + W + rb"++%%EOF" + W + rb"*+\Z")
TAIL_BYTES: Final = 1024
TABLE: Final = re.compile(rb"xref[ \t]*+(?:\r\n|\r|\n)")
SUBSECTION: Final = re.compile(W + rb"*+(\d{1,10}) (\d{1,10})[ \t]*+(?:\r\n|\r|\n)")
ROWS: Final = re.compile(rb"(?:\d{10} \d{5} [nf](?: \r| \n|\r\n))*+")
ROW_BYTES: Final = 20
TRAILER: Final = re.compile(W + rb"*+trailer")
# The largest object number that readers are known to take (ISO 32000-1, table C.1).
MOST_OBJECTS: Final = 8_388_607
SPARSEST: Final = 100
MOST_GENERATIONS: Final = 65_534


Entry = Place | Packed | None  # None: the object was deleted
Section = dict[int, Entry]


def read_document(source: bytes, key: bytes = b"") -> Document:
    """Follow the chain of cross-references from the end of the file; `key` is for one that is sealed.

    Raises `NotSpliceable`.
    """
    tail = TAIL.search(source, max(0, len(source) - TAIL_BYTES))
    if tail is None:
        raise NotSpliceable("the file has no proper end")
    document = Document(source, key)
    entries: Section = {}
    seen = document.sections
    at: int | None = int(tail[1])
    while at is not None:
        section, trailer = _section(document, at, seen)
        if len(seen) == 1:
            _take_trailer(document, trailer)
        hybrid = trailer.get(b"XRefStm")
        if hybrid is not None:
            # What older readers shall not see (7.5.8.4). Where the table beside it says otherwise, readers differ.
            hidden = _section(document, _offset(hybrid), seen)[0]
            if any(hidden[number] != section[number] for number in hidden.keys() & section.keys()):
                raise NotSpliceable("the cross-references of a hybrid file contradict each other")
            section |= hidden
        for number, entry in section.items():
            if entries.setdefault(number, entry) is None and entry is not None:
                document.deleted.add(number)
        at = _offset(trailer[b"Prev"]) if b"Prev" in trailer else None
    _take_entries(document, entries)
    return document


def _take_trailer(document: Document, trailer: dict[bytes, Value]) -> None:
    """What the newest trailer says; it is the one that counts."""
    root, info, size = trailer.get(b"Root"), trailer.get(b"Info"), trailer.get(b"Size")
    if not isinstance(root, Reference) or not isinstance(info, Reference | None):
        raise NotSpliceable("the trailer is malformed")
    if type(size) is not int or not 0 < size <= MOST_OBJECTS:
        raise NotSpliceable("the trailer has no proper size")
    encrypt = trailer.get(b"Encrypt")
    document.encrypt = encrypt if isinstance(encrypt, Reference) else None
    document.root, document.info, document.size = root, info, size


def _take_entries(document: Document, entries: Section) -> None:
    for number, entry in entries.items():
        if number == 0 or entry is None:
            continue
        if number >= document.size:
            raise NotSpliceable("an object lies beyond the size")
        if isinstance(entry, Place):
            document.placed[number] = entry
        else:
            document.packed[number] = entry
    if any(entry.stream not in document.placed for entry in document.packed.values()):
        raise NotSpliceable("an object stream is missing")
    if document.size > SPARSEST * (len(entries) + SPARSEST):
        raise NotSpliceable("the objects are numbered too sparsely")


def _offset(value: Value) -> int:
    if type(value) is not int:
        raise NotSpliceable("an offset is no number")
    return value


def _section(document: Document, at: int, seen: set[int]) -> tuple[Section, dict[bytes, Value]]:
    """One cross-reference section, table or stream, and its trailer."""
    if at in seen or not 0 < at < len(document.source):
        raise NotSpliceable("the cross-references run in a circle or out of the file")
    seen.add(at)
    begin = TABLE.match(document.source, at)
    section, trailer = _rows(document.source, begin.end()) if begin else _stream(document, at)
    if b"Encrypt" in trailer and not document.key:
        raise NotSpliceable("the document is encrypted")
    return section, trailer


def _rows(source: bytes, at: int) -> tuple[Section, dict[bytes, Value]]:
    section: Section = {}
    while (head := SUBSECTION.match(source, at)) is not None:
        first, count = int(head[1]), int(head[2])
        at = head.end() + count * ROW_BYTES
        if at > len(source) or ROWS.fullmatch(source, head.end(), at) is None:
            raise NotSpliceable("the cross-reference table is malformed")
        columns = source[head.end() : at].split()
        rows = zip(columns[::3], columns[1::3], columns[2::3], strict=True)
        for number, (offset, generation, kind) in enumerate(rows, start=first):
            _put(section, number, Place(int(offset), int(generation)) if kind == b"n" else None)
    keyword = TRAILER.match(source, at)
    if keyword is None:
        raise NotSpliceable("the trailer is missing")
    start = SPACE.match(source, keyword.end())
    text, ending, _ = copy_object(source, start.end() if start else keyword.end(), bytes)
    if ending != b"startxref":
        raise NotSpliceable("the trailer does not end as it should")
    return section, read_dictionary(text)[0]


def _stream(document: Document, at: int) -> tuple[Section, dict[bytes, Value]]:
    header = HEADER.match(document.source, at)
    if header is None:
        raise NotSpliceable("there is no cross-reference where there should be one")
    text, keyword, end = copy_object(document.source, header.end(), bytes)
    if keyword != b"stream":
        raise NotSpliceable("there is no cross-reference stream where there should be one")
    stream = document.stream(text, end)
    entries = stream.entries
    if entries.get(b"Type") != b"XRef":
        raise NotSpliceable("there is no cross-reference stream where there should be one")
    widths = _counts(entries.get(b"W"))
    index = _counts(entries.get(b"Index", [0, entries.get(b"Size")]))
    if len(widths) != 3 or max(widths) > 8 or not widths[1] or len(index) % 2:
        raise NotSpliceable("the cross-reference stream is malformed")
    numbers = list(_numbers(index))
    rows = unpacked(stream.data, entries, most=len(numbers) * (sum(widths) + 1))
    if len(rows) != len(numbers) * sum(widths):
        raise NotSpliceable("the cross-reference stream is not as long as it says")
    section: Section = {}
    for number, at in zip(numbers, range(0, len(rows), sum(widths)), strict=True):
        _put(section, number, _entry(rows[at : at + sum(widths)], widths))
    return section, entries


def _counts(values: Value) -> list[int]:
    if not isinstance(values, list):
        raise NotSpliceable("the cross-reference stream is malformed")
    counts = [value for value in values if type(value) is int and 0 <= value <= MOST_OBJECTS]
    if len(counts) != len(values):
        raise NotSpliceable("the cross-reference stream is malformed")
    return counts


def _numbers(index: list[int]) -> Iterator[int]:
    if sum(index[1::2]) > MOST_OBJECTS:
        raise NotSpliceable("the cross-reference stream lists too much")
    for first, count in zip(index[::2], index[1::2], strict=True):
        yield from range(first, first + count)


def _entry(row: bytes, widths: list[int]) -> Entry:
    second = widths[0] + widths[1]
    kind = int.from_bytes(row[: widths[0]]) if widths[0] else 1
    if kind > 2:
        raise NotSpliceable("the cross-reference stream holds an unknown kind")
    fields = int.from_bytes(row[widths[0] : second]), int.from_bytes(row[second:])
    return (None, Place(*fields), Packed(*fields))[kind]


def _put(section: Section, number: int, entry: Entry) -> None:
    if number in section or number > MOST_OBJECTS:
        raise NotSpliceable("an object is listed twice, or its number is too high")
    if entry is not None and entry[1] > MOST_GENERATIONS:
        raise NotSpliceable("a generation is too high")
    section[number] = entry
