"""The fields of what programs send: one table for each, which both checks them and describes them in OpenAPI."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import request
from werkzeug.exceptions import UnsupportedMediaType

from zone.web.api.problems import Problem, invalid

IN_PATH = r"^[^/].*$"  # it may hold slashes, as some policy numbers do
NO_CONTROLS = r"^[^\x00-\x1f\x7f]*$"
UNREADABLE = "\ufffd"  # what Werkzeug makes of a form's bytes that are no UTF-8
DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
MOMENT = r"^(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2})$"


@dataclass(frozen=True)
class Field:
    """One text. `like` is a regular expression that Python and ECMAScript read alike; `longest` in characters."""

    about: str
    example: str
    longest: int
    required: bool = False
    among: tuple[str, ...] = ()
    like: str | None = None
    secret: bool = False

    def fault(self, text: str) -> str | None:
        """What to do about `text`, if anything."""
        if self.required and not text:
            return "This must not be empty."
        if len(text) > self.longest:
            return "This is too long. Shorten it."
        if not (re.fullmatch(NO_CONTROLS, text) and one_line(text).isprintable()):
            return "There are invisible characters here. Leave them out."
        if UNREADABLE in text:
            return "There are characters here that cannot be read. Write it in UTF-8."
        if self.among and text not in self.among:
            return f"Write one of: {', '.join(self.among)}."
        if self.like and not re.fullmatch(self.like, text):
            return f"Write it in the form of {self.example}."
        return None

    def schema(self) -> dict[str, Any]:
        """The field in JSON Schema."""
        kind = "string" if self.required else ["string", "null"]
        told: dict[str, Any] = {"type": kind, "description": self.about, "maxLength": self.longest}
        told["pattern"] = self.like or NO_CONTROLS
        if self.required:
            told["minLength"] = 1
        if self.among:
            told["enum"] = [*self.among] if self.required else [*self.among, None]
        if self.secret:
            told["writeOnly"] = True
        return told | {"examples": [self.example]}


Fields = Mapping[str, Field]


def schema(fields: Fields) -> dict[str, Any]:
    """An object of `fields` and no others, in JSON Schema."""
    return {
        "type": "object",
        "properties": {name: field.schema() for name, field in fields.items()},
        "required": [name for name, field in fields.items() if field.required],
        "additionalProperties": False,
    }


def from_json(fields: Fields) -> dict[str, str]:
    """The fields in the request's body. Raises `Problem`, `UnsupportedMediaType`."""
    if not request.is_json:
        raise UnsupportedMediaType
    try:
        body = json.loads(request.get_data(), object_pairs_hook=_object)
    except (ValueError, RecursionError) as error:
        raise Problem(400) from error
    if not isinstance(body, dict):
        raise invalid({"body": "Send one JSON object."})
    return read(fields, body)


def read(fields: Fields, values: Mapping[str, object]) -> dict[str, str]:
    """The texts in `values`, each on one line and in NFC; what is null is left out. Raises `Problem` with every fault.

    A name that is no field is not repeated: a program that went wrong may have put anything there.
    """
    texts, faults = {}, {}
    for name, field in fields.items():
        value = values.get(name)
        if value is not None and not isinstance(value, str):
            faults[name] = "Send this once, as a text."
            continue
        if value is None and not field.required:
            continue
        text = value or ""
        told = field.fault(text) or field.fault(one_line(text))
        if told:
            faults[name] = told
        texts[name] = one_line(text)
    if values.keys() - fields.keys():
        faults["body"] = f"Send no other fields than these: {', '.join(fields)}."
    if faults:
        raise invalid(faults)
    return texts


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """A JSON object; one that names a member twice could be read either way (RFC 8259, 4). Raises `ValueError`."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a member is there twice")
    return found


def one_line(text: str) -> str:
    """`text` as the zone keeps it."""
    return " ".join(unicodedata.normalize("NFC", text).split())
