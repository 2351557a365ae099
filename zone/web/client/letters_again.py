"""After a change of password: letters that it does not open are sent again under it, all in one go."""

from __future__ import annotations

from datetime import timedelta

from flask import Response, flash, make_response, redirect, render_template, request, url_for

from zone.audit import Role
from zone.language import Refusal
from zone.letter_passwords.comparison import same_as
from zone.letter_passwords.in_words import which
from zone.letter_passwords.versions import current
from zone.letters import archive
from zone.letters.models import Copy, Letter
from zone.letters.send_again import send_again
from zone.messages.states import HANDED_OVER
from zone.web import ticks
from zone.web.access import allow
from zone.web.client.blueprint import client
from zone.web.here import client_id, in_words, parts, principal, words
from zone.web.letter_words import kind, standing
from zone.web.message_words import soonest
from zone.web.rights import Impersonated

# The letters whose progress is shown: asked for within this time.
LATELY = timedelta(hours=1)


@client.get("/letters/send-again")
@allow(Role.CLIENT, impersonated=Impersonated.LOOK)
def letters_again() -> str:
    """Which letters the current password does not open, all of them ticked."""
    version = current(client_id())
    found = archive.under_another_password(client_id(), same_as(parts().vault, version))
    return render_template(
        "client/letters_again.html",
        offered=offered(found),
        ticked=ticks.of_address(),
        current=which(version, words()),
        most=archive.OFFERED,
    )


@client.post("/letters/send-again")
@allow(Role.CLIENT, impersonated=Impersonated.ACT)
def send_letters_again() -> Response:
    """Send those that were ticked."""
    chosen = request.form.getlist("letter")
    try:
        send_again(parts().vault, principal().actor, client_id(), chosen, limits=parts().config.limits)
    except Refusal as refusal:
        flash(in_words(refusal), "caution")
        return make_response(redirect(url_for("client.letters_again"), 303))
    return to_progress()


@client.get("/letters/send-again/progress")
@allow(Role.CLIENT, impersonated=Impersonated.LOOK)
def letters_progress() -> str:
    """How far the letters of the last hour have come."""
    return render_template("client/letters_progress.html", **_progress())


@client.get("/letters/send-again/states")
@allow(Role.CLIENT, polling=True, impersonated=Impersonated.LOOK)
def letters_states() -> str:
    """The same, which the page asks for until each is final."""
    return render_template("client/_states.html", **_progress())


def to_progress() -> Response:
    """To where one sees them go."""
    return make_response(redirect(url_for("client.letters_progress"), 303))


def offered(found: list[tuple[Letter, Copy]]) -> list[tuple[Letter, str, str]]:
    """Letters that may be sent again, with their kind and what opens the last copy."""
    return [
        (letter, kind(letter.kind, words()), standing(copy, words()).opens_with) for letter, copy in found
    ]


def _progress() -> dict[str, object]:
    found = archive.recent_copies(client_id(), LATELY)
    rows = [(letter, copy, standing(copy, words())) for letter, copy in found]
    gone = sum(1 for _, copy in found if copy.message and copy.message.status in HANDED_OVER)
    return {"rows": rows, "gone": gone, "poll": soonest(row for _, _, row in rows)}
