"""Letters of every structure that a PDF may have."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from tests.letters.encryption.hostile import CATALOG, PAGES, raw_pdf, stream
from tests.letters.samples import TITLE, letter_pdf, reportlab_letter

HELLO = b"BT /F 24 Tf 50 700 Td (Dobry den) Tj ET"
HELVETICA = b"/Resources<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>"
HELLO_PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R" + HELVETICA + b">>"


def saved(source: bytes, **options: Any) -> bytes:
    """As qpdf writes it; `options` are those of `pikepdf.Pdf.save`."""
    result = BytesIO()
    with pikepdf.open(BytesIO(source)) as letter:
        letter.save(result, **options)
    return result.getvalue()


def objects_in_streams() -> bytes:
    return saved(letter_pdf(3), object_stream_mode=pikepdf.ObjectStreamMode.generate)


def linearised() -> bytes:
    return saved(letter_pdf(3), linearize=True)


def linearised_with_object_streams() -> bytes:
    return saved(letter_pdf(3), linearize=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)


def everything(*, packed: bool = False) -> bytes:
    """A form, an attachment, an outline, XMP, a language, page labels."""
    with pikepdf.open(BytesIO(reportlab_letter(3))) as letter:
        letter.attachments["poistka.txt"] = pikepdf.AttachedFileSpec(
            letter,
            b"Cislo poistky 1234567890",
            description="Prilohou je poistka",
            filename="poistka.txt",
            mime_type="text/plain",
            creation_date="D:20261122120000Z",
            mod_date="D:20261122120000Z",
        )
        with letter.open_outline() as outline:
            outline.root.append(pikepdf.OutlineItem("Prva strana listu", 0))
            outline.root.append(pikepdf.OutlineItem("Čerešne a ďatle", 2))
        with letter.open_metadata() as metadata:
            metadata["dc:title"] = TITLE
        field = letter.make_indirect(
            Dictionary(
                Type=Name.Annot,
                Subtype=Name.Widget,
                FT=Name.Tx,
                T=String("meno a priezvisko"),
                V=String("Jana Kováčová"),
                Rect=Array([50, 50, 250, 80]),
                DA=String("/Helv 12 Tf 0 g"),
                P=letter.pages[0].obj,
            )
        )
        letter.pages[0].obj.Annots = Array([field])
        letter.Root.AcroForm = Dictionary(
            Fields=Array([field]), NeedAppearances=True, DA=String("/Helv 12 Tf 0 g")
        )
        letter.Root.Lang = String("sk-SK")
        result = BytesIO()
        mode = pikepdf.ObjectStreamMode.generate if packed else pikepdf.ObjectStreamMode.disable
        letter.save(result, object_stream_mode=mode)
    return result.getvalue()


def updated(source: bytes, objects: dict[int, bytes | None]) -> bytes:
    """`source`, which has a cross-reference table, with an update: objects by number, None for a deleted one."""
    result = source.rstrip() + b"\n"
    at = int(source.rsplit(b"startxref", 1)[1].split()[0])
    trailer = source[source.index(b"trailer", at) :].split(b"startxref")[0].strip()
    size = max(
        [int(trailer.split(b"/Size")[1].split()[0].split(b"/")[0].strip(b">")), *(n + 1 for n in objects)]
    )
    trailer = re.sub(rb"/Size\s*\d+", b"/Size %d/Prev %d" % (size, at), re.sub(rb"/Prev\s*\d+", b"", trailer))
    table = b"xref\n0 1\n0000000000 65535 f \n"
    for number, content in objects.items():
        if content is None:
            table += b"%d 1\n0000000000 00001 f \n" % number
        else:
            table += b"%d 1\n%010d 00000 n \n" % (number, len(result))
            result += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    return result + table + trailer + b"\nstartxref\n%d\n%%%%EOF\n" % len(result)


def hello(*more: bytes, trailer: bytes = b"") -> bytes:
    """A page of one line, and further objects, from number 5."""
    return raw_pdf(CATALOG, PAGES, HELLO_PAGE, stream(HELLO), *more, trailer=trailer)


def updated_twice() -> bytes:
    once = updated(
        hello(b"<</Title(Stary nazov listu)>>", trailer=b"/Info 5 0 R"), {5: b"<</Title(Novsi nazov)>>"}
    )
    return updated(once, {5: b"<</Title(Najnovsi nazov)>>", 4: stream(HELLO.replace(b"Dobry", b"Pekny"))})


def deleted() -> bytes:
    """The page's annotation was deleted, which leaves its reference dangling."""
    note = b"<</Type/Annot/Subtype/Text/Rect[10 10 90 90]/Contents(Zmazana poznamka)>>"
    page = HELLO_PAGE.replace(b"/Contents", b"/Note 5 0 R/Contents")
    return updated(raw_pdf(CATALOG, PAGES, page, stream(HELLO), note), {5: None})


def deleted_in_xref_stream() -> bytes:
    """The same, told by a cross-reference stream."""
    note = b"<</Type/Annot/Subtype/Text/Rect[10 10 90 90]/Contents(Zmazana poznamka)>>"
    page = HELLO_PAGE.replace(b"/Contents", b"/Note 5 0 R/Contents")
    source = raw_pdf(CATALOG, PAGES, page, stream(HELLO), note)
    previous, at = source.rindex(b"xref\n0"), len(source)
    rows = bytes([0, 0, 0, 0, 0, 0, 1]) + bytes([1]) + at.to_bytes(4) + bytes(2)
    xref = stream(rows, b"/Type/XRef/Size 7/W[1 4 2]/Index[5 2]/Root 1 0 R/Prev %d" % previous)
    return source + b"6 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (xref, at)


def hybrid(*, contradictory: bool = False) -> bytes:
    """What newer readers alone see, the outline, lies in an object stream, as word processors do it.

    A contradictory one says in one and the same section that the outline is there and that it is not.
    """
    outlines = b"<</Type/Outlines/First 6 0 R/Last 6 0 R/Count 1>> "
    chapter = b"<</Title(Skryta kapitola)/Parent 5 0 R/Dest[3 0 R/Fit]>>"
    heads = b"5 0 6 %d " % len(outlines)
    content = zlib.compress(heads + outlines + chapter)
    packed = stream(content, b"/Type/ObjStm/N 2/First %d/Filter/FlateDecode" % len(heads))
    body, offsets = b"%PDF-1.5\n", {}
    catalog = b"<</Type/Catalog/Pages 2 0 R/Outlines 5 0 R>>"
    for number, thing in {1: catalog, 2: PAGES, 3: HELLO_PAGE, 4: stream(HELLO), 7: packed}.items():
        offsets[number] = len(body)
        body += b"%d 0 obj\n%s\nendobj\n" % (number, thing)
    offsets[8] = len(body)
    rows = b"".join(bytes([2]) + (7).to_bytes(4) + index.to_bytes(2) for index in (0, 1))
    xref = stream(rows, b"/Type/XRef/Size 9/W[1 4 2]/Index[5 2]/Root 1 0 R")
    body += b"8 0 obj\n" + xref + b"\nendobj\n"
    table = b"xref\n0 9\n0000000000 65535 f \n"
    for number in range(1, 9):
        table += b"%010d 00000 n \n" % offsets[number] if number in offsets else b"0000000000 65535 f \n"
    trailer = b"trailer\n<</Root 1 0 R/Size 9%s>>\nstartxref\n%d\n%%%%EOF\n"
    if contradictory:
        return body + table + trailer % (b"/XRefStm %d" % offsets[8], len(body))
    old = body + table + trailer % (b"", len(body))
    both = b"/XRefStm %d/Prev %d" % (offsets[8], len(body))
    return old + b"xref\n0 0\n" + trailer % (both, len(old))


def odd_syntax() -> bytes:
    """Strings, names and blanks as nobody writes them, and as the standard allows."""
    strange = (
        rb"<<%comment (not a string) <<" + b"\r"
        rb"/Title(Nested (very (deep)) \(open \) closed \\ \101\7z\0053 \
continued "
        + b"\r\nline\rline)"
        + rb"/Author<4a 61 6e\n6 1 5>".replace(rb"\n", b"\n")
        + b"/Subject()/Keywords<>"
        rb"/N#61me(hash in a name)/Other[(one)(two)<74776F>(endobj)(stream)%(((" + b"\n"
        rb"/endobj/stream null true -.5 +7 4 0 R]/Producer"
        + b"\0\t\f("
        + b"\xfe\xff\x01\x0d\x00\x0a"
        + b")>>"
    )
    return hello(strange, stream(b"endstream\nendobj\n5 0 obj (not this)"), b"40", trailer=b"/Info 5 0 R")


def generations() -> bytes:
    """Objects that were deleted and numbered anew, as the table counts it."""
    source = hello(b"<</Title(Tretia generacia)>>", trailer=b"/Info 5 3 R").replace(b"5 0 obj", b"5 3 obj")
    head, _, tail = source.rpartition(b"00000 n \n")
    return head + b"00003 n \n" + tail


def indirect_lengths() -> bytes:
    content = b"<</Length 5 0 R>>stream\r\n" + HELLO + b"\r\nendstream"
    return raw_pdf(CATALOG, PAGES, HELLO_PAGE, content, b" %d %%comment\n" % len(HELLO))


def empty_strings_and_streams() -> bytes:
    return hello(stream(b""), b"[()<>]", b"()", trailer=b"")


STRUCTURES: dict[str, Callable[[], bytes]] = {
    "plain": hello,
    "objects in streams": objects_in_streams,
    "linearised": linearised,
    "linearised, objects in streams": linearised_with_object_streams,
    "form, attachment, outline, XMP": everything,
    "the same, objects in streams": lambda: everything(packed=True),
    "updated": lambda: updated(letter_pdf(2), {1000: b"<</New(object of an update)>>"}),
    "updated twice": updated_twice,
    "hybrid": hybrid,
    "odd syntax": odd_syntax,
    "generations": generations,
    "indirect lengths": indirect_lengths,
    "empty strings and streams": empty_strings_and_streams,
}


def metadata(entries: bytes) -> bytes:
    """XMP, with further entries in its dictionary."""
    catalog = CATALOG.replace(b">>", b"/Metadata 5 0 R>>")
    return raw_pdf(catalog, PAGES, HELLO_PAGE, stream(HELLO), stream(b"<xmp/>", entries), b"/Crypt")


def overlapping() -> bytes:
    """Object 6 lies in a string of object 5."""
    source = hello(b"(6 0 obj null endobj )", b"null")
    inside, outside = source.index(b"6 0 obj null"), source.rindex(b"6 0 obj")
    return source.replace(b"%010d 00000 n" % outside, b"%010d 00000 n" % inside)


# Where an update deleted what something still refers to; pypdf by itself digs it out again.
DELETED: dict[str, Callable[[], bytes]] = {
    "as a table tells": deleted,
    "as a stream tells": deleted_in_xref_stream,
}

# What the splice leaves to pypdf, which can do it.
LEFT_TO_PYPDF: dict[str, Callable[[], bytes]] = {
    "/Info in the trailer": lambda: hello(trailer=b"/Info<<>>"),
    "a reference beyond the size": lambda: hello(b"[6 0 R]"),
    "a stream's dictionary holds an odd number": lambda: hello(b"<</Length 0/X 1e5>>stream\n\nendstream"),
}

# What the splice does not take either, and readers, too, take in several ways.
NOT_SPLICEABLE: dict[str, Callable[[], bytes]] = {
    "a hybrid that contradicts itself": lambda: hybrid(contradictory=True),
    "pages counted wrong": lambda: hello().replace(b"/Count 1", b"/Count 2"),
    "objects that overlap": overlapping,
    "an object that is not where it should be": lambda: hello().replace(b"3 0 obj", b"7 0 obj"),
    "a length too small": lambda: hello().replace(
        b"/Length %d" % len(HELLO), b"/Length %d" % (len(HELLO) - 4)
    ),
    "a length too great": lambda: hello().replace(
        b"/Length %d" % len(HELLO), b"/Length %d" % (len(HELLO) + 4)
    ),
    "a length that is a stream": lambda: hello(b"<</Length 4 0 R>>stream\nabc\nendstream"),
    "an odd line end after stream": lambda: hello(b"<</Length 3>>stream\rabc\nendstream"),
    "a stream in another file": lambda: hello(stream(b"abc", b"/F(other.bin)")),
    "a stray cross-reference stream": lambda: metadata(b"/Type/XRef"),
    "its type told elsewhere": lambda: hello(stream(b"abc", b"/Type 6 0 R"), b"/XObject"),
    "a crypt filter": lambda: metadata(b"/Filter[/Crypt]/DecodeParms[<</Name/Identity>>]"),
    "a crypt filter, told elsewhere": lambda: metadata(b"/Filter 6 0 R"),
    "a crypt filter, its name told elsewhere": lambda: metadata(b"/Filter[6 0 R]"),
    "a dictionary that does not end": lambda: hello(b"<</A(b)"),
    "a string that does not end": lambda: hello(b"(a (b)"),
    "a string with a letter among its digits": lambda: hello(b"<4g>"),
    "a key twice": lambda: hello(b"<</Length 3/Length 3>>stream\nabc\nendstream"),
    "one page twice": lambda: (
        hello().replace(b"/Kids[3 0 R]", b"/Kids[3 0 R 3 0 R]").replace(b"/Count 1", b"/Count 2")
    ),
    "a generation too high": lambda: hello().replace(b"00000 n", b"65535 n"),
    "rows of another length": lambda: hello().replace(b" n \n", b" n\n"),
    "a cross-reference in a circle": lambda: updated(hello(), {4: stream(HELLO)}).replace(
        b"/Prev ", b"/Prev 9"
    ),
    "a password": lambda: saved(hello(), encryption=pikepdf.Encryption(user="a", owner="b")),
    "something after the end": lambda: hello() + b"<html>",
}
