"""Setting an own letter password: a generated one on offer, or one that the client thinks up."""

from __future__ import annotations

from flask import Response, flash, make_response, render_template
from wtforms import PasswordField
from wtforms.validators import InputRequired

from zone.accounts.throttle import TooManyAttempts
from zone.audit import Role
from zone.language import N_
from zone.letter_passwords import acceptance
from zone.letter_passwords.acceptance import NotAccepted
from zone.letter_passwords.assess import assess
from zone.letter_passwords.set_own import set_own, suggest
from zone.web.access import allow
from zone.web.client.blueprint import client
from zone.web.client.correspondence import PATH, to_panel
from zone.web.forms import TranslatedForm, at_most
from zone.web.here import client_id, in_words, parts, principal, words
from zone.web.proven import proven
from zone.web.rights import Impersonated


class OwnPasswordForm(TranslatedForm):
    """A letter password."""

    password = PasswordField(
        N_("New password for your letters"), [InputRequired(N_("Enter a password.")), at_most(512)]
    )


@client.route(f"{PATH}/own", methods=("GET", "POST"))
@allow(Role.CLIENT, impersonated=Impersonated.PASSWORD)
@proven
def own_password() -> Response:
    """The form with its two ways, and setting what came of either."""
    form = OwnPasswordForm()
    if form.validate_on_submit() and _set(form):
        done = words().gettext(
            "Your new password is in force. Letters sent before keep the password they had."
        )
        flash(done, "success")
        return to_panel()
    page = render_template("client/own_password.html", form=form, suggestion=_suggested(), assessed=None)
    return make_response(page, 422 if form.errors else 200)


@client.post(f"{PATH}/own/strength")
@allow(Role.CLIENT, impersonated=Impersonated.PASSWORD)
def strength() -> str:
    """What a password would do, while it is typed: how long guessing takes, and what becomes of the SMS."""
    typed = acceptance.normalise(OwnPasswordForm().password.data or "")
    return render_template(
        "client/_strength.html", assessed=assess(parts().vault, client_id(), typed, words())
    )


@client.get(f"{PATH}/own/suggestion")
@allow(Role.CLIENT, impersonated=Impersonated.PASSWORD)
def suggestion() -> str:
    """Another generated password."""
    return render_template("client/_suggestion.html", suggestion=_suggested())


def _suggested() -> str:
    return suggest(parts().vault, client_id(), words().code).reveal()


def _set(form: OwnPasswordForm) -> bool:
    typed = acceptance.normalise(form.password.data or "")
    try:
        set_own(parts().vault, principal().actor, client_id(), typed)
    except (NotAccepted, TooManyAttempts) as refusal:
        form.add_error("password", in_words(refusal))
        return False
    return True
