"""The splice: what comes out is what went in, and nobody sees it."""

from __future__ import annotations

import time
from functools import cache
from io import BytesIO

import pikepdf
import pytest
from hypothesis import given, settings

from tests.letters.encryption.documents import PASSWORDS, documents
from tests.letters.encryption.producers import PRODUCERS
from tests.letters.encryption.sameness import assert_nothing_in_clear, assert_read_alike, assert_same, drawn
from tests.letters.encryption.structures import (
    DELETED,
    LEFT_TO_PYPDF,
    NOT_SPLICEABLE,
    STRUCTURES,
    hello,
    metadata,
    updated,
)
from zone.letter_passwords.letter_key import LetterKey, derive
from zone.letters.encryption import CannotEncrypt, Problem
from zone.letters.encryption.cross_reference import read_document
from zone.letters.encryption.file_key import FileKey, fresh_file_key
from zone.letters.encryption.locking import lock
from zone.letters.encryption.splice import check, splice
from zone.letters.encryption.syntax import NotSpliceable
from zone.letters.encryption.with_pypdf import rewrite
from zone.secret import Secret

PASSWORD = "Čerešňa 1"


@cache
def key() -> LetterKey:
    return derive(Secret(PASSWORD))


def spliced(source: bytes, file_key: FileKey | None = None) -> bytes:
    file_key = file_key or fresh_file_key(key())
    result, _ = splice(read_document(source), file_key)
    check(result, file_key)
    return result


def assert_kept(source: bytes) -> None:
    result = spliced(source)
    assert_same(source, result, PASSWORD)
    assert_nothing_in_clear(source, result)
    assert_read_alike(source, result, PASSWORD)


@pytest.mark.parametrize("kind", STRUCTURES)
def test_a_letter_of_any_structure_stays_what_it_was(kind: str) -> None:
    assert_kept(STRUCTURES[kind]())


@pytest.mark.parametrize("producer", PRODUCERS)
def test_a_letter_of_any_producer_stays_what_it_was(producer: str) -> None:
    assert_kept(PRODUCERS[producer]())


@pytest.mark.parametrize("kind", LEFT_TO_PYPDF)
def test_what_the_splice_does_not_understand_is_left_to_pypdf(kind: str) -> None:
    source = LEFT_TO_PYPDF[kind]()
    with pytest.raises(NotSpliceable):
        spliced(source)
    result, _ = rewrite(source, fresh_file_key(key()), set())
    assert drawn(source) == drawn(result, PASSWORD)
    with pikepdf.open(BytesIO(result), password=PASSWORD, attempt_recovery=False) as letter:
        assert letter.check_pdf_syntax() == []
    assert_nothing_in_clear(source, result)
    assert_read_alike(source, result, PASSWORD)


@pytest.mark.parametrize("kind", DELETED)
def test_what_an_update_deleted_stays_deleted(kind: str) -> None:
    source = DELETED[kind]()
    locked = lock(source, fresh_file_key(key()))
    assert (locked.engine, locked.deleted) == ("pypdf", {5})
    assert_read_alike(source, locked.content, PASSWORD)
    with pikepdf.open(BytesIO(locked.content), password=PASSWORD) as letter:
        assert letter.check_pdf_syntax() == []
        assert not any(
            "/Subtype" in thing for thing in letter.objects if isinstance(thing, pikepdf.Dictionary)
        )
        assert letter.pages[0].obj.get("/Note") is None


@pytest.mark.parametrize("kind", DELETED)
def test_where_it_is_not_clear_what_an_update_deleted_the_letter_is_refused(kind: str) -> None:
    source = DELETED[kind]()
    with pytest.raises(CannotEncrypt) as refused:
        rewrite(source, fresh_file_key(key()), None)
    assert refused.value.problem is Problem.DAMAGED


def test_nothing_is_dug_out_that_the_cross_references_do_not_list() -> None:
    source = hello(b"<</Title 6 0 R>>", trailer=b"/Info 5 0 R")
    at = source.index(b"xref\n0")
    lost = b"6 0 obj\n(Zabudnute v subore)\nendobj\n"
    source = source[:at] + lost + source[at:].replace(b"\n%d\n" % at, b"\n%d\n" % (at + len(lost)))
    with pytest.raises(CannotEncrypt) as refused:
        lock(source, fresh_file_key(key()))
    assert refused.value.detail == "an object is not where it should be"


@pytest.mark.parametrize("kind", NOT_SPLICEABLE)
def test_what_readers_could_take_in_another_way_is_not_spliced(kind: str) -> None:
    with pytest.raises(NotSpliceable):
        spliced(NOT_SPLICEABLE[kind]())


GOES_OUT_BY_NO_WAY = {
    "a crypt filter": metadata(b"/Filter[/Crypt]/DecodeParms[<</Name/Identity>>]"),
    "a crypt filter, told elsewhere": metadata(b"/Filter 6 0 R"),
    "a crypt filter, its name told elsewhere": metadata(b"/Filter[6 0 R]"),
    "a stray cross-reference stream": metadata(b"/Type/XRef"),
    "the same, told elsewhere": metadata(b"/Type 6 0 R").replace(b"/Crypt", b"/XRef "),
    "a stream in another file": metadata(b"/F(//server/a)"),
}


@pytest.mark.parametrize("kind", GOES_OUT_BY_NO_WAY)
def test_a_stream_that_readers_would_leave_as_it_is_goes_out_by_no_way(kind: str) -> None:
    with pytest.raises(CannotEncrypt):
        lock(GOES_OUT_BY_NO_WAY[kind], fresh_file_key(key()))


def test_many_deleted_objects_are_looked_for_at_once() -> None:
    numbers = b"[" + b"1 2 3 " * 100_000 + b"]"
    source = updated(hello(numbers, *[b"null"] * 5_000), dict.fromkeys(range(6, 5_006)))
    begun = time.process_time()
    assert read_document(source).deleted == set(range(6, 5_006))
    assert spliced(source)
    assert time.process_time() - begun < 5


def test_two_results_share_nothing_but_names_and_the_password() -> None:
    one, other = spliced(hello(b"(the same)")), spliced(hello(b"(the same)"))
    start, end = one.index(b"stream\n") + 7, one.index(b"\nendstream")
    assert one[start : start + 16] != other[start : start + 16]
    assert one[start + 16 : end] != other[start + 16 : end]
    assert one[-300:] != other[-300:]


@settings(max_examples=60)
@given(source=documents(), password=PASSWORDS)
def test_any_document_under_any_password_stays_what_it_was(source: bytes, password: str) -> None:
    result = spliced(source, fresh_file_key(derive(Secret(password))))
    assert_same(source, result, password)
    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(BytesIO(result))
