"""Letters in, and what became of them."""

from __future__ import annotations

from io import BytesIO
from typing import cast

from flask import Response, request, url_for
from werkzeug.exceptions import UnsupportedMediaType

from zone.accounts.api_keys import Scope
from zone.clients.people import UnknownClient
from zone.config import LetterKind
from zone.letters import details, statuses
from zone.letters.details import BadDetails, LetterDetails
from zone.letters.encryption import Problem as Unfit
from zone.letters.intake import NoSuchPolicy, Rejected, receive
from zone.letters.models import Copy, Letter
from zone.letters.statuses import Standing
from zone.web.access import program
from zone.web.api.answers import moment, put
from zone.web.api.bearer import actor
from zone.web.api.blueprint import api
from zone.web.api.fields import DAY, Field, read
from zone.web.api.problems import Kind, Problem, blaming, invalid
from zone.web.here import parts, words

MULTIPART = "multipart/form-data"
FILE = "file"
MOST = 100
REFERENCE = {
    "reference": Field("The zone's own reference of the letter.", "k3J9xQ0nT2uVb7LmRw5sZg", 32, required=True)
}
LETTER = {
    "client": Field("The reference of the client whose letter it is.", "K-1001", 64, required=True),
    "subject": Field(
        "What the client reads in the zone; no e-mail shows it.", "Výročná správa", 200, required=True
    ),
    "kind": Field(
        "How long it is kept hangs on it; without it, other.", "statement", 16, among=tuple(LetterKind)
    ),
    "date": Field("The day on the letter; without it, today.", "2026-05-31", 10, like=DAY),
    "policy": Field("The number of one of the client's policies.", "PZ-2001", 32),
    "external_id": Field(
        "The sender's own name for the letter; a repeat under it is harmless.", "2026-05/0001", 64
    ),
}
HEADERS = {
    "Idempotency-Key": Field(
        "A name for this request, drawn anew for each letter.",
        "0b6c1c2e-7f2f-4a4c-9a55",
        255,
        like=r"^[^\x00-\x1f\x7f]+$",
    )
}
QUERY = {
    "after": Field("`next` of the page before.", "1042", 18, like=r"^[0-9]{1,18}$"),
    "limit": Field(f"How many letters; at most {MOST}.", "50", 3, like=r"^([1-9]|[1-9][0-9]|100)$"),
    "external_id": Field("Only the letter of this name.", "2026-05/0001", 64),
}


@api.post("/letters")
@program(Scope.LETTERS_WRITE)
def receive_letter() -> Response:
    """Take a letter in and have it sent. Whoever repeats a request gets the first answer again."""
    said, source = _said(), _file()
    headers = read(HEADERS, {name: request.headers[name] for name in HEADERS if name in request.headers})
    name = headers.get("Idempotency-Key")
    try:
        with blaming(client=UnknownClient, policy=NoSuchPolicy):
            letter = receive(parts().intake, actor(), said, source, idempotency_key=name).letter
    except Rejected as rejected:
        raise _rejection(rejected) from rejected
    response = put(_receipt(letter), created=True)
    response.headers["Location"] = _address(letter)
    return response


@api.get("/letters/<reference>")
@program(Scope.LETTERS_READ)
def letter(reference: str) -> dict[str, object]:
    """What became of a letter."""
    return _standing(statuses.one(read(REFERENCE, {"reference": reference})["reference"]))


@api.get("/letters")
@program(Scope.LETTERS_READ)
def letters() -> dict[str, object]:
    """What became of letters, in the order in which they came in."""
    query = read(QUERY, _once(request.args.to_dict(flat=False)))
    page = statuses.page(
        after=int(query.get("after", 0)),
        limit=int(query.get("limit", 50)),
        external_id=query.get("external_id"),
    )
    return {
        "letters": [_standing(standing) for standing in page.standings],
        "next": str(page.after) if page.after else None,
    }


def _said() -> LetterDetails:
    """What the form says of the letter. Raises `Problem`, `UnsupportedMediaType`."""
    if request.mimetype != MULTIPART:
        raise UnsupportedMediaType
    try:
        return details.read(read(LETTER, _once(request.form.to_dict(flat=False))))
    except BadDetails as error:
        raise invalid(error.problems) from error


def _file() -> bytes:
    """The one file of the form. Raises `Problem`."""
    files = list(request.files.items(multi=True))
    if [name for name, _ in files] != [FILE]:
        raise invalid({FILE: "Send the PDF as a file in the part called file, and no other file."})
    # Without a copy, unlike `read`; see `InMemory`.
    return cast(BytesIO, files[0][1].stream).getvalue()


def _once(values: dict[str, list[str]]) -> dict[str, object]:
    """Each value that was given once; one given more often is no text, and `read` says so."""
    return {name: given[0] if len(given) == 1 else given for name, given in values.items()}


def _rejection(rejected: Rejected) -> Problem:
    return Problem(
        422,
        words().gettext(rejected.problem.value),
        kind=Kind.LETTER_REJECTED,
        reason=rejected.problem.name.lower(),
        letter=rejected.letter.reference,
    )


def _receipt(letter: Letter) -> dict[str, object]:
    """What never changes any more, so that a repeat is answered alike."""
    return {
        "reference": letter.reference,
        "external_id": letter.external_id,
        "pages": letter.pages,
        "removed": letter.removed.split(", ") if letter.removed else [],
        "links": {"self": _address(letter)},
    }


def _standing(standing: Standing) -> dict[str, object]:
    letter = standing.letter
    return _receipt(letter) | {
        "client": letter.client.reference,
        "policy": letter.policy.number if letter.policy else None,
        "kind": letter.kind,
        "date": letter.dated.isoformat(),
        "received": moment(letter.received_at),
        "kept_until": moment(letter.keep_until),
        "status": standing.status,
        "reason": letter.reason.lower() if letter.reason else None,
        "detail": words().gettext(Unfit[letter.reason].value) if letter.reason else None,
        "copies": [_copy(copy) for copy in standing.copies],
    }


def _copy(copy: Copy) -> dict[str, object]:
    message = copy.message
    return {
        "reference": copy.reference,
        "status": statuses.copy_status(copy),
        "waits_for": copy.waits_for,
        "reason": message.reason if message else None,
        "to": message.to_masked if message else None,
        "asked": moment(copy.asked_at),
        "sent": moment(message.sent_at) if message else None,
        "password_origin": copy.password.origin if copy.password else None,
        "engine": copy.engine,
    }


def _address(letter: Letter) -> str:
    return url_for("api.letter", reference=letter.reference)
