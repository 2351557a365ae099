"""A document as its cross-references describe it: where each object lies, and what the few say that matter.

Whatever is not where or what it should be is `NotSpliceable`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final, NamedTuple

from zone.letters.encryption.sealing import opened
from zone.letters.encryption.syntax import (
    END,
    NotSpliceable,
    Reference,
    Value,
    W,
    copy_object,
    read_dictionary,
    read_value,
)
from zone.letters.encryption.unpacking import unpacked

HEADER: Final = re.compile(W + rb"*+(\d{1,10})" + W + rb"++(\d{1,5})" + W + rb"++obj" + END)
BEGIN_OF_STREAM: Final = re.compile(rb"\r?\n")
END_OF_STREAM: Final = re.compile(rb"(?:\r\n|\r|\n)?endstream" + W + rb"++endobj" + END)
LARGEST_OBJECT_STREAM: Final = 16 * 1024 * 1024


class Place(NamedTuple):
    """Where an object lies in the file."""

    offset: int
    generation: int


class Packed(NamedTuple):
    """Where an object lies in an object stream."""

    stream: int
    position: int


@dataclass(frozen=True)
class Stream:
    """A stream object: its dictionary as text and as values, and where its data lies in the file."""

    text: bytes
    entries: dict[bytes, Value]
    places: dict[bytes, tuple[int, int]]
    data: memoryview
    object_end: int


@dataclass(frozen=True)
class ObjectStream:
    """What an object stream holds: the numbers of its objects, and where in `plain` each begins and ends."""

    plain: bytes
    numbers: list[int]
    bounds: list[int]

    def holds(self, number: int, position: int) -> bool:
        """Whether the object of this number stands at `position`."""
        return position < len(self.numbers) and self.numbers[position] == number

    def member(self, number: int, position: int) -> bytes:
        """The text of one object, ended like one that lies in the file."""
        if not self.holds(number, position):
            raise NotSpliceable("an object stream holds another object")
        return self.plain[self.bounds[position] : self.bounds[position + 1]] + b" endobj"


@dataclass
class Document:
    """The objects in force, by number, and what the trailer says of them."""

    source: bytes
    key: bytes = b""  # of a document that is sealed
    root: Reference = field(default_factory=lambda: Reference(0, 0))
    info: Reference | None = None
    size: int = 0
    encrypt: Reference | None = None
    sections: set[int] = field(default_factory=set)
    placed: dict[int, Place] = field(default_factory=dict)
    packed: dict[int, Packed] = field(default_factory=dict)
    deleted: set[int] = field(default_factory=set)  # by an update
    object_streams: dict[int, ObjectStream] = field(default_factory=dict)

    def holds(self, number: int) -> bool:
        """Whether there is an object of this number."""
        return number in self.placed or number in self.packed

    def texts(self) -> Iterator[bytes]:
        """The text of every object: of a stream its dictionary, of an object stream all that it holds."""
        for number, place in self.placed.items():
            yield copy_object(self.source, self.body(number, place), bytes)[0]
        for number in {packed.stream for packed in self.packed.values()}:
            yield self.object_stream(number).plain

    def values(self) -> Iterator[tuple[int, Value]]:
        """What every object says, a stream by its dictionary, and its number."""
        for number, place in self.placed.items():
            yield number, read_value(copy_object(self.source, self.body(number, place), bytes)[0])
        for number, packed in self.packed.items():
            yield number, self._packed_value(number, packed)

    def body(self, number: int, place: Place) -> int:
        """Where the value of an object begins."""
        header = HEADER.match(self.source, place.offset)
        if header is None or (int(header[1]), int(header[2])) != (number, place.generation):
            raise NotSpliceable("an object is not where it should be")
        return header.end()

    def stream(self, text: bytes, keyword_end: int) -> Stream:
        """The stream whose dictionary is `text` and whose keyword ``stream`` ends at `keyword_end`."""
        entries, places = read_dictionary(text)
        length = entries.get(b"Length")
        if isinstance(length, Reference):
            length = self._placed_value(length)
        begin = BEGIN_OF_STREAM.match(self.source, keyword_end)
        if begin is None or type(length) is not int or length < 0 or b"F" in entries:
            raise NotSpliceable("a stream is malformed, or lies in another file")
        end = begin.end() + length
        ending = END_OF_STREAM.match(self.source, end)
        if ending is None:
            raise NotSpliceable("a stream is not as long as it says")
        return Stream(text, entries, places, memoryview(self.source)[begin.end() : end], ending.end())

    def value(self, reference: Reference) -> Value:
        """What an object that is no stream says."""
        packed = self.packed.get(reference.number)
        return (
            self._placed_value(reference) if packed is None else self._packed_value(reference.number, packed)
        )

    def object_stream(self, number: int) -> ObjectStream:
        """The object stream of this number, which is kept, for several objects of it may be asked for."""
        if number not in self.object_streams:
            text, keyword, end = copy_object(self.source, self.body(number, self.placed[number]), bytes)
            if keyword != b"stream":
                raise NotSpliceable("an object stream is no stream")
            stream = self.stream(text, end)
            data = memoryview(opened(stream.data, self.key)) if self.key else stream.data
            self.object_streams[number] = _object_stream(stream.entries, data)
        return self.object_streams[number]

    def _packed_value(self, number: int, packed: Packed) -> Value:
        text, keyword, _ = copy_object(
            self.object_stream(packed.stream).member(number, packed.position), 0, bytes
        )
        if keyword != b"endobj":
            raise NotSpliceable("a stream lies in an object stream")
        return read_value(text)

    def _placed_value(self, reference: Reference) -> Value:
        place = self.placed.get(reference.number)
        if place is None or place.generation != reference.generation:
            raise NotSpliceable("an object is missing, or packed where it should not be")
        text, keyword, _ = copy_object(self.source, self.body(reference.number, place), bytes)
        if keyword != b"endobj":
            raise NotSpliceable("a stream stands where it should not")
        return read_value(text)


def _object_stream(entries: dict[bytes, Value], data: memoryview) -> ObjectStream:
    first, count = entries.get(b"First"), entries.get(b"N")
    if entries.get(b"Type") != b"ObjStm" or type(first) is not int or type(count) is not int:
        raise NotSpliceable("an object stream is malformed")
    plain = unpacked(data, entries, LARGEST_OBJECT_STREAM)
    heads = plain[: max(first, 0)].split()
    if len(heads) != 2 * count or not all(map(bytes.isdigit, heads)):
        raise NotSpliceable("an object stream is malformed")
    numbers = [int(number) for number in heads[::2]]
    bounds = [first + int(offset) for offset in heads[1::2]] + [len(plain)]
    if len(set(numbers)) != count or any(here > there for here, there in pairwise(bounds)):
        raise NotSpliceable("an object stream is out of order")
    return ObjectStream(plain, numbers, bounds)
