"""pypdf under a given key: it writes what the splice does not understand, and opens the result again.

pypdf takes passwords only, and hashes them each time; a key is given to it by a few of its private names,
which are the same in every release that the project allows.
"""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from io import BytesIO
from typing import IO, Any

from pypdf import PdfReader, PdfWriter
from pypdf._encryption import EncryptAlgorithm, Encryption, PasswordType
from pypdf.errors import PdfReadError
from pypdf.generic import ArrayObject, DictionaryObject, NullObject, StreamObject

from zone.letters.encryption.errors import CannotEncrypt, Problem
from zone.letters.encryption.file_key import PERMISSIONS, FileKey


class _PlainReader(PdfReader):
    """Strict, for the lenient reader mends a truncated letter by leaving out what it lost.

    Even so, pypdf gives back what an update deleted, and searches the file for what is not where it should be. Here
    what was deleted reads as null (7.3.10), and `dug_out` tells of the other.
    """

    def __init__(self, source: bytes, deleted: set[int]) -> None:
        self._deleted = deleted
        super().__init__(BytesIO(source), strict=True)

    @property
    def is_encrypted(self) -> bool:
        # pypdf asks this before it fails on a security handler that it does not know.
        if super().is_encrypted:
            raise CannotEncrypt(Problem.ALREADY_ENCRYPTED)
        return False

    @property
    def dug_out(self) -> bool:
        return self.xref != self._listed

    def _read_xref_tables_and_trailers(
        self, stream: IO[Any], startxref: int | None, xref_issue_nr: int
    ) -> None:
        super()._read_xref_tables_and_trailers(stream, startxref, xref_issue_nr)
        for number in self._deleted:
            self.xref_objStm.pop(number, None)
            for generation, offsets in self.xref.items():
                offsets[number] = 0
                self.xref_free_entry.setdefault(generation, {})[number] = True
        self._listed = deepcopy(self.xref)

    def _load_recovery_cache(self, data: bytes) -> dict[int, tuple[int, int]]:
        del data  # where pypdf would look for the objects of a malformed row
        raise PdfReadError("a row of the cross-references is malformed")


class _OpenedReader(PdfReader):
    def __init__(self, stream: BytesIO, key: FileKey) -> None:
        self._key = key
        super().__init__(stream, strict=True)

    def _handle_encryption(self, password: str | bytes | None) -> None:
        del password  # the key is given
        entries = self.trailer["/Encrypt"]
        if not isinstance(entries, DictionaryObject):
            raise PdfReadError("/Encrypt is no dictionary")
        encryption = Encryption.read(entries, b"")
        if self._key.ue != encryption.values.UE:
            raise CannotEncrypt(Problem.FAILED, "the result is under another key")
        self._encryption = _given(encryption, self._key)


def rewrite(source: bytes, key: FileKey, deleted: set[int] | None) -> tuple[bytes, int]:
    """The PDF written anew by pypdf, encrypted under `key`, and the number of its pages.

    `deleted` are the numbers of the objects that updates deleted, None if that is not known. Raises `CannotEncrypt`,
    or whatever pypdf raises on a document that it cannot read.
    """
    writer, pages = cloned(source, deleted)
    _lock(writer, key)
    result = written(writer)
    if len(_OpenedReader(BytesIO(result), key).pages) != pages:
        raise CannotEncrypt(Problem.FAILED, "pages were lost")
    return result, pages


def cloned(source: bytes, deleted: set[int] | None) -> tuple[PdfWriter, int]:
    """The PDF as pypdf understands it, and the number of its pages. Raises as `rewrite` does."""
    if deleted is None and source.count(b"startxref") > 1:
        raise CannotEncrypt(Problem.DAMAGED, "what its updates deleted is not clear")
    reader = _PlainReader(source, deleted or set())
    pages = len(reader.pages)
    if pages < 1:
        raise CannotEncrypt(Problem.NO_PAGES)
    writer = PdfWriter(clone_from=reader)
    if reader.dug_out:
        raise CannotEncrypt(Problem.DAMAGED, "an object is not where it should be")
    writer.strict = True  # only now: a clone may count one object more than /Size, which strict refuses
    writer.pdf_header = "%PDF-2.0"  # the version that defines revision 6
    _check_streams(thing for thing in writer._objects if isinstance(thing, StreamObject))
    return writer, pages


def written(writer: PdfWriter) -> bytes:
    """The PDF that a writer holds."""
    result = BytesIO()
    writer.write(result)
    return result.getvalue()


def _lock(writer: PdfWriter, key: FileKey) -> None:
    """What `PdfWriter.encrypt` does with a password."""
    writer.generate_file_identifiers()
    writer._encryption = _given(Encryption.make(EncryptAlgorithm.AES_256, PERMISSIONS, b""), key)
    writer._encrypt_entry = DictionaryObject.read_from_stream(BytesIO(key.dictionary()), None)
    writer._add_object(writer._encrypt_entry)


def _given(encryption: Encryption, key: FileKey) -> Encryption:
    encryption._key = key.key
    encryption._password_type = PasswordType.USER_PASSWORD
    return encryption


def _check_streams(streams: Iterable[StreamObject]) -> None:
    """Some streams stay as they are for readers, which pypdf does not respect, and some lie elsewhere."""
    for stream in streams:
        if "/F" in stream:
            raise CannotEncrypt(Problem.ACTIVE_CONTENT, "a stream in another file")
        if stream.get("/Type", NullObject()).get_object() == "/XRef":
            raise CannotEncrypt(Problem.DAMAGED, "a stray cross-reference stream")
        filters = stream.get("/Filter", NullObject()).get_object()
        kinds = filters if isinstance(filters, ArrayObject) else [filters]
        if any(kind.get_object() == "/Crypt" for kind in kinds):
            raise CannotEncrypt(Problem.FAILED, "a stream has a crypt filter of its own")
