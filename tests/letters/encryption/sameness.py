"""What an encrypted letter must have in common with its source, and what it must not show."""

from __future__ import annotations

import re
from io import BytesIO

import pikepdf
import pypdfium2
import pytest

from tests.readers import READERS, WrongPassword

# Shorter ones could stand anywhere by chance, or in a name.
LONG_ENOUGH = 8


def assert_same(source: bytes, sealed: bytes, password: str) -> None:
    """All objects, and each page as it is drawn, are those of the source; qpdf finds no fault in the file."""
    with (
        pikepdf.open(BytesIO(source)) as before,
        pikepdf.open(BytesIO(sealed), password=password, attempt_recovery=False) as after,
    ):
        assert after.check_pdf_syntax() == []
        how, aes = after.encryption, pikepdf.models.EncryptionMethod.aesv3
        assert (how.R, how.stream_method, how.string_method, how.file_method) == (6, aes, aes, aes)
        assert_same_objects(before, after)
    assert drawn(source) == drawn(sealed, password)


def assert_same_objects(before: pikepdf.Pdf, after: pikepdf.Pdf) -> None:
    """Whatever the catalog and /Info lead to is the same."""
    assert len(before.pages) == len(after.pages)
    for key in ("/Root", "/Info"):
        _assert_same_object(before.trailer.get(key), after.trailer.get(key))


def assert_read_alike(source: bytes, sealed: bytes, password: str) -> None:
    """Every reader finds the source's text with the password, and nothing without."""
    for name, read in READERS.items():
        assert read(sealed, password) == read(source, None), name
        for wrong in (None, password + "x"):
            with pytest.raises(WrongPassword):
                read(sealed, wrong)


def assert_nothing_in_clear(source: bytes, sealed: bytes) -> None:
    """No string and no stream of the source stands in the result, neither as it was nor written otherwise."""
    # Names stay in clear, and fonts have strings that stand in names too, such as (Identity) in /Identity-H.
    names = b" ".join(re.findall(rb"/[^\0\t\n\f\r ()<>\[\]{}/%]+", source))
    with pikepdf.open(BytesIO(source)) as document:
        for thing in document.objects:
            for secret in (secret for secret in _secrets(thing) if secret not in names):
                assert secret not in sealed
                assert secret.hex().encode() not in sealed.lower()
    for literal in re.findall(rb"\(([^()\\]{%d,})\)" % LONG_ENOUGH, source):
        assert literal in names or literal not in sealed


def _secrets(thing: pikepdf.Object) -> list[bytes]:
    if isinstance(thing, pikepdf.Stream):
        content = thing.read_raw_bytes()
        inside = [secret for _, value in thing.items() for secret in _direct(value)]
        return [content, *inside] if len(content) >= LONG_ENOUGH else inside
    return _direct(thing)


def _direct(thing: object) -> list[bytes]:
    """The strings within an object, without those of the objects that it refers to."""
    if isinstance(thing, pikepdf.String):
        content = bytes(thing)
        return [content] if len(content) >= LONG_ENOUGH else []
    if isinstance(thing, pikepdf.Dictionary):
        return [secret for _, value in thing.items() if not _indirect(value) for secret in _direct(value)]
    if isinstance(thing, pikepdf.Array):
        return [secret for value in thing if not _indirect(value) for secret in _direct(value)]
    return []


def _indirect(thing: object) -> bool:
    return isinstance(thing, pikepdf.Object) and thing.is_indirect


def _assert_same_object(one: object, other: object) -> None:
    """Walk two graphs of objects side by side."""
    waiting, seen = [(one, other)], set()
    while waiting:
        here, there = waiting.pop()
        assert type(here) is type(there)
        if not isinstance(here, pikepdf.Object) or not isinstance(there, pikepdf.Object):
            assert here == there
            continue
        if here.is_indirect:
            if here.objgen in seen:
                continue
            seen.add(here.objgen)
        if isinstance(here, pikepdf.Stream):
            assert here.read_raw_bytes() == there.read_raw_bytes()
        if isinstance(here, pikepdf.Stream | pikepdf.Dictionary):
            ours, theirs = dict(here.items()), dict(there.items())
            assert ours.keys() == theirs.keys()
            waiting += [(ours[key], theirs[key]) for key in ours.keys() - {"/Length"}]
        elif isinstance(here, pikepdf.Array):
            assert len(here) == len(there)
            waiting += zip(list(here), list(there), strict=True)
        else:
            assert bytes(here) == bytes(there) if isinstance(here, pikepdf.String) else here == there


def drawn(pdf: bytes, password: str | None = None) -> list[bytes]:
    """The pictures of all pages, forms and notes included."""
    document = pypdfium2.PdfDocument(pdf, password=password, autoclose=True)
    try:
        document.init_forms()
        return [bytes(page.render(scale=0.7).buffer) for page in document]
    finally:
        document.close()
