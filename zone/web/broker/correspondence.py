"""The further steps of a request on electronic correspondence: what is in force, what to do, and doing it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from flask import Response, make_response, render_template, request, url_for
from wtforms import RadioField
from wtforms.validators import InputRequired

from zone.audit import Role
from zone.clients import mandates
from zone.clients.models import Policy
from zone.language import N_
from zone.letter_passwords.overview import Overview, overview
from zone.letters import archive
from zone.letters.reset_and_send import letters_to_send_again
from zone.requests.models import RequestKind
from zone.requests.phone_first import phone_is_current
from zone.requests.scope import OnPolicy
from zone.web import asking
from zone.web.access import allow
from zone.web.asking import Show, say_phone_first
from zone.web.broker.addresses import NEW, under_mandate
from zone.web.broker.blueprint import broker
from zone.web.broker.phone import to_step
from zone.web.forms import OnceForm
from zone.web.here import parts, principal, words
from zone.web.message_words import way
from zone.web.request_words import ASK_FOR, in_force, obstacle, offered


class ChoiceForm(OnceForm):
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
            say_phone_first()
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
        way=way(seen.last, words(), reader=Role.BROKER) if seen.last else None,
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
        return asking.resend(OnPolicy(policy.id), form, show=_shown(policy), back=request.path)
    form.prepare()
    seen = _overview(policy)
    page = render_template("broker/request_choice.html", policy=policy, form=form, seen=seen)
    return make_response(page, 422 if form.errors else 200)


@broker.route(f"{NEW}/reset", methods=("GET", "POST"))
@allow(Role.BROKER)
@phone_first
def request_reset(policy: Policy) -> Response:
    """What a reset does, and which letters go again in the same act."""
    form = OnceForm()
    if form.validate_on_submit():
        return asking.reset(OnPolicy(policy.id), form, show=_shown(policy), back=request.path)
    form.prepare()
    found = letters_to_send_again(parts().vault, policy.client_id)
    in_hand = mandates.policies(principal().actor, policy.id)
    page = render_template(
        "broker/request_reset.html",
        policy=policy,
        form=form,
        seen=_overview(policy),
        offered=offered(found, words(), in_hand=in_hand),
        most=archive.OFFERED,
    )
    return make_response(page, 422 if form.errors else 200)


def _overview(policy: Policy) -> Overview:
    return overview(policy.client_id, limits=parts().config.limits, actor=principal().actor)


def _shown(policy: Policy) -> Show:
    return lambda made: url_for("broker.request_made", policy_id=policy.id, reference=made.reference)
