"""Random documents and passwords: any objects that PDF knows, in any way of writing them that qpdf knows."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pikepdf
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, String

from zone.letter_passwords.letter_key import PASSWORD_BYTES
from zone.letter_passwords.saslprep import is_prepared

NAMES = st.text(
    st.characters(codec="utf-8", exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=12
).map(lambda text: "/" + text)
SCALARS = (
    st.integers(-(2**31), 2**31 - 1)
    | st.booleans()
    | st.decimals(-1000, 1000, places=3)
    | st.binary(max_size=40).map(String)
    | st.text(max_size=20).map(String)
    | NAMES.map(Name)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4).map(Array) | st.dictionaries(NAMES, inner, max_size=4).map(Dictionary)
    ),
    max_leaves=12,
)
# What zone.letter_passwords accepts, and more: all that is the same with SASLprep and without.
PASSWORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Cn", "Co"]), min_size=1, max_size=40
).filter(lambda text: is_prepared(text) and len(text.encode()) <= PASSWORD_BYTES)
STREAMS = st.binary(max_size=200) | st.sampled_from(
    [b"endstream", b"endobj", b"\nendstream\nendobj\n", b"\r\n", b"(", b"<<", b"1 0 obj", b"%%EOF"]
)
MODES = st.sampled_from(list(pikepdf.ObjectStreamMode))


@st.composite
def documents(draw: st.DrawFn) -> bytes:
    """One to three pages, and beside them a dozen objects that refer to each other."""
    with pikepdf.new() as document:
        for _ in range(draw(st.integers(1, 3))):
            document.add_blank_page(page_size=(200, 200))
        known: list[Any] = [page.obj for page in document.pages]
        for _ in range(draw(st.integers(0, 12))):
            if draw(st.booleans()):
                thing: Any = document.make_stream(draw(STREAMS), Beside=draw(VALUES))
            else:
                thing = document.make_indirect(
                    Dictionary(Value=draw(VALUES), Other=draw(st.sampled_from(known)))
                )
            known.append(thing)
        document.Root.Everything = Array(known)
        document.docinfo["/Title"] = String(draw(st.text(max_size=30)))
        result = BytesIO()
        linear, pressed = draw(st.booleans()), draw(st.booleans())
        document.save(result, object_stream_mode=draw(MODES), linearize=linear, compress_streams=pressed)
    return result.getvalue()
