"""Takes out of a document what must not go out in a letter. What it shows stays."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DictionaryObject,
    NameObject,
    NullObject,
    PdfObject,
    TextStringObject,
)

from zone.letters.encryption.errors import CannotEncrypt, Problem
from zone.letters.encryption.forbidden import ANNOTATIONS, EXTERNAL_PAGE, XFA, kinds_of, unasked_links
from zone.letters.encryption.syntax import Name, Value
from zone.letters.encryption.with_pypdf import cloned, written

# What is left of a film or a scene: its place, and the picture that stands for it.
PICTURE: Final = frozenset({"/Type", "/Rect", "/AP", "/AS", "/F", "/P", "/NM", "/Contents", "/StructParent"})

# Of the catalog and of the form: what names scripts, validates signatures, or is a form of another kind.
OF_CATALOG: Final = ("/Perms", "/DSS")
OF_NAMES: Final = ("/JavaScript",)
OF_FORM: Final = ("/XFA", "/SigFlags")


def stripped(source: bytes, deleted: set[int] | None) -> bytes:
    """The document without scripts, actions that reach beyond it, and signatures, written plain by pypdf.

    Raises `CannotEncrypt`, or whatever pypdf raises on a document that it cannot read.
    """
    writer, _ = cloned(source, deleted)
    catalog = writer.root_object
    if catalog.get("/NeedsRendering"):
        raise CannotEncrypt(Problem.ACTIVE_CONTENT, f"{XFA}, which makes the pages")
    for holder, keys in (
        (catalog, OF_CATALOG),
        (catalog.get("/Names"), OF_NAMES),
        (catalog.get("/AcroForm"), OF_FORM),
    ):
        _without(holder, keys)
    _empty(writer)
    writer.compress_identical_objects(remove_duplicates=False, remove_unreferenced=True)
    return written(writer)


def plain(source: bytes, deleted: set[int] | None) -> bytes:
    """The document as pypdf writes it, with everything in it. Raises as `stripped` does."""
    return written(cloned(source, deleted)[0])


def _without(holder: PdfObject | None, keys: tuple[str, ...]) -> None:
    thing = holder.get_object() if holder is not None else None
    if isinstance(thing, DictionaryObject):
        for key in keys:
            thing.pop(key, None)


def _empty(writer: PdfWriter) -> None:
    """Leave nothing of what is forbidden, and nothing that leads there."""
    emptied = set()
    for thing in _dictionaries(writer):
        _without(thing, tuple("/" + key.decode() for key in unasked_links(_keyed(thing), _resolved)))
        kinds = kinds_of(_entries(thing)) - {EXTERNAL_PAGE}
        if thing.get("/Subtype") == "/Form":
            thing.pop("/Ref", None)  # what it shows instead stays
        if not kinds:
            continue
        if thing.get("/Subtype", "")[1:].encode() in ANNOTATIONS:
            _make_picture(thing)
        else:
            thing.clear()
            emptied.add(id(thing))
    fields = {id(thing) for thing in _dictionaries(writer) if _leads_to(thing.get("/V"), emptied)}
    for thing in list(_dictionaries(writer)):
        _forget_fields(thing, fields)
        _without(thing, tuple(key for key, value in thing.items() if _leads_to(value, emptied)))
    for array in _containers(writer):
        if isinstance(array, ArrayObject):
            array[:] = [value for value in array if not _leads_to(value, emptied)]


def _forget_fields(thing: DictionaryObject, fields: set[int]) -> None:
    """A field that was signed is a picture from now on: readers would invite to sign it anew."""
    if id(thing) in fields:
        for widget in [thing, *thing.get("/Kids", ())]:
            _make_picture(widget.get_object())
    for key in ("/Fields", "/Kids"):
        members = thing.get(key)
        if isinstance(members, ArrayObject):
            members[:] = [member for member in members if not _leads_to(member, fields)]


def _make_picture(annotation: PdfObject | None) -> None:
    if isinstance(annotation, DictionaryObject):
        _without(annotation, tuple(annotation.keys() - PICTURE))
        annotation[NameObject("/Subtype")] = NameObject("/Stamp")


def _leads_to(value: PdfObject | None, things: set[int]) -> bool:
    return value is not None and id(value.get_object()) in things


def _containers(writer: PdfWriter) -> Iterator[PdfObject]:
    """Every dictionary and every array, however deep it stands in another."""
    waiting: list[PdfObject] = [thing for thing in writer._objects if thing is not None]
    while waiting:
        thing = waiting.pop()
        if isinstance(thing, DictionaryObject):
            waiting += thing.values()
            yield thing
        elif isinstance(thing, ArrayObject):
            waiting += thing
            yield thing


def _dictionaries(writer: PdfWriter) -> Iterator[DictionaryObject]:
    return (thing for thing in _containers(writer) if isinstance(thing, DictionaryObject))


def _entries(thing: DictionaryObject) -> dict[bytes, Value]:
    """As `forbidden` wants to see them."""
    return {key[1:].encode(): _value(value.get_object()) for key, value in thing.items()}


def _keyed(thing: DictionaryObject) -> dict[bytes, PdfObject]:
    return {key[1:].encode(): value for key, value in thing.items()}


def _resolved(value: Any) -> Any:
    """As `unasked_links` wants to see it."""
    thing = value.get_object() if isinstance(value, PdfObject) else value
    if isinstance(thing, DictionaryObject):
        return _keyed(thing)
    return Name(thing[1:].encode()) if isinstance(thing, NameObject) else thing


def _value(value: PdfObject | None) -> Value:
    if isinstance(value, NameObject):
        return Name(value[1:].encode())
    if isinstance(value, TextStringObject | ByteStringObject):
        return value.original_bytes
    return None if isinstance(value, NullObject) else 0
