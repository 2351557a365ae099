"""Encrypts a PDF by copying its objects, with every string and every stream sealed on the way.

Nothing is taken apart that need not be: an object stream is sealed whole, and of a page only its text is looked at.
Only what the cross-references list is copied, so that nothing comes along of earlier revisions, of comments
and of what lies between objects. The result has a cross-reference stream, /Encrypt, and an /ID of its own.
"""

from __future__ import annotations

import os
import re
import struct
import zlib
from io import BytesIO
from typing import Final

from zone.letters.encryption.cross_reference import read_document
from zone.letters.encryption.document import Document, Packed, Place, Stream
from zone.letters.encryption.file_key import FileKey
from zone.letters.encryption.pages import counted_pages
from zone.letters.encryption.sealing import Sealer, sealed_size
from zone.letters.encryption.syntax import (
    END,
    NotSpliceable,
    Reference,
    Value,
    W,
    check_value,
    copy_object,
    read_value,
)

# Revision 6 comes with PDF 2.0. The second line tells transports that the file is binary (7.5.2).
BEGIN: Final = b"%PDF-2.0\n%\xe2\xe3\xcf\xd3\n"
ROW: Final = struct.Struct(">BIH")
FREE: Final = ROW.pack(0, 0, 65535)
# Of a number that is longer, the end: bounded, or a long row of digits would be looked at from each of them.
REFERENCE: Final = re.compile(rb"(\d{1,10}+)" + W + rb"++\d++" + W + b"++R" + END)


def splice(document: Document, key: FileKey) -> tuple[bytes, int]:
    """The document encrypted under `key`, and the number of its pages. Raises `NotSpliceable`."""
    splicing = _Splicing(document, key)
    splicing.check_object_streams()
    splicing.copy_objects()
    pages = counted_pages(document.root, splicing.text_of)
    splicing.finish()
    return splicing.output.getvalue(), pages


def check(result: bytes, key: FileKey) -> None:
    """Open what was spliced as a reader would: each object is where it should be, under this key and no other.

    Raises `NotSpliceable`.
    """
    document = read_document(result, key.key)
    encrypt = document.placed.get(document.encrypt.number) if document.encrypt else None
    if encrypt is None or not result.startswith(
        b"\n" + key.dictionary(), document.body(document.size - 2, encrypt)
    ):
        raise NotSpliceable("the result is under another key")
    for number, place in document.placed.items():
        document.body(number, place)


class _Splicing:
    """One document on its way into the output."""

    def __init__(self, document: Document, key: FileKey) -> None:
        self.output = BytesIO()
        self._document = document
        self._key = key
        self._seal = Sealer(key.key)
        self._entries: dict[int, Place | Packed] = dict(document.packed)
        self._texts: dict[int, bytes] = {}
        # What the splice adds, and what was deleted, of which Ghostscript complains.
        self._astray = document.deleted | {document.size, document.size + 1}

    def check_object_streams(self) -> None:
        """They are sealed as they are, so this is the one look at what they hold."""
        document = self._document
        for number, packed in document.packed.items():
            if not document.object_stream(packed.stream).holds(number, packed.position):
                raise NotSpliceable("an object stream holds another object")
        for stream in document.object_streams.values():
            self._check_references(stream.plain)

    def copy_objects(self) -> None:
        """Every object that lies in the file, in its order there."""
        self.output.write(BEGIN)
        end = 0
        for number, place in sorted(self._document.placed.items(), key=lambda item: item[1]):
            if place.offset < end:
                raise NotSpliceable("objects overlap")
            end = self._copy(number, place, first=end == 0)

    def text_of(self, reference: Reference) -> bytes:
        """An object that is no stream, once it was copied; its strings are sealed, unless it is a packed one."""
        document, (number, generation) = self._document, reference
        packed = document.packed.get(number)
        if packed is not None and generation == 0:
            member = document.object_stream(packed.stream).member(number, packed.position)
            text, keyword, _ = copy_object(member, 0, bytes)
            if keyword == b"endobj":
                check_value(text)
                return text
        if number in self._texts and document.placed[number].generation == generation:
            return self._texts[number]
        raise NotSpliceable("an object of the page tree is missing")

    def finish(self) -> None:
        """The encryption dictionary, which is not sealed, and the cross-reference stream, which is not either."""
        document, output = self._document, self.output
        encrypt, xref = document.size, document.size + 1
        self._begin(encrypt, 0)
        output.write(self._key.dictionary() + b"\nendobj\n")
        start = output.tell()
        self._begin(xref, 0)
        rows = self._rows(xref + 1)
        info = b"/Info %d %d R" % document.info if document.info else b""
        identity = os.urandom(16).hex().encode()
        dictionary = (
            b"<</Type/XRef/Size %d/W[1 4 2]/Root %d %d R%s/Encrypt %d 0 R/ID[<%s><%s>]"
            b"/Filter/FlateDecode/Length %d>>"
        ) % (xref + 1, *document.root, info, encrypt, identity, identity, len(rows))
        output.write(b"%s\nstream\n%s\nendstream\nendobj\n" % (dictionary, rows))
        output.write(b"startxref\n%d\n%%%%EOF\n" % start)

    def _begin(self, number: int, generation: int) -> None:
        self._entries[number] = Place(self.output.tell(), generation)
        self.output.write(b"%d %d obj\n" % (number, generation))

    def _check_references(self, text: bytes) -> None:
        if not self._astray.isdisjoint(map(int, REFERENCE.findall(text))):
            raise NotSpliceable("something refers to an object that was deleted or never was")

    def _copy(self, number: int, place: Place, *, first: bool) -> int:
        """Copy one object; returns where it ends in the source."""
        document, output = self._document, self.output
        text, keyword, end = copy_object(document.source, document.body(number, place), self._seal.string)
        self._check_references(text)
        if keyword == b"stream":
            stream = document.stream(text, end)
            kind = stream.entries.get(b"Type")
            if isinstance(kind, Reference):
                raise NotSpliceable("a stream tells its type elsewhere")
            if kind != b"XRef":
                self._begin(number, place.generation)
                self._write_stream(stream)
            elif place.offset not in document.sections:
                raise NotSpliceable("a stray cross-reference stream")
            return stream.object_end
        check_value(text)
        # What says how the file was laid out, and nothing refers to, is no longer true.
        if not (first and b"/Linearized" in text and _is_linearization(read_value(text))):
            self._begin(number, place.generation)
            self._texts[number] = text
            output.write(text + b"\nendobj\n")
        return end

    def _write_stream(self, stream: Stream) -> None:
        filters = stream.entries.get(b"Filter")
        if isinstance(filters, Reference):
            filters = self._document.value(filters)
        kinds = filters if isinstance(filters, list) else [filters]
        if b"Crypt" in kinds or any(isinstance(kind, Reference) for kind in kinds):
            raise NotSpliceable("a stream has a crypt filter of its own, or may have")
        start, end = stream.places[b"Length"]
        length = sealed_size(len(stream.data))
        self.output.write(b"%s %d%s\nstream\n" % (stream.text[:start], length, stream.text[end:]))
        self.output.writelines(self._seal.stream(stream.data))
        self.output.write(b"\nendstream\nendobj\n")

    def _rows(self, size: int) -> bytes:
        """The packed rows of the cross-reference stream: a row for each number, as some readers want it."""
        rows = [FREE] * size
        for number, entry in self._entries.items():
            rows[number] = ROW.pack(1 if isinstance(entry, Place) else 2, *entry)
        return zlib.compress(b"".join(rows))


def _is_linearization(value: Value) -> bool:
    """Annex F.3.3."""
    return isinstance(value, dict) and {b"Linearized", b"L", b"H", b"O", b"E", b"N", b"T"} <= value.keys()
