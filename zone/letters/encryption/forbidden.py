"""What must not go out in a letter: scripts, actions that reach beyond the letter, and signatures.

Each object in force is looked at, in an object stream or not, whether anything leads to it or not: so it does not
matter by which way a reader would come to a script (a name tree, /OpenAction, /AA of a page or a field, an
annotation, an outline, /Next of another action), nor whether it is inherited. A letter in which none of the telling
names stands, however they are written, is let through at once; one where they stand is read object by object.

Attached files are not opened. A link is no more than that, if it leads to the web, a mail or a call, and a reader
follows it only when asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from zone.letters.encryption.document import Document
from zone.letters.encryption.syntax import END, Name, NotSpliceable, Reference, Value

SIGNATURE: Final = "Signature"
LINK: Final = "URI"
EXTERNAL_PAGE: Final = "Ref"
XFA: Final = "XFA"

# By /S of an action (ISO 32000-2, table 201), and by /Subtype of an annotation (table 171).
ACTIONS: Final = frozenset(
    b"JavaScript Launch SubmitForm ImportData GoToR GoToE Rendition Movie Sound RichMediaExecute".split()
)
ANNOTATIONS: Final = frozenset({b"RichMedia", b"3D", b"Movie", b"Sound"})
# By /Type of a signature (table 255).
SIGNATURES: Final = frozenset({b"Sig", b"DocTimeStamp"})
KIND_IN: Final = (b"S", b"Subtype", b"Type")
# What a reader does unasked: when it opens the document, and on other events (12.6.3).
UNASKED: Final = (b"OpenAction", b"AA")
MOST_ACTIONS: Final = 1000

# Readers overlook blanks, control characters and marks of byte order, and take what has no scheme as relative.
OVERLOOKED: Final = bytes(range(0x21)) + b"\x7f\xbb\xbf\xef\xfe\xff"
SCHEME: Final = re.compile(rb"([^:/?#]*):")
SCHEMES: Final = frozenset({b"http", b"https", b"mailto", b"tel"})

TELLING: Final = re.compile(
    rb"/(?:"
    + b"|".join(sorted(ACTIONS | ANNOTATIONS | SIGNATURES))
    + b"|JS|XFA|ByteRange|SubFilter|URI|Thread|Ref|NeedsRendering"
    + rb")"
    + END
)
ESCAPED: Final = re.compile(rb"#([0-9A-Fa-f]{2})")
LONGEST_WAY: Final = 10


def forbidden(document: Document) -> frozenset[str]:
    """The kinds of what is forbidden in a document. Raises `NotSpliceable` where a telling name is unclear."""
    if not any(map(_tells, document.texts())):
        return frozenset()
    found: set[str] = set()
    values = dict(document.values())

    def known(value: Value) -> Value:
        for _ in range(LONGEST_WAY):
            if not isinstance(value, Reference):
                return value
            value = values.get(value.number)
        raise NotSpliceable("references run in a circle")

    waiting = list(values.values())
    while waiting:
        thing = waiting.pop()
        if isinstance(thing, list):
            waiting += thing
        elif isinstance(thing, dict):
            waiting += thing.values()
            told = {key: _resolved(document, thing.get(key)) for key in KIND_IN}
            found |= kinds_of(thing | told | {b"URI": known(thing.get(b"URI"))})
            if unasked_links(thing, known):
                found.add(LINK)
    catalog = _catalog(document)
    form = _resolved(document, catalog.get(b"AcroForm"))
    rendered = _resolved(document, catalog.get(b"NeedsRendering"))
    if rendered is True or (isinstance(form, dict) and b"XFA" in form):
        found.add(XFA)
    return frozenset(found)


def kinds_of(entries: Mapping[bytes, Value]) -> set[str]:
    """What a dictionary is of the forbidden kinds."""
    action, annotation, kind = (entries.get(key) for key in KIND_IN)
    found = set()
    if isinstance(action, Name) and action in ACTIONS:
        found.add(action.decode())
    if b"JS" in entries and (isinstance(action, Name) or type(entries[b"JS"]) is bytes):
        found.add("JavaScript")
    if action == b"Thread" and entries.get(b"F") is not None:
        found.add("Thread")
    if action == b"URI" and not _leads_where_links_may(entries.get(b"URI")):
        found.add(LINK)
    if annotation == b"Form" and entries.get(b"Ref") is not None:
        found.add(EXTERNAL_PAGE)
    if isinstance(annotation, Name) and annotation in ANNOTATIONS:
        found.add(annotation.decode())
    if b"ByteRange" in entries or (
        b"Contents" in entries and (kind in SIGNATURES or b"SubFilter" in entries)
    ):
        found.add(SIGNATURE)
    return found


def unasked_links(entries: Mapping[bytes, Any], resolved: Callable[[Any], Any]) -> list[bytes]:
    """Which entries of a dictionary make a reader follow a link unasked, through /Next of other actions as well.

    `resolved` takes a value to what it refers to, a dictionary with its keys in bytes. Raises `NotSpliceable`.
    """
    return [key for key in UNASKED if key in entries and _comes_to_link(key, entries[key], resolved)]


def _comes_to_link(key: bytes, value: Any, resolved: Callable[[Any], Any]) -> bool:
    events = resolved(value)
    waiting = list(events.values()) if key == b"AA" and isinstance(events, dict) else [events]
    for _ in range(MOST_ACTIONS):
        if not waiting:
            return False
        action = resolved(waiting.pop())
        if isinstance(action, list):
            waiting += action
        elif isinstance(action, dict):
            if resolved(action.get(b"S")) == b"URI":
                return True
            waiting.append(action.get(b"Next"))
    raise NotSpliceable("actions run in a circle")


def _leads_where_links_may(address: Value) -> bool:
    if not isinstance(address, bytes):
        return address is None
    address = address.translate(None, OVERLOOKED)
    scheme = SCHEME.match(address)
    if scheme is not None:
        return scheme[1].lower() in SCHEMES
    return not address.replace(b"\\", b"/").startswith(b"//")


def _tells(text: bytes) -> bool:
    if b"#" in text:
        text = ESCAPED.sub(lambda found: bytes.fromhex(found[1].decode()), text)
    return TELLING.search(text) is not None


def _catalog(document: Document) -> dict[bytes, Value]:
    catalog = document.value(document.root)
    return catalog if isinstance(catalog, dict) else {}


def _resolved(document: Document, value: Value) -> Value:
    for _ in range(LONGEST_WAY):
        if not isinstance(value, Reference):
            return value
        value = document.value(value) if document.holds(value.number) else None
    raise NotSpliceable("references run in a circle")
