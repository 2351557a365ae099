"""What the API answers, in JSON Schema."""

from __future__ import annotations

from typing import Any

from zone.clients.models import ClientKind
from zone.config import LetterKind
from zone.language.language import LOCALES
from zone.letter_passwords.models import Origin
from zone.letters.dispatch import Obstacle
from zone.letters.encryption import Problem
from zone.letters.models import State
from zone.letters.statuses import WAITING
from zone.messages.handover import Reason, Status

Json = dict[str, Any]

TEXT: Json = {"type": "string"}
MOMENT: Json = {"type": "string", "format": "date-time"}
ON_ITS_WAY = (WAITING, *Status)


def _one_of(*words: str) -> Json:
    return {"type": "string", "enum": [*map(str, words)]}


def _maybe(told: Json) -> Json:
    """The same, or null."""
    nullable = told | {"type": [told["type"], "null"]}
    return nullable | ({"enum": [*told["enum"], None]} if "enum" in told else {})


def _exactly(**properties: Json) -> Json:
    return {
        "type": "object",
        "properties": properties,
        "required": [*properties],
        "additionalProperties": False,
    }


RECEIPT: Json = {
    "reference": TEXT,
    "external_id": _maybe(TEXT),
    "pages": {"type": "integer", "minimum": 0},
    "removed": {
        "type": "array",
        "items": TEXT,
        "description": "What was taken out of the PDF before it was kept.",
    },
    "links": _exactly(self=TEXT),
}
COPY = _exactly(
    reference=TEXT,
    status=_one_of(*ON_ITS_WAY),
    waits_for=_maybe(_one_of(*Obstacle)),
    reason=_maybe(_one_of(*Reason)),
    to=_maybe(TEXT | {"description": "The address, masked."}),
    asked=MOMENT,
    sent=_maybe(MOMENT),
    password_origin=_maybe(_one_of(*Origin)),
    engine=_maybe(TEXT | {"description": "What encrypted it."}),
)
LETTER = _exactly(
    **RECEIPT,
    client=TEXT,
    policy=_maybe(TEXT),
    kind=_one_of(*LetterKind),
    date={"type": "string", "format": "date"},
    received=MOMENT,
    kept_until=MOMENT,
    status=_one_of(*State, *ON_ITS_WAY),
    reason=_maybe(_one_of(*(problem.name.lower() for problem in Problem))),
    detail=_maybe(TEXT | {"description": "What to do about a rejected letter."}),
    copies={"type": "array", "items": COPY, "description": "Each sending of it, newest first."},
)
SCHEMAS: Json = {
    "client": _exactly(
        reference=TEXT,
        kind=_one_of(*ClientKind),
        name=TEXT,
        email=TEXT,
        language=_one_of(*LOCALES),
        phone=_maybe(TEXT | {"description": "The number, masked."}),
        password_origin=_one_of(*Origin),
    ),
    "policy": _exactly(number=TEXT, client=TEXT, product=TEXT),
    "mandate": _exactly(
        reference=TEXT, policy=TEXT, client=TEXT, broker=_maybe(TEXT), starts=MOMENT, ends=_maybe(MOMENT)
    ),
    "receipt": _exactly(**RECEIPT),
    "letter": LETTER,
    "letters": _exactly(
        letters={"type": "array", "items": LETTER},
        next=_maybe(TEXT | {"description": "`after` of the next page; null when this is the last."}),
    ),
}
PROBLEM: Json = {
    "type": "object",
    "properties": {
        "type": TEXT,
        "title": TEXT,
        "status": {"type": "integer"},
        "detail": TEXT,
        "errors": {"type": "object", "additionalProperties": TEXT},
        "scope": TEXT,
        "reason": TEXT,
        "letter": TEXT,
    },
    "required": ["type", "title", "status", "detail"],
    "examples": [
        {
            "type": "urn:zone:problem:invalid",
            "title": "What was sent cannot be taken",
            "status": 422,
            "detail": "Nothing was changed. Mend the fields that `errors` names, and send it all again.",
            "errors": {"email": "This is not an e-mail address. Write it as name@example.org."},
        }
    ],
    "additionalProperties": False,
}
