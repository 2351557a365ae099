"""The client's phone number: support checks it with the client, and corrects it where it is no longer theirs."""

from __future__ import annotations

from flask import Response, flash, make_response, redirect, render_template, url_for

from zone.audit import Role
from zone.clients import change_phone
from zone.clients.models import Client
from zone.web import phone_on_file
from zone.web.access import allow
from zone.web.forms import CodeForm
from zone.web.here import principal, words
from zone.web.phone_on_file import NumberForm, SeenForm
from zone.web.support.addresses import PHONE, client_here
from zone.web.support.blueprint import support


@support.route(PHONE, methods=("GET", "POST"))
@allow(Role.SUPPORT)
def phone(client_id: int) -> Response:
    """The number on file; sent, the client says that it is theirs."""
    client = client_here(client_id)
    form = SeenForm()
    if not form.validate_on_submit():
        return _page(client, NumberForm())
    if not phone_on_file.vouch(client.id, form):
        return _to("phone", client)
    flash(words().gettext("The number is confirmed."), "success")
    return _to("client", client)


@support.post(f"{PHONE}/number")
@allow(Role.SUPPORT)
def propose_phone(client_id: int) -> Response:
    """Send a code to the number that the client gives."""
    client = client_here(client_id)
    form = NumberForm()
    if form.validate_on_submit() and phone_on_file.propose(client, form):
        return _to("phone_code", client)
    return _page(client, form)


@support.route(f"{PHONE}/code", methods=("GET", "POST"))
@allow(Role.SUPPORT)
def phone_code(client_id: int) -> Response:
    """The code that the client reads out; with it the new number comes on file."""
    client = client_here(client_id)
    form = CodeForm()
    if form.validate_on_submit() and phone_on_file.confirm(client.id, form):
        return _to("client", client)
    proposal = phone_on_file.own_proposal(client.id)
    if proposal is None and not form.errors:
        return _to("phone", client)
    facts = phone_on_file.code_sent(proposal)
    page = render_template("support/phone_code.html", client=client, form=form, **facts)
    return make_response(page, 422 if form.errors else 200)


@support.post(f"{PHONE}/keep")
@allow(Role.SUPPORT)
def keep_phone(client_id: int) -> Response:
    """Leave the number on file as it is."""
    client = client_here(client_id)
    change_phone.withdraw(principal().actor, client.id)
    return _to("phone", client)


def _to(page: str, client: Client) -> Response:
    return make_response(redirect(url_for(f"support.{page}", client_id=client.id), 303))


def _page(client: Client, form: NumberForm) -> Response:
    facts = phone_on_file.on_file(client.id)
    page = render_template("support/phone.html", client=client, form=form, **facts)
    return make_response(page, 422 if form.errors else 200)
