"""A letter comes in: what it must not hold is refused or taken out, and nothing else is touched."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.letters.encryption.active import ACTIVE, INNOCENT, link, packed, signed
from tests.letters.encryption.hostile import PAGES, raw_pdf, stream
from tests.letters.encryption.mutations import mutated_active_letters
from tests.letters.encryption.producers import PRODUCERS
from tests.letters.encryption.sameness import assert_read_alike, assert_same, drawn
from tests.letters.encryption.structures import HELLO, HELLO_PAGE, LEFT_TO_PYPDF, STRUCTURES, hello
from tests.readers import READERS
from zone.config import Handling, LetterRules
from zone.letter_passwords.letter_key import derive
from zone.letters.encryption import CannotEncrypt, Encryptor, Problem, child
from zone.letters.encryption.examination import Looked, Rules, examine
from zone.secret import Secret

REFUSE, STRIP = Handling.REFUSE, Handling.STRIP
SIGNED: dict[str, Callable[[], bytes]] = {
    "signed": signed,
    "certified": lambda: signed(certified=True),
    "packed": lambda: packed(signed()),
}


def looked_at(source: bytes, active_content: Handling = REFUSE, signatures: Handling = REFUSE) -> Looked:
    return examine(source, Rules(1000, active_content, signatures))


def assert_no_script_goes_out(source: bytes, active_content: Handling) -> None:
    """qpdf, which mends where it can, finds none in what is let in."""
    question = {"max_pages": 9, "active_content": active_content, "signatures": STRIP}
    header, content = child.answer(lambda: source, "examine", **question)
    if "problem" in header:
        assert header["problem"] in Problem.__members__
        return
    with pikepdf.open(BytesIO(content or source)) as letter:
        dictionaries = [thing for thing in letter.objects if isinstance(thing, pikepdf.Dictionary)]
        written = b" ".join(thing.unparse() for thing in dictionaries)
    assert not re.search(rb"/S */(JavaScript|Launch|SubmitForm|ImportData|Rendition)\b|/XFA", written)


@pytest.mark.parametrize("kind", ACTIVE)
def test_active_content_is_refused_and_named(kind: str) -> None:
    name, make = ACTIVE[kind]
    for signatures in Handling:
        with pytest.raises(CannotEncrypt) as refused:
            looked_at(make(), REFUSE, signatures)
        assert (refused.value.problem, refused.value.detail) == (Problem.ACTIVE_CONTENT, name)


@pytest.mark.parametrize("kind", ACTIVE)
def test_active_content_is_taken_out_and_what_is_seen_stays(kind: str) -> None:
    name, make = ACTIVE[kind]
    source = make()
    looked = looked_at(source, STRIP)
    assert looked.removed == tuple(name.split(", "))
    again = looked_at(looked.content)
    assert (again.content, again.removed) == (looked.content, ())
    assert drawn(looked.content) == drawn(source)
    with pikepdf.open(BytesIO(looked.content)) as letter:
        assert letter.check_pdf_syntax() == []
        assert b"app.alert" not in b"".join(thing.unparse() for thing in letter.objects)
        streams = [thing.read_bytes() for thing in letter.objects if isinstance(thing, pikepdf.Stream)]
        assert not any(b"app.alert" in content for content in streams)


@pytest.mark.parametrize("kind", INNOCENT)
def test_a_letter_that_only_sounds_like_it_comes_in_as_it_is(kind: str) -> None:
    source = INNOCENT[kind]()
    looked = looked_at(source)
    assert (looked.content, looked.removed, looked.locked.engine) == (source, (), "splice")


@pytest.mark.parametrize("kind", PRODUCERS | STRUCTURES | LEFT_TO_PYPDF)
def test_an_honest_letter_comes_in_as_it_is(kind: str) -> None:
    source = (PRODUCERS | STRUCTURES | LEFT_TO_PYPDF)[kind]()
    looked = looked_at(source, STRIP, STRIP)
    assert (looked.content, looked.removed) == (source, ())
    assert looked.locked.engine == ("pypdf" if kind in LEFT_TO_PYPDF else "splice")


@pytest.mark.parametrize("kind", SIGNED)
def test_a_signed_letter_is_refused(kind: str) -> None:
    with pytest.raises(CannotEncrypt) as refused:
        looked_at(SIGNED[kind](), STRIP, REFUSE)
    assert refused.value.problem is Problem.SIGNED


@pytest.mark.parametrize("kind", SIGNED)
def test_a_signature_is_taken_out_and_its_picture_stays(kind: str) -> None:
    source = SIGNED[kind]()
    looked = looked_at(source, REFUSE, STRIP)
    assert looked.removed == ("Signature",)
    assert looked_at(looked.content).removed == ()
    assert drawn(looked.content) == drawn(source)
    for trace in (b"ByteRange", b"DSS", b"Perms", b"SigFlags", b"podpis poistovne", b"of the insurer"):
        assert trace not in looked.content
    with pikepdf.open(BytesIO(looked.content)) as letter:
        assert len(letter.Root.AcroForm.Fields) == 0
        assert [note.Subtype for note in letter.pages[0].obj.get("/Annots", [])] == ["/Stamp", "/Stamp"]


@pytest.mark.parametrize("form", [b"/AcroForm<</Fields[]/XFA 5 0 R>>", b""])
def test_a_letter_that_is_made_of_scripts_is_refused_however(form: bytes) -> None:
    catalog = b"<</Type/Catalog/Pages 2 0 R/NeedsRendering true%s>>" % form
    source = raw_pdf(catalog, PAGES, HELLO_PAGE, stream(HELLO), stream(b"<xdp/>"))
    with pytest.raises(CannotEncrypt) as refused:
        looked_at(source, STRIP, STRIP)
    assert refused.value.problem is Problem.ACTIVE_CONTENT


@pytest.mark.parametrize(
    "action",
    [
        b"<</S/JavaScript/JS(x)/JS(y)>>",
        b"<</S/Launch/F 1e5>>",
        b"<</S 4 0 R/N/Launch>>",
        b"<</S 5 0 R/N/Launch>>",
    ],
)
def test_what_is_near_active_content_and_not_clear_is_refused(action: bytes) -> None:
    how = {"max_pages": 9, "active_content": STRIP, "signatures": STRIP}
    header, _ = child.answer(lambda: link(action, b"5 0 R"), "examine", **how)
    assert header["problem"] == "DAMAGED"


@settings(max_examples=200)
@given(source=mutated_active_letters(), active_content=st.sampled_from(Handling))
def test_however_it_is_spoilt_no_script_goes_out(source: bytes, active_content: Handling) -> None:
    assert_no_script_goes_out(source, active_content)


def test_the_whole_way_through_the_child(encryptor: Encryptor) -> None:
    unsigned, source, key = hello(), signed(), derive(Secret("1234"))
    plain = encryptor.examine(unsigned)
    assert (plain.content, plain.removed, plain.pages) == (unsigned, (), 1)
    with Encryptor(LetterRules(signatures=STRIP)) as lenient:
        letter = lenient.examine(source)
    assert (letter.removed, letter.pages, letter.engine) == (("Signature",), 1, "splice")
    result = encryptor.encrypt(letter.content, key).content
    assert_same(letter.content, result, "1234")
    assert_read_alike(letter.content, result, "1234")
    assert "SIGN" not in READERS["mupdf"](result, "1234")  # an invitation, where a field has no signature
