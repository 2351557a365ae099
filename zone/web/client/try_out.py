"""Trying a password that the client remembers."""

from __future__ import annotations

from flask import Response, make_response, render_template
from wtforms import PasswordField
from wtforms.validators import InputRequired

from zone.accounts.throttle import TooManyAttempts
from zone.audit import Role
from zone.language import N_
from zone.letter_passwords import acceptance
from zone.letter_passwords.try_out import Tried, try_out
from zone.web.access import allow
from zone.web.client.blueprint import client
from zone.web.client.correspondence import PATH
from zone.web.forms import TranslatedForm, at_most
from zone.web.here import client_id, in_words, parts, principal, wants_partial
from zone.web.rights import Impersonated


class TryForm(TranslatedForm):
    """What the client remembers."""

    remembered = PasswordField(
        N_("Password that you remember"), [InputRequired(N_("Enter a password.")), at_most(512)]
    )


@client.route(f"{PATH}/try", methods=("GET", "POST"))
@allow(Role.CLIENT, impersonated=Impersonated.PASSWORD)
def try_password() -> Response:
    """The form, and below it what the tried password is. The answer stands in no address and no session."""
    form = TryForm()
    tried = _try(form) if form.validate_on_submit() else None
    template = "client/_try.html" if wants_partial() else "client/try_password.html"
    return make_response(render_template(template, form=form, tried=tried), 422 if form.errors else 200)


def _try(form: TryForm) -> Tried | None:
    typed = acceptance.normalise(form.remembered.data or "")
    try:
        return try_out(parts().vault, principal().actor, client_id(), typed)
    except TooManyAttempts as refusal:
        form.add_error("remembered", in_words(refusal))
        return None
