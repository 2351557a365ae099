"""What a program gets when something cannot be: problem details for HTTP APIs (RFC 9457).

Whoever writes such a program reads English; these texts are not in the catalogue. None quotes what was sent.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from http import HTTPStatus

from flask import Response, request

from zone.accounts.api_keys import NoSuchKey
from zone.accounts.throttle import TooManyAttempts
from zone.clients.mandates import UnknownMandate, UnknownPolicy
from zone.clients.people import UnknownClient
from zone.clients.policies import PolicyOfAnother
from zone.clock import now
from zone.language import Refusal
from zone.letters.encryption import EncryptorAway
from zone.letters.intake import AlreadyIn
from zone.letters.statuses import UnknownLetter
from zone.letters.store import StoreAway
from zone.web.api.blueprint import PREFIX
from zone.web.here import words

CONTENT_TYPE = "application/problem+json"
CHALLENGE = {"WWW-Authenticate": 'Bearer realm="zone"'}


class Kind(StrEnum):
    """What a problem is, where its status does not say it all; `type` is this after `urn:zone:problem:`."""

    INVALID = "invalid"
    CONFLICT = "conflict"
    LETTER_REJECTED = "letter-rejected"
    MISSING_SCOPE = "missing-scope"
    UNKNOWN_KEY = "unknown-key"


TITLES = {
    Kind.INVALID: "What was sent cannot be taken",
    Kind.CONFLICT: "This does not go with what is there",
    Kind.LETTER_REJECTED: "The letter cannot be sent",
    Kind.MISSING_SCOPE: "The key does not allow this",
    Kind.UNKNOWN_KEY: "The key is not in force",
}
# What to do about a status, where nothing better is known.
ADVICE = {
    400: "The request cannot be read. Check that the body is well-formed, names nothing twice and holds no NUL.",
    401: "Send a key in the header: Authorization: Bearer zone_…",
    404: "There is nothing at this address. Compare it with /api/v1/openapi.json.",
    405: "This address does not take this method. The header Allow names those that it takes.",
    413: "The request is larger than this address takes. Nothing was changed.",
    415: "The body is of another kind than this address takes. Compare Content-Type with /api/v1/openapi.json.",
    429: "Wait for the seconds that the header Retry-After gives, then try again.",
    503: "The zone cannot answer just now. A repeat is harmless: try it after the seconds that Retry-After gives.",
}
BROKEN = "Something broke on our side. A repeat is harmless; if it goes on, tell the operator of the zone."

RETRY_SECONDS = "5"

STATUSES: dict[type[Refusal], tuple[int, Kind | None]] = {
    AlreadyIn: (409, Kind.CONFLICT),
    PolicyOfAnother: (409, Kind.CONFLICT),
    NoSuchKey: (401, Kind.UNKNOWN_KEY),
    StoreAway: (503, None),
    EncryptorAway: (503, None),
    TooManyAttempts: (429, None),
    UnknownClient: (404, None),
    UnknownLetter: (404, None),
    UnknownMandate: (404, None),
    UnknownPolicy: (404, None),
}


class Problem(Exception):
    """An answer other than the one hoped for."""

    def __init__(
        self,
        status: int,
        detail: str | None = None,
        *,
        kind: Kind | None = None,
        headers: Mapping[str, str] | None = None,
        **members: object,
    ) -> None:
        super().__init__(f"{status} {kind or ''}")
        self.status = status
        self.detail = detail or ADVICE.get(status, BROKEN)
        self.kind = kind
        self.headers = headers or {}
        self.members = members

    def response(self) -> Response:
        """The answer itself."""
        told = {
            "type": f"urn:zone:problem:{self.kind}" if self.kind else "about:blank",
            "title": TITLES[self.kind] if self.kind else HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
        }
        text = json.dumps(told | self.members)
        return Response(text, self.status, self.headers, content_type=CONTENT_TYPE)


def asked_by_program() -> bool:
    """Whether the request is to the API, also to an address there that does not exist."""
    return request.path.startswith(PREFIX)


def invalid(errors: Mapping[str, str]) -> Problem:
    """Fields that cannot be taken, and what to do about each."""
    detail = "Nothing was changed. Mend the fields that `errors` names, and send it all again."
    return Problem(422, detail, kind=Kind.INVALID, errors=dict(errors))


@contextmanager
def blaming(**fields: type[Refusal]) -> Iterator[None]:
    """A refusal inside the block is the fault of the field that is named for it. Raises `Problem`."""
    try:
        yield
    except tuple(fields.values()) as refusal:
        at_fault = {
            name: refusal.in_words(words()) for name, kind in fields.items() if isinstance(refusal, kind)
        }
        raise invalid(at_fault) from refusal


def of_refusal(refusal: Refusal) -> Problem:
    """What a capability refuses, as a problem."""
    status, kind = STATUSES.get(type(refusal), (409, Kind.CONFLICT))
    headers = {}
    if status == 401:
        headers = CHALLENGE
    if status == 503:
        headers = {"Retry-After": RETRY_SECONDS}
    if isinstance(refusal, TooManyAttempts):
        headers = {"Retry-After": str(max(1, round((refusal.until - now()).total_seconds())))}
    return Problem(status, refusal.in_words(words()), kind=kind, headers=headers)
