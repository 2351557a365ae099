"""The first step of a request: the client's phone number is checked, and corrected where it is no longer theirs."""

from __future__ import annotations

from datetime import timedelta

from flask import Response, flash, make_response, redirect, render_template, url_for
from wtforms import IntegerField, TelField
from wtforms.validators import InputRequired
from wtforms.widgets import HiddenInput

from zone.audit import Role
from zone.clients import change_phone, confirm_phone
from zone.clients.change_phone import Proposal
from zone.clients.models import Policy
from zone.language import N_, Refusal
from zone.letter_passwords.overview import overview
from zone.requests.phone_first import phone_is_current
from zone.secret import Secret
from zone.web.access import allow
from zone.web.broker.addresses import NEW, under_mandate
from zone.web.broker.blueprint import broker
from zone.web.forms import CodeForm, TranslatedForm, at_most
from zone.web.here import in_words, parts, principal, words
from zone.web.message_words import way
from zone.web.request_words import confirmed_by, obstacle


class NumberForm(TranslatedForm):
    """A mobile number in place of the one on file."""

    number = TelField(N_("New mobile number"), [InputRequired(N_("Enter the number.")), at_most(40)])


class SeenForm(TranslatedForm):
    """The number that was on the page."""

    phone = IntegerField(widget=HiddenInput())


@broker.route(f"{NEW}/phone", methods=("GET", "POST"))
@allow(Role.BROKER)
def request_phone(policy_id: int) -> Response:
    """The number on file; sent, the client says that it is theirs."""
    policy = under_mandate(policy_id)
    form = SeenForm()
    if not form.validate_on_submit():
        return _page(policy, NumberForm())
    try:
        confirm_phone.vouch(principal().actor, policy.client_id, form.phone.data or 0)
    except Refusal as refusal:
        flash(in_words(refusal), "caution")
        return to_step("phone", policy)
    return to_step("information", policy)


@broker.post(f"{NEW}/phone/number")
@allow(Role.BROKER)
def propose_phone(policy_id: int) -> Response:
    """Send a code to the number that the client gives."""
    policy = under_mandate(policy_id)
    form = NumberForm()
    if form.validate_on_submit() and _propose(policy, form):
        return to_step("code", policy)
    return _page(policy, form)


@broker.route(f"{NEW}/phone/code", methods=("GET", "POST"))
@allow(Role.BROKER)
def request_code(policy_id: int) -> Response:
    """The code that the client reads out; with it the new number comes on file."""
    policy = under_mandate(policy_id)
    form = CodeForm()
    if form.validate_on_submit() and _confirm(policy, form):
        done = words().gettext(
            "The new number is on file. We have told the client by e-mail, and by an SMS to the old number if there "
            "was one."
        )
        flash(done, "success")
        return to_step("information", policy)
    proposal = _own_proposal(policy)
    if proposal is None and not form.errors:
        return to_step("phone", policy)
    page = render_template(
        "broker/request_code.html",
        policy=policy,
        form=form,
        proposal=proposal,
        way=way(proposal.message, words(), staff=True) if proposal else None,
    )
    return make_response(page, 422 if form.errors else 200)


@broker.post(f"{NEW}/phone/keep")
@allow(Role.BROKER)
def keep_phone(policy_id: int) -> Response:
    """Leave the number on file as it is."""
    policy = under_mandate(policy_id)
    change_phone.withdraw(principal().actor, policy.client_id)
    return to_step("phone", policy)


def to_step(step: str, policy: Policy) -> Response:
    """To another step of the same request."""
    return make_response(redirect(url_for(f"broker.request_{step}", policy_id=policy.id), 303))


def _page(policy: Policy, form: NumberForm) -> Response:
    limits, actor = parts().config.limits, principal().actor
    seen = overview(policy.client_id, limits=limits, actor=actor)
    page = render_template(
        "broker/request_phone.html",
        policy=policy,
        form=form,
        seen=seen,
        confirmed_by=confirmed_by(seen.phone, words()) if seen.phone else None,
        obstacle=obstacle(seen, words()),
        is_current=phone_is_current(policy.client_id, limits=limits),
        proposal=_own_proposal(policy),
        hold_hours=limits.phone_change_hold // timedelta(hours=1),
    )
    return make_response(page, 422 if form.errors else 200)


def _own_proposal(policy: Policy) -> Proposal | None:
    """The new number whose code this broker asked for; another's is nothing to them."""
    proposal = change_phone.waiting(policy.client_id)
    return proposal if proposal and proposal.by == principal().actor else None


def _propose(policy: Policy, form: NumberForm) -> bool:
    config = parts().config
    try:
        change_phone.propose(
            principal().actor,
            policy.client_id,
            form.number.data or "",
            limits=config.limits,
            language=policy.client.language,
            countries=config.phone_countries,
        )
    except Refusal as refusal:
        form.add_error("number", in_words(refusal))
        return False
    return True


def _confirm(policy: Policy, form: CodeForm) -> bool:
    typed = Secret(form.code.data or "")
    try:
        change_phone.confirm(parts().vault, principal().actor, policy.client_id, typed)
    except Refusal as refusal:
        form.add_error("code", in_words(refusal))
        return False
    return True
