"""PDFs made to break, hang or fill what reads them, and honest ones that cannot be encrypted."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from io import BytesIO

import pikepdf

from tests.letters.samples import letter_pdf
from zone.letters.encryption import Problem

CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
PAGES = b"<</Type/Pages/Count 1/Kids[3 0 R]>>"
PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R>>"


def raw_pdf(*objects: bytes, trailer: bytes = b"", size: int | None = None) -> bytes:
    """A PDF of the given objects, numbered from 1 (the catalog), with a right cross-reference table."""
    body, offsets = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    count = len(objects) + 1
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    dictionary = b"<</Root 1 0 R/Size %d%s>>" % (size or count, trailer)
    xref = b"xref\n0 %d\n0000000000 65535 f \n%s" % (count, table)
    return body + xref + b"trailer\n%s\nstartxref\n%d\n%%%%EOF\n" % (dictionary, len(body))


def stream(content: bytes, dictionary: bytes = b"") -> bytes:
    return b"<</Length %d%s>>stream\n%s\nendstream" % (len(content), dictionary, content)


def page_with(contents: bytes, *more: bytes) -> bytes:
    return raw_pdf(CATALOG, PAGES, PAGE, contents, *more)


def bomb() -> bytes:
    """4 GiB of zeros in 4 MiB: one flushed deflate block, repeated."""
    deflate = zlib.compressobj(9)
    start = deflate.compress(bytes(1 << 20)) + deflate.flush(zlib.Z_FULL_FLUSH)
    block = deflate.compress(bytes(1 << 20)) + deflate.flush(zlib.Z_FULL_FLUSH)
    return start + block * 4095


def bomb_in_object_stream() -> bytes:
    """The catalog lies in an object stream that unpacks to 4 GiB, as its cross-reference stream says."""
    body = b"%PDF-1.7\n"
    packed_at = len(body)
    body += b"1 0 obj\n" + stream(bomb(), b"/Type/ObjStm/N 1/First 4/Filter/FlateDecode") + b"\nendobj\n"
    rows = [(0, 0, 65535), (1, packed_at, 0), (2, 1, 0), (1, len(body), 0)]
    table = b"".join(kind.to_bytes(1) + place.to_bytes(4) + third.to_bytes(2) for kind, place, third in rows)
    xref = stream(table, b"/Type/XRef/Size 4/W[1 4 2]/Root 2 0 R")
    return body + b"3 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (xref, len(body))


def xref_stream(dictionary: bytes, content: bytes) -> bytes:
    xref = stream(content, b"/Type/XRef/Root 1 0 R" + dictionary)
    return b"%%PDF-1.7\n1 0 obj\n%s\nendobj\nstartxref\n9\n%%%%EOF\n" % xref


def page_tree(depth: int, kids_each: int) -> bytes:
    """A page tree of one node per level, each named `kids_each` times by the one above."""
    levels = [
        b"<</Type/Pages/Count 1/Kids[%s]>>" % (b"%d 0 R " % (number + 1) * kids_each)
        for number in range(2, depth + 2)
    ]
    return raw_pdf(CATALOG, *levels, b"<</Type/Page/MediaBox[0 0 600 800]>>")


def locked(user: str, owner: str) -> bytes:
    result = BytesIO()
    with pikepdf.open(BytesIO(letter_pdf())) as letter:
        letter.save(result, encryption=pikepdf.Encryption(user=user, owner=owner))
    return result.getvalue()


def prev_loop() -> bytes:
    """The previous cross-reference table is this one."""
    guess = raw_pdf(CATALOG, PAGES, PAGE, stream(b""), trailer=b"/Prev 0000000000")
    at = guess.rindex(b"xref\n0")
    return guess.replace(b"/Prev 0000000000", b"/Prev %010d" % at)


def under_certificate() -> bytes:
    return raw_pdf(CATALOG, PAGES, PAGE, stream(b""), trailer=b"/Encrypt<</Filter/Adobe.PubSec/V 4>>")


def signed() -> bytes:
    return page_with(stream(b""), b"<</Type/Sig/ByteRange [0 10 20 30]/Contents<00>>>")


def big() -> bytes:
    return page_with(stream(bytes(19_000_000)))


def slow() -> bytes:
    """Is nothing for the splice, and takes pypdf about ten seconds: a string of 7 MiB, digit by digit."""
    string = b"<" + b"4" * 15_000_000 + b">"
    return raw_pdf(CATALOG, PAGES, PAGE, stream(b""), string, trailer=b"/Info<</Title 5 0 R>>")


REFUSED: dict[str, tuple[Problem, Callable[[], bytes]]] = {
    "nothing": (Problem.NOT_A_PDF, lambda: b""),
    "a picture": (Problem.NOT_A_PDF, lambda: b"\x89PNG\r\n\x1a\n" + bytes(1000)),
    "only a first line": (Problem.DAMAGED, lambda: b"%PDF-1.7\n"),
    "noise": (Problem.DAMAGED, lambda: b"%PDF-1.7\n" + zlib.compress(letter_pdf())),
    "half a letter": (Problem.DAMAGED, lambda: letter_pdf(3)[:5000]),
    "a letter without its last line": (Problem.DAMAGED, lambda: letter_pdf()[:-20]),
    "with a password": (Problem.ALREADY_ENCRYPTED, lambda: locked(user="heslo", owner="pan")),
    "with restrictions": (Problem.ALREADY_ENCRYPTED, lambda: locked(user="", owner="pan")),
    "under a certificate": (Problem.ALREADY_ENCRYPTED, under_certificate),
    "signed": (Problem.SIGNED, signed),
    "no pages": (Problem.NO_PAGES, lambda: raw_pdf(CATALOG, b"<</Type/Pages/Count 0/Kids[]>>")),
    "too many pages": (Problem.TOO_MANY_PAGES, lambda: page_tree(1, 1001)),
    "too large": (Problem.TOO_LARGE, lambda: b"%PDF-1.7\n" + bytes(20 * 1024 * 1024)),
}

HOSTILE: dict[str, Callable[[], bytes]] = {
    "bomb in a page": lambda: page_with(stream(bomb(), b"/Filter/FlateDecode")),
    "bomb in an object stream": bomb_in_object_stream,
    "bomb as cross-reference": lambda: xref_stream(b"/Size 9/W[1 4 2]/Filter/FlateDecode", bomb()),
    "endless cross-reference of nothing": lambda: xref_stream(b"/Size 9/W[0 0 0]/Index[0 2000000000]", b"x"),
    "endless cross-reference table": lambda: page_with(stream(b"")).replace(b"0 5\n", b"0 999999999\n"),
    "previous cross-reference is this one": prev_loop,
    "two billion objects": lambda: raw_pdf(CATALOG, PAGES, PAGE, stream(b""), size=2**31 - 1),
    "page tree of 5000 levels": lambda: page_tree(5000, 1),
    "page tree of 2^40 pages": lambda: page_tree(40, 2),
    "page tree of 150,000 kids": lambda: page_tree(1, 150_000),
    "its own kid": lambda: raw_pdf(CATALOG, b"<</Type/Pages/Count 1/Kids[2 0 R]/Parent 2 0 R>>"),
    "arrays nested 100,000 deep": lambda: page_with(b"[" * 100_000),
    "dictionaries nested 100,000 deep": lambda: page_with(b"<</A" * 100_000),
    "a million open strings": lambda: page_with(b"(" * 1_000_000),
    "array of 200,000": lambda: page_with(b"[" + b"1 " * 200_000 + b"]"),
    "length beyond the file": lambda: page_with(b"<</Length 99999999999>>stream\nq\nendstream"),
    "negative length": lambda: page_with(b"<</Length -5>>stream\nq\nendstream"),
    "length is the stream itself": lambda: page_with(b"<</Length 4 0 R>>stream\nq\nendstream"),
    "references in a circle": lambda: page_with(b"5 0 R", b"4 0 R"),
    "references, 20,000 in a row": lambda: page_with(
        stream(b"", b"/N 5 0 R"), *(b"<</N %d 0 R>>" % number for number in range(6, 20_006)), b"null"
    ),
    "15 MB of blanks": lambda: page_with(stream(b"")) + b" " * 15_000_000,
    "7 MB of comments": lambda: page_with(b"%\n" * 3_500_000 + b"null"),
}
