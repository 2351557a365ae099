"""Letters with scripts, actions and signatures, in every place where a reader would look for them."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name, ObjectStreamMode, String

from tests.letters.encryption.hostile import CATALOG, PAGES, raw_pdf, stream
from tests.letters.encryption.structures import HELLO, HELLO_PAGE, hello, saved, updated
from tests.letters.samples import letter_pdf

SCRIPT = b"<</S/JavaScript/JS(app.alert\\(1\\))>>"


def catalog(entries: bytes, *more: bytes) -> bytes:
    """A page of one line, with further entries in the catalog, and further objects, from number 5."""
    return raw_pdf(CATALOG.replace(b">>", entries + b">>"), PAGES, HELLO_PAGE, stream(HELLO), *more)


def page(entries: bytes, *more: bytes) -> bytes:
    """The same, with further entries in the page."""
    return raw_pdf(
        CATALOG, PAGES, HELLO_PAGE.replace(b"/Contents", entries + b"/Contents"), stream(HELLO), *more
    )


def link(action: bytes, *more: bytes) -> bytes:
    return page(b"/Annots[<</Type/Annot/Subtype/Link/Rect[50 690 90 720]/A %s>>]" % action, *more)


def annotation(kind: bytes) -> bytes:
    picture = stream(b"0 0 1 rg 0 0 99 99 re f", b"/Type/XObject/Subtype/Form/BBox[0 0 99 99]")
    note = b"<</Type/Annot/Subtype/%s/Rect[10 10 109 109]/F 4/AP<</N 5 0 R>>/%sContent<<>>>>" % (kind, kind)
    return page(b"/Annots[%s]" % note, picture)


def packed(source: bytes) -> bytes:
    return saved(source, object_stream_mode=ObjectStreamMode.generate)


def signed(*, certified: bool = False) -> bytes:
    """A signature with an appearance, a time stamp beside it, and what a validator wants."""
    with pikepdf.open(BytesIO(letter_pdf())) as letter:
        drawn = letter.make_stream(b"0.8 g 0 0 200 50 re f", Type=Name.XObject, Subtype=Name.Form)
        drawn.BBox = Array([0, 0, 200, 50])
        signatures = [
            letter.make_indirect(
                Dictionary(
                    Type=kind,
                    Filter=Name("/Adobe.PPKLite"),
                    SubFilter=Name("/adbe.pkcs7.detached"),
                    ByteRange=Array([0, 100, 300, 400]),
                    Contents=String(b"0\x82" + bytes(100)),
                    Reason=String("podpis poistovne"),
                )
            )
            for kind in (Name.Sig, Name.DocTimeStamp)
        ]
        fields = [
            letter.make_indirect(
                Dictionary(
                    Type=Name.Annot,
                    Subtype=Name.Widget,
                    FT=Name.Sig,
                    T=String(f"podpis {number}"),
                    V=signature,
                    Rect=Array([50, 50, 250, 100]),
                    F=4,
                    AP=Dictionary(N=drawn),
                )
            )
            for number, signature in enumerate(signatures)
        ]
        letter.pages[0].obj.Annots = Array(fields)
        letter.Root.AcroForm = Dictionary(Fields=Array(fields), SigFlags=3)
        letter.Root.DSS = Dictionary(Certs=Array([letter.make_stream(b"certificate of the insurer")]))
        if certified:
            letter.Root.Perms = Dictionary(DocMDP=signatures[0])
        result = BytesIO()
        letter.save(result)
    return result.getvalue()


# What stands where, and what it is called.
ACTIVE: dict[str, tuple[str, Callable[[], bytes]]] = {
    "a name tree": (
        "JavaScript",
        lambda: catalog(b"/Names<</JavaScript<</Kids[5 0 R]>>>>", b"<</Names[(a)6 0 R]>>", SCRIPT),
    ),
    "on opening": ("JavaScript", lambda: catalog(b"/OpenAction " + SCRIPT)),
    "on closing": ("JavaScript", lambda: catalog(b"/AA<</WC 5 0 R>>", SCRIPT)),
    "on a page": ("JavaScript", lambda: page(b"/AA<</O %s>>" % SCRIPT)),
    "a link": ("JavaScript", lambda: link(SCRIPT)),
    "an outline": (
        "JavaScript",
        lambda: catalog(
            b"/Outlines 5 0 R",
            b"<</First 6 0 R/Last 6 0 R/Count 1>>",
            b"<</Title(x)/Parent 5 0 R/A%s>>" % SCRIPT,
        ),
    ),
    "after another action": (
        "JavaScript",
        lambda: link(
            b"<</S/URI/URI(https://example.org)/Next[<</S/Named/N/NextPage>><</S/GoTo/D[3 0 R/Fit]/Next 5 0 R>>]>>",
            SCRIPT,
        ),
    ),
    "inherited by a field": (
        "JavaScript",
        lambda: catalog(
            b"/AcroForm<</Fields[5 0 R]>>",
            b"<</FT/Tx/T(a)/AA<</K 7 0 R>>/Kids[6 0 R]>>",
            b"<</Parent 5 0 R/T(b)>>",
            SCRIPT,
        ),
    ),
    "the script a stream": (
        "JavaScript",
        lambda: link(b"<</S/JavaScript/JS 5 0 R>>", stream(b"app.alert(1)")),
    ),
    "the kind told elsewhere": ("JavaScript", lambda: link(b"<</S 5 0 R/JS(x)>>", b"/JavaScript")),
    "its name disguised": ("JavaScript", lambda: link(b"<</S/J#61v#61Script/#4a#53(x)>>")),
    "without a kind": ("JavaScript", lambda: link(b"<</JS(x)>>")),
    "in an object stream": ("JavaScript", lambda: packed(link(SCRIPT))),
    "in an update": (
        "JavaScript",
        lambda: updated(hello(), {1: CATALOG.replace(b">>", b"/OpenAction%s>>" % SCRIPT)}),
    ),
    "a rendition": ("JavaScript, Rendition", lambda: link(b"<</S/Rendition/OP 0/JS(x)>>")),
    "for pypdf": (
        "JavaScript",
        lambda: raw_pdf(
            CATALOG.replace(b">>", b"/OpenAction%s>>" % SCRIPT),
            PAGES,
            HELLO_PAGE,
            stream(HELLO),
            trailer=b"/Info<<>>",
        ),
    ),
    "a program": ("Launch", lambda: link(b"<</S/Launch/F(cmd.exe)>>")),
    "a form is sent": ("SubmitForm", lambda: link(b"<</S/SubmitForm/F(https://example.org)>>")),
    "data are fetched": ("ImportData", lambda: link(b"<</S/ImportData/F(a.fdf)>>")),
    "another file": ("GoToR", lambda: link(b"<</S/GoToR/F(//server/a.pdf)/D[0/Fit]>>")),
    "an attached file": ("GoToE", lambda: link(b"<</S/GoToE/T<</R/C/N(a.pdf)>>>>")),
    "rich media": ("RichMedia", lambda: annotation(b"RichMedia")),
    "a scene": ("3D", lambda: annotation(b"3D")),
    "a film": ("Movie", lambda: annotation(b"Movie")),
    "a page of another file": (
        "Ref",
        lambda: page(
            b"/XObject<</X 5 0 R>>",
            stream(b"", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Ref<</F(//server/a.pdf)/Page 0>>"),
        ),
    ),
    "an article of another file": ("Thread", lambda: link(b"<</S/Thread/F(//server/a.pdf)/D 0>>")),
    "a link on opening": ("URI", lambda: catalog(b"/OpenAction<</S/URI/URI(https://example.org)>>")),
    "a link on closing, after another action": (
        "URI",
        lambda: catalog(
            b"/AA<</WC 5 0 R>>",
            b"<</S/GoTo/D[3 0 R/Fit]/Next[6 0 R]>>",
            b"<</S/URI/URI(https://example.org)>>",
        ),
    ),
    "a link to a script": ("URI", lambda: link(b"<</S/URI/URI(java\\nscript:alert\\(1\\))>>")),
    "a link to a file": ("URI", lambda: link(b"<</S/URI/URI 5 0 R>>", b"(FILE://server/a)")),
    "a link to a share": ("URI", lambda: link(rb"<</S/URI/URI(\\\\server\\a)>>")),
    "an XFA form": ("XFA", lambda: catalog(b"/AcroForm<</Fields[]/XFA 5 0 R>>", stream(b"<xdp/>"))),
}

INNOCENT: dict[str, Callable[[], bytes]] = {
    "a font called JS": lambda: raw_pdf(
        CATALOG, PAGES, HELLO_PAGE.replace(b"/F<<", b"/JS<<"), stream(HELLO.replace(b"/F", b"/JS"))
    ),
    "a picture called XFA": lambda: page(
        b"/XObject<</XFA 5 0 R/JS 5 0 R>>", stream(b"", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]")
    ),
    "words": lambda: hello(b"<</Title(/S /JavaScript /JS)>>", b"(/ByteRange[)", trailer=b"/Info 5 0 R"),
    "words, in an object stream": lambda: packed(
        hello(b"<</Title(/S /JavaScript)>>", trailer=b"/Info 5 0 R")
    ),
    "longer names": lambda: link(b"<</S/URI/URI(https://example.org)/JavaScripts 1/SigQ 2>>"),
    "links": lambda: link(
        b"<</S/URI/URI(HTTPS://example.org)/Next[<</S/URI/URI(mailto:a@b.sk)>><</S/URI/URI(tel:+421)>>"
        b"<</S/URI/URI(www.example.org/a:b)>><</S/URI/URI(#p)>>]>>"
    ),
    "names like events": lambda: page(
        b"/AA<<>>/XObject<</AA 5 0 R/URI 5 0 R/Ref 5 0 R>>",
        stream(b"", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]"),
        b"<</S/URI/URI(https://example.org)>>",
    ),
    "a field to sign": lambda: catalog(
        b"/AcroForm<</Fields[5 0 R]>>",
        b"<</FT/Sig/T(podpis)/SV<</Type/SV/SubFilter[/adbe.pkcs7.detached]>>>>",
    ),
    "a script that was deleted": lambda: updated(
        catalog(b"/OpenAction 5 0 R", SCRIPT), {1: CATALOG, 5: None}
    ),
}
