"""One letter of the client: what it is, how long it is kept, what was sent of it, and sending it again."""

from __future__ import annotations

from flask import Response, flash, make_response, redirect, render_template, url_for

from zone.audit import Role
from zone.language import Refusal
from zone.letter_passwords.comparison import to_be_had
from zone.letter_passwords.in_words import which
from zone.letter_passwords.overview import overview
from zone.letter_passwords.resend import last_message, resend_earlier
from zone.letters import archive
from zone.letters.archive import NoSuchLetter
from zone.letters.models import Copy
from zone.letters.send_again import send_again
from zone.messages.models import Kind
from zone.web import errors
from zone.web.access import allow
from zone.web.client.blueprint import client
from zone.web.client.correspondence import obstacle_facts
from zone.web.here import client_id, clients_language, in_words, parts, principal, words
from zone.web.letter_words import kind, standing
from zone.web.message_words import soonest, way
from zone.web.rights import Impersonated


@client.get("/letters/<reference>")
@allow(Role.CLIENT, impersonated=Impersonated.LOOK)
def letter(reference: str) -> str:
    """The letter's page."""
    seen = archive.letter(client_id(), reference)
    copies = archive.copies(seen)
    return render_template(
        "client/letter.html",
        letter=seen,
        kind=kind(seen.kind, words()),
        may_view=parts().config.letters.may_view,
        **_copies(copies),
        **_earlier(copies),
        **_message(reference, copies),
    )


@client.get("/letters/<reference>/copies")
@allow(Role.CLIENT, polling=True, impersonated=Impersonated.LOOK)
def letter_copies(reference: str) -> str:
    """What became of each copy, which the page asks for until all are final."""
    seen = archive.letter(client_id(), reference)
    return render_template("client/_copies.html", letter=seen, **_copies(archive.copies(seen)))


@client.get("/letters/<reference>/message")
@allow(Role.CLIENT, polling=True, impersonated=Impersonated.LOOK)
def earlier_password_message(reference: str) -> str:
    """The way of the message with an earlier password, which the page asks for until it is final."""
    copies = archive.copies(archive.letter(client_id(), reference))
    return render_template("client/_message.html", **_message(reference, copies))


@client.post("/letters/<reference>/send-again")
@allow(Role.CLIENT, impersonated=Impersonated.ACT)
def send_letter_again(reference: str) -> Response:
    """Send it by e-mail once more, under the current password."""
    try:
        send_again(parts().vault, principal().actor, client_id(), [reference], limits=parts().config.limits)
    except Refusal as refusal:
        return _refused(refusal, reference)
    return _to(reference, "copies")


@client.post("/letters/<reference>/passwords/<int(max=99999):version>")
@allow(Role.CLIENT, impersonated=Impersonated.ACT)
def send_earlier_password(reference: str, version: int) -> Response:
    """Have the password of that version sent by SMS, which opens older copies."""
    seen = archive.letter(client_id(), reference)
    limits = parts().config.limits
    try:
        resend_earlier(
            parts().vault, principal().actor, client_id(), version, language=clients_language(), limits=limits
        )
    except Refusal as refusal:
        return _refused(refusal, seen.reference)
    return _to(reference, "earlier")


@client.errorhandler(NoSuchLetter)
def no_such_letter(_: NoSuchLetter) -> Response:
    """Somebody else's letter, one that is no longer kept and one that never was look the same."""
    return errors.page(404)


def _copies(copies: list[Copy]) -> dict[str, object]:
    rows = [(copy, standing(copy, words())) for copy in copies]
    return {"rows": rows, "poll": soonest(row for _, row in rows)}


def _earlier(copies: list[Copy]) -> dict[str, object]:
    """The earlier passwords that open copies and can still be sent, newest first, and whether the phone is fit."""
    seen = overview(client_id(), limits=parts().config.limits)
    kept = to_be_had(parts().vault, seen.version)
    versions = {
        copy.password.number: copy.password for copy in copies if copy.password and copy.password_id in kept
    }
    return {
        "earlier": [(number, which(version, words())) for number, version in versions.items()],
        "seen": seen,
        **obstacle_facts(seen),
    }


def _message(reference: str, copies: list[Copy]) -> dict[str, object]:
    last = last_message(client_id(), Kind.EARLIER_PASSWORD)
    of_these = last is not None and last.subject_id in {copy.password_id for copy in copies}
    return {
        "way": way(last, words()) if last and of_these else None,
        "message_url": url_for("client.earlier_password_message", reference=reference),
        "page_url": url_for("client.letter", reference=reference),
    }


def _refused(refusal: Refusal, reference: str) -> Response:
    flash(in_words(refusal), "caution")
    return _to(reference)


def _to(reference: str, part: str | None = None) -> Response:
    return make_response(redirect(url_for("client.letter", reference=reference, _anchor=part), 303))
