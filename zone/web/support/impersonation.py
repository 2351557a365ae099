"""Support begins to act for a client, goes on for a while longer, and ends it."""

from __future__ import annotations

from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from wtforms import HiddenField, RadioField, StringField
from wtforms.validators import AnyOf, InputRequired

from zone.accounts import acting_for, impersonation
from zone.accounts.impersonation import NotAnAgent
from zone.accounts.impersonation_reasons import SAID, NoTicket, Reason, ticket
from zone.audit import Role
from zone.clients import consent
from zone.clients.models import Client
from zone.clients.people import UnknownClient
from zone.language import N_, Refusal
from zone.secret import Secret
from zone.web import errors, overlay
from zone.web.access import allow
from zone.web.forms import TranslatedForm, at_most
from zone.web.here import acting, back_to, in_words, parts, principal, words
from zone.web.support.addresses import CLIENT, client_here

blueprint = Blueprint("impersonation", __name__, url_prefix="/support")


class ReasonForm(TranslatedForm):
    """Why, from the list."""

    reason = RadioField(
        N_("Reason"), [AnyOf(list(Reason), message=N_("Choose a reason."))], validate_choice=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reason.choices = [(reason.value, words().gettext(said)) for reason, said in SAID.items()]


class StartForm(ReasonForm):
    """Why, under which ticket, and what the client read out if they have to agree."""

    ticket = StringField(N_("Ticket number"), [InputRequired(NoTicket.message), at_most(64)])
    code = StringField(N_("Code that the client reads to you"), [at_most(20)])
    next = HiddenField()


@blueprint.route(f"{CLIENT}/impersonate", methods=("GET", "POST"))
@allow(Role.SUPPORT)
def start(client_id: int) -> Response:
    """What to know before; the form; and where the client agrees, first a code and then the start."""
    client, form = client_here(client_id), StartForm()
    if request.method == "GET":
        form.next.data = request.args.get("next", "")
    code_sent = "code" in request.form
    if form.validate_on_submit() and _is_ticket(form):
        if parts().config.impersonation.consent and ("send" in request.form or not code_sent):
            code_sent = _send_code(form, client)
        elif _start(form, client):
            page = back_to(form.next.data, url_for("client.electronic_correspondence"))
            return make_response(redirect(page, 303))
    page = render_template(
        "support/impersonate.html",
        form=form,
        client=client,
        rules=parts().config.impersonation,
        code_sent=code_sent,
        open=acting_for.still_open(principal().account_id),
    )
    return make_response(page, 422 if form.errors else 200)


@blueprint.route("/impersonation/extend", methods=("GET", "POST"))
@allow(Role.SUPPORT)
def extend() -> Response:
    """Go on for a while longer, once, with a reason given anew."""
    current, form = acting(), ReasonForm()
    if current is None:
        return make_response(redirect(url_for("impersonation.over"), 303))
    come_back = back_to(request.values.get("next"), url_for("client.electronic_correspondence"))
    if form.validate_on_submit():
        rules = parts().config.impersonation
        impersonation.extend(principal(), current.reference, reason=Reason(form.reason.data), rules=rules)
        return make_response(redirect(come_back, 303))
    page = render_template("support/extend.html", form=form, current=current, come_back=come_back)
    return make_response(page, 422 if form.errors else 200)


@blueprint.post("/impersonation/end")
@allow(Role.SUPPORT)
def end() -> Response:
    """End the one that the form names: what is open in another tab may be another."""
    impersonation.end(principal(), request.form.get("reference", ""))
    overlay.renew_forms()
    flash(words().gettext("You no longer act for the client."), "success")
    return make_response(redirect(back_to(request.form.get("next"), url_for("root.index")), 303))


@blueprint.get("/impersonation/over")
@allow(Role.SUPPORT)
def over() -> str:
    """Where pages lead that were left open under an impersonation that is over."""
    return overlay.over_page(back_to(request.args.get("next"), "") or None)


@blueprint.errorhandler(UnknownClient)
def unknown(_: UnknownClient) -> Response:
    """There is no such client."""
    return errors.page(404)


@blueprint.errorhandler(NotAnAgent)
def no_agent(_: NotAnAgent) -> Response:
    """Their right ended while they asked."""
    abort(403)


def _is_ticket(form: StartForm) -> bool:
    try:
        ticket(form.ticket.data or "")
    except NoTicket as refusal:
        form.add_error("ticket", in_words(refusal))
        return False
    return True


def _send_code(form: StartForm, client: Client) -> bool:
    """Whether a code is on its way to the client's phone."""
    try:
        consent.send(principal().actor, client.id, limits=parts().config.limits, language=client.language)
    except Refusal as refusal:
        form.form_errors.append(in_words(refusal))
        return False
    return True


def _start(form: StartForm, client: Client) -> bool:
    try:
        consented = _agreed(form, client)
        started = impersonation.start(
            principal(),
            client.id,
            reason=Reason(form.reason.data),
            ticket_number=form.ticket.data or "",
            rules=parts().config.impersonation,
            consented=consented,
        )
    except Refusal as refusal:
        form.form_errors.append(in_words(refusal))
        return False
    overlay.begin(started)
    return True


def _agreed(form: StartForm, client: Client) -> bool:
    """Whether the client has agreed, where they have to. A code is not spent on a start that could not be."""
    if not parts().config.impersonation.consent:
        return False
    impersonation.check_free(principal())
    typed = Secret("".join((form.code.data or "").split()))
    consent.check(parts().vault, principal().actor, client.id, typed)
    return True
