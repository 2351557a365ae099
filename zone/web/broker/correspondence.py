"""The further steps of a request on electronic correspondence: what is in force, what to do, and doing it."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import wraps

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from wtforms import HiddenField, RadioField
from wtforms.validators import InputRequired

from zone.audit import Role
from zone.clients.models import Policy
from zone.language import N_, Refusal
from zone.letter_passwords.comparison import same_as_default
from zone.letter_passwords.overview import Overview, overview
from zone.letters import archive
from zone.letters.archive import NoSuchLetter
from zone.requests.ask import ask_resend, ask_reset
from zone.requests.models import Request, RequestKind
from zone.requests.phone_first import phone_is_current
from zone.web.access import allow
from zone.web.broker.addresses import NEW, under_mandate
from zone.web.broker.blueprint import broker
from zone.web.broker.phone import to_step
from zone.web.forms import TranslatedForm, at_most
from zone.web.here import in_words, parts, principal, words
from zone.web.message_words import way
from zone.web.request_words import ASK_FOR, in_force, obstacle, offered


class RequestForm(TranslatedForm):
    """A form that makes one request, however often it is sent."""

    token = HiddenField(
        validators=[
            InputRequired(N_("The form did not arrive whole. Please send it once more.")),
            at_most(32),
        ]
    )

    def prepare(self) -> None:
        """Give a form that was just opened its name."""
        if not self.token.data or self.token.errors:
            self.token.data = secrets.token_urlsafe(16)


class ChoiceForm(RequestForm):
    """What is to be done."""

    kind = RadioField(
        N_("What should be done?"),
        [InputRequired(N_("Choose one of the two."))],
    )

    def __init__(self) -> None:
        super().__init__()
        self.kind.choices = [(kind.value, words().gettext(label)) for kind, label in ASK_FOR.items()]


def phone_first(view: Callable[[Policy], Response]) -> Callable[..., Response]:
    """Nothing further opens before the phone is known to be the client's."""

    @wraps(view)
    def guarded(policy_id: int) -> Response:
        policy = under_mandate(policy_id)
        if not phone_is_current(policy.client_id, limits=parts().config.limits):
            flash(words().gettext("First check the phone number with the client."), "caution")
            return to_step("phone", policy)
        return view(policy)

    return guarded


@broker.get(f"{NEW}/information")
@allow(Role.BROKER)
@phone_first
def request_information(policy: Policy) -> Response:
    """Since when which kind of password is in force, and when it was last sent."""
    seen = _overview(policy)
    page = render_template(
        "broker/request_information.html",
        policy=policy,
        seen=seen,
        in_force=in_force(seen, words()),
        way=way(seen.last, words(), staff=True) if seen.last else None,
        obstacle=obstacle(seen, words()),
    )
    return make_response(page)


@broker.route(f"{NEW}/choice", methods=("GET", "POST"))
@allow(Role.BROKER)
@phone_first
def request_choice(policy: Policy) -> Response:
    """One of the two; the password is sent from here, a reset shows first what it does."""
    form = ChoiceForm()
    if form.validate_on_submit():
        if form.kind.data == RequestKind.RESET:
            return to_step("reset", policy)
        return _ask(policy, lambda: _resend(policy, form))
    form.prepare()
    seen = _overview(policy)
    page = render_template("broker/request_choice.html", policy=policy, form=form, seen=seen)
    return make_response(page, 422 if form.errors else 200)


@broker.route(f"{NEW}/reset", methods=("GET", "POST"))
@allow(Role.BROKER)
@phone_first
def request_reset(policy: Policy) -> Response:
    """What a reset does, and which letters go again in the same act."""
    form = RequestForm()
    if form.validate_on_submit():
        return _ask(policy, lambda: _reset(policy, form))
    form.prepare()
    vault = parts().vault
    found = archive.under_another_password(policy.client_id, same_as_default(vault, policy.client_id))
    page = render_template(
        "broker/request_reset.html",
        policy=policy,
        form=form,
        seen=_overview(policy),
        offered=offered(found, principal().actor, policy.id, words()),
        most=archive.OFFERED,
    )
    return make_response(page, 422 if form.errors else 200)


def _overview(policy: Policy) -> Overview:
    return overview(policy.client_id, limits=parts().config.limits, actor=principal().actor)


def _resend(policy: Policy, form: RequestForm) -> Request:
    limits = parts().config.limits
    return ask_resend(principal().actor, policy.id, token=form.token.data or "", limits=limits)


def _reset(policy: Policy, form: RequestForm) -> Request:
    chosen, limits = request.form.getlist("letter"), parts().config.limits
    return ask_reset(
        parts().vault, principal().actor, policy.id, chosen, token=form.token.data or "", limits=limits
    )


def _ask(policy: Policy, ask: Callable[[], Request]) -> Response:
    """Make the request and go to where one sees what comes of it; refused, stay where one was."""
    try:
        made = ask()
    except Refusal as refusal:
        flash(in_words(refusal), "caution")
        return make_response(redirect(request.path, 303))
    except NoSuchLetter:
        flash(words().gettext("One of the letters is no longer kept. Look at them again."), "caution")
        return make_response(redirect(request.path, 303))
    address = url_for("broker.request_made", policy_id=policy.id, reference=made.reference)
    return make_response(redirect(address, 303))
