"""The client's phone number, and confirming that it is still theirs."""

from __future__ import annotations

from flask import Response, flash, make_response, redirect, render_template, url_for

from zone.audit import Role
from zone.clients import confirm_phone
from zone.language import Refusal
from zone.letter_passwords.overview import overview
from zone.secret import Secret
from zone.web.access import allow
from zone.web.client.blueprint import client
from zone.web.forms import CodeForm
from zone.web.here import client_id, in_words, parts, principal, words
from zone.web.message_words import way
from zone.web.rights import Impersonated


@client.route("/settings/phone", methods=("GET", "POST"))
@allow(Role.CLIENT, impersonated=Impersonated.LOOK, posted=Impersonated.CONTACT)
def phone() -> Response:
    """The number on file, and entering the code that was sent to it."""
    form = CodeForm()
    if form.validate_on_submit() and _confirm(form):
        flash(words().gettext("Thank you, your phone number is confirmed."), "success")
        return make_response(redirect(url_for("client.electronic_correspondence"), 303))
    seen = overview(client_id(), limits=parts().config.limits)
    sent = confirm_phone.waiting_message(client_id())
    page = render_template(
        "client/phone.html", form=form, seen=seen, way=way(sent, words()) if sent else None
    )
    return make_response(page, 422 if form.errors else 200)


@client.post("/settings/phone/code")
@allow(Role.CLIENT, impersonated=Impersonated.CONTACT)
def send_phone_code() -> Response:
    """Send a code to the number on file."""
    try:
        confirm_phone.send_code(
            principal().actor, client_id(), limits=parts().config.limits, language=words().code
        )
    except Refusal as refusal:
        flash(in_words(refusal), "caution")
    return make_response(redirect(url_for("client.phone"), 303))


def _confirm(form: CodeForm) -> bool:
    code = Secret("".join((form.code.data or "").split()))
    try:
        confirm_phone.confirm(parts().vault, principal().actor, client_id(), code)
    except Refusal as refusal:
        form.add_error("code", in_words(refusal))
        return False
    return True
