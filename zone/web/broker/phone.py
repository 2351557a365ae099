"""The first step of a request: the client's phone number is checked, and corrected where it is no longer theirs."""

from __future__ import annotations

from flask import Response, make_response, redirect, render_template, url_for

from zone.audit import Role
from zone.clients import change_phone
from zone.clients.models import Policy
from zone.web import phone_on_file
from zone.web.access import allow
from zone.web.broker.addresses import NEW, under_mandate
from zone.web.broker.blueprint import broker
from zone.web.forms import CodeForm
from zone.web.here import principal
from zone.web.phone_on_file import NumberForm, SeenForm


@broker.route(f"{NEW}/phone", methods=("GET", "POST"))
@allow(Role.BROKER)
def request_phone(policy_id: int) -> Response:
    """The number on file; sent, the client says that it is theirs."""
    policy = under_mandate(policy_id)
    form = SeenForm()
    if not form.validate_on_submit():
        return _page(policy, NumberForm())
    vouched = phone_on_file.vouch(policy.client_id, form)
    return to_step("information" if vouched else "phone", policy)


@broker.post(f"{NEW}/phone/number")
@allow(Role.BROKER)
def propose_phone(policy_id: int) -> Response:
    """Send a code to the number that the client gives."""
    policy = under_mandate(policy_id)
    form = NumberForm()
    if form.validate_on_submit() and phone_on_file.propose(policy.client, form):
        return to_step("code", policy)
    return _page(policy, form)


@broker.route(f"{NEW}/phone/code", methods=("GET", "POST"))
@allow(Role.BROKER)
def request_code(policy_id: int) -> Response:
    """The code that the client reads out; with it the new number comes on file."""
    policy = under_mandate(policy_id)
    form = CodeForm()
    if form.validate_on_submit() and phone_on_file.confirm(policy.client_id, form):
        return to_step("information", policy)
    proposal = phone_on_file.own_proposal(policy.client_id)
    if proposal is None and not form.errors:
        return to_step("phone", policy)
    facts = phone_on_file.code_sent(proposal)
    page = render_template("broker/request_code.html", policy=policy, form=form, **facts)
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
    facts = phone_on_file.on_file(policy.client_id)
    page = render_template("broker/request_phone.html", policy=policy, form=form, **facts)
    return make_response(page, 422 if form.errors else 200)
