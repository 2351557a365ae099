"""What support has done for a client without acting in their place: the password sent again, or its reset.

Each is a request that the client is told of, like a broker's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Response, flash, make_response, redirect, render_template, request, url_for

from zone.audit import Role
from zone.clients.holds import OnHold
from zone.clients.models import Client
from zone.letter_passwords.overview import Overview, overview
from zone.letters import archive
from zone.letters.reset_and_send import letters_to_send_again
from zone.requests.models import RequestKind
from zone.requests.overview import of_client, one_of_client
from zone.requests.phone_first import is_current
from zone.requests.scope import OnClient
from zone.web import asking
from zone.web.access import allow
from zone.web.asking import Show, say_phone_first
from zone.web.forms import OnceForm, new_token
from zone.web.here import parts, principal, row_number, wants_partial, words
from zone.web.request_words import ASK_FOR, by, in_force, listed, obstacle, offered, outcome
from zone.web.support.addresses import REQUESTS, client_here
from zone.web.support.blueprint import support


@dataclass(frozen=True)
class Acts:
    """What support can do now: what stands against a resend, if anything does; and the name of its form."""

    phone_first: bool
    on_hold: bool
    obstacle: str | None
    token: str


@support.get(REQUESTS)
@allow(Role.SUPPORT)
def requests(client_id: int) -> str:
    """All requests for the client, or for HTMX the list alone."""
    client = client_here(client_id)
    before = request.args.get("before", type=row_number)
    template = "support/_requests.html" if wants_partial() else "support/requests.html"
    return render_template(template, client=client, **request_facts(client.id, before=before))


@support.post(f"{REQUESTS}/resend")
@allow(Role.SUPPORT)
def resend(client_id: int) -> Response:
    """Have the current password sent to the client's phone."""
    client, form = client_here(client_id), OnceForm()
    card = url_for("support.client", client_id=client.id)
    if not form.validate_on_submit():
        flash(form.token.errors[0], "caution")
        return make_response(redirect(card, 303))
    return asking.resend(OnClient(client.id), form, show=_shown(client), back=card)


@support.route(f"{REQUESTS}/reset", methods=("GET", "POST"))
@allow(Role.SUPPORT)
def reset(client_id: int) -> Response:
    """What a reset does, and which letters go again in the same act."""
    client, form = client_here(client_id), OnceForm()
    seen = overview(client.id, limits=parts().config.limits, actor=principal().actor)
    if not is_current(seen.phone, limits=parts().config.limits):
        say_phone_first()
        return make_response(redirect(url_for("support.phone", client_id=client.id), 303))
    if form.validate_on_submit():
        return asking.reset(OnClient(client.id), form, show=_shown(client), back=request.path)
    form.prepare()
    return make_response(render_template("support/reset.html", **_reset(client, form, seen)), _status(form))


@support.get(f"{REQUESTS}/<reference>")
@allow(Role.SUPPORT)
def request_made(client_id: int, reference: str) -> str:
    """One request, whoever made it: what was asked for, and what came of it."""
    client = client_here(client_id)
    return render_template("support/request.html", client=client, **_made(client.id, reference))


@support.get(f"{REQUESTS}/<reference>/outcome")
@allow(Role.SUPPORT, polling=True)
def request_outcome(client_id: int, reference: str) -> str:
    """What came of it so far, which the page asks for until all is final."""
    return render_template("requests/_outcome.html", **_made(client_here(client_id).id, reference))


def request_facts(client_id: int, *, before: int | None = None) -> dict[str, Any]:
    """What `_requests.html` shows."""
    page = of_client(client_id, before=before)
    return {
        "requests": [listed(seen, words()) for seen in page.requests],
        "requests_older": page.older,
        "requests_newest": before is None,
    }


def acts(seen: Overview) -> Acts:
    """What `_acts.html` offers."""
    return Acts(
        phone_first=not is_current(seen.phone, limits=parts().config.limits),
        on_hold=isinstance(seen.obstacle, OnHold),
        obstacle=obstacle(seen, words()),
        token=new_token(),
    )


def _reset(client: Client, form: OnceForm, seen: Overview) -> dict[str, Any]:
    found = letters_to_send_again(parts().vault, client.id)
    return {
        "client": client,
        "form": form,
        "seen": seen,
        "acts": acts(seen),
        "in_force": in_force(seen, words()),
        "offered": offered(found, words(), in_hand=None),
        "most": archive.OFFERED,
    }


def _made(client_id: int, reference: str) -> dict[str, Any]:
    seen = one_of_client(client_id, reference)
    return {
        "seen": seen,
        "by": by(seen, words()),
        "kind": words().gettext(ASK_FOR[RequestKind(seen.request.kind)]),
        "outcome": outcome(seen, words()),
        "page_url": url_for("support.request_made", client_id=client_id, reference=reference),
        "outcome_url": url_for("support.request_outcome", client_id=client_id, reference=reference),
    }


def _shown(client: Client) -> Show:
    return lambda made: url_for("support.request_made", client_id=client.id, reference=made.reference)


def _status(form: OnceForm) -> int:
    return 422 if form.errors else 200
