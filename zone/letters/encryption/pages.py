"""The page tree (ISO 32000-2, 7.7.3)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from zone.letters.encryption.syntax import END, NotSpliceable, Reference, Value, W, read_value

DEEPEST: Final = 50

# Most nodes are pages, and known by their text: nothing in it is named /Kids, and something is a page.
LEAF: Final = re.compile(rb"/Type" + W + rb"*+/Page" + END)

TextOf = Callable[[Reference], bytes]


def counted_pages(catalog: Reference, text_of: TextOf) -> int:
    """How many pages there are, at least one.

    Raises `NotSpliceable` unless there are as many as the document says, each once.
    """
    root = _dictionary(text_of(catalog)).get(b"Pages")
    if not isinstance(root, Reference):
        raise NotSpliceable("there is no page tree")
    claimed = _dictionary(text_of(root)).get(b"Count")
    if type(claimed) is not int or claimed < 1:
        raise NotSpliceable("the pages are not counted")
    if _walked(root, text_of) != claimed:
        raise NotSpliceable("there are not as many pages as the document says")
    return claimed


def _walked(root: Reference, text_of: TextOf) -> int:
    pages, seen, waiting = 0, set(), [(root, 0)]
    while waiting:
        reference, depth = waiting.pop()
        if reference in seen or depth > DEEPEST:
            raise NotSpliceable("a page stands twice in the page tree, or too deep")
        seen.add(reference)
        text = text_of(reference)
        if b"/Kids" not in text and b"#" not in text and LEAF.search(text):
            pages += 1
            continue
        node = _dictionary(text)
        kids = node.get(b"Kids")
        if node.get(b"Type") == b"Page" and kids is None:
            pages += 1
        elif node.get(b"Type") == b"Pages" and isinstance(kids, list):
            waiting += [(kid, depth + 1) for kid in kids if isinstance(kid, Reference)]
        else:
            raise NotSpliceable("the page tree is malformed")
    return pages


def _dictionary(text: bytes) -> dict[bytes, Value]:
    value = read_value(text)
    if not isinstance(value, dict):
        raise NotSpliceable("a dictionary is missing")
    return value
