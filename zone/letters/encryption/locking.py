"""Encrypts one document: by the splice where that understands it, else by pypdf."""

from __future__ import annotations

from typing import NamedTuple

from zone.letters.encryption.cross_reference import read_document
from zone.letters.encryption.document import Document
from zone.letters.encryption.errors import CannotEncrypt, Problem
from zone.letters.encryption.file_key import FileKey
from zone.letters.encryption.messages import Engine
from zone.letters.encryption.splice import check, splice
from zone.letters.encryption.syntax import NotSpliceable
from zone.letters.encryption.with_pypdf import rewrite


class Locked(NamedTuple):
    """An encrypted document, and which engine wrote it: pypdf for the `reason` that the splice gave.

    `document` is how the splice understands the source, None if it does not even find its objects.
    """

    content: bytes
    pages: int
    engine: Engine
    reason: str
    document: Document | None

    @property
    def deleted(self) -> set[int] | None:
        """The numbers of the objects that updates deleted, None if that is not known."""
        return self.document.deleted if self.document else None


def lock(source: bytes, key: FileKey) -> Locked:
    """The PDF under AES-256 (ISO 32000-2, 7.6), nothing left in clear.

    Raises `CannotEncrypt`, or whatever pypdf raises on a document that it cannot read.
    """
    if not source.startswith(b"%PDF-"):
        raise CannotEncrypt(Problem.NOT_A_PDF)
    document = None
    try:
        document = read_document(source)
        content, pages = splice(document, key)
        check(content, key)
        return Locked(content, pages, "splice", "", document)
    except NotSpliceable as not_spliceable:
        content, pages = rewrite(source, key, document.deleted if document else None)
        return Locked(content, pages, "pypdf", not_spliceable.reason, document)
