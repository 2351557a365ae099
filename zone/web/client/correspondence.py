"""Settings → Electronic correspondence: which password opens the letters, having it sent, going back to the default."""

from __future__ import annotations

from flask import Response, flash, make_response, redirect, render_template, url_for

from zone.audit import Role
from zone.clients.phone_rules import PhoneNotConfirmed
from zone.language import N_, Refusal
from zone.letter_passwords.overview import overview
from zone.letter_passwords.resend import resend
from zone.letter_passwords.reset import reset
from zone.letters import cover_mail
from zone.web.access import allow
from zone.web.client.blueprint import client
from zone.web.forms import TranslatedForm
from zone.web.here import client_id, parts, principal, wants_partial, words
from zone.web.message_words import way
from zone.web.proven import proven

PATH = cover_mail.PAGE  # every mail leads here
SET_BY = {
    Role.CLIENT: N_("by you"),
    Role.BROKER: N_("by your broker"),
    Role.SUPPORT: N_("by our support"),
    Role.OPERATOR: N_("by the insurer"),
    Role.SYSTEM: N_("by the insurer"),
}


@client.get(PATH)
@allow(Role.CLIENT)
def electronic_correspondence() -> str:
    """The page, or for HTMX its panel."""
    partial = wants_partial()
    template = "client/_panel.html" if partial else "client/electronic_correspondence.html"
    return render_template(template, partial=partial, **_facts())


@client.get(f"{PATH}/message")
@allow(Role.CLIENT, polling=True)
def password_message() -> str:
    """The way of the last message, which the panel asks for until it is final."""
    return render_template("client/_message.html", **_facts())


@client.post(f"{PATH}/resend")
@allow(Role.CLIENT)
def resend_password() -> Response:
    """Have the current password sent by SMS."""
    try:
        resend(principal().actor, client_id(), language=words().code, limits=parts().config.limits)
    except Refusal as refusal:
        flash(refusal.in_words(words()), "caution")
    return to_panel()


@client.route(f"{PATH}/reset", methods=("GET", "POST"))
@allow(Role.CLIENT)
@proven
def reset_password() -> Response:
    """Going back to the default: first what it means, then the act."""
    form = TranslatedForm()
    if not form.validate_on_submit():
        return make_response(render_template("client/reset.html", form=form))
    try:
        reset(parts().vault, principal().actor, client_id(), limits=parts().config.limits)
        flash(words().gettext("Your letters will now be encrypted with the password shown below."), "success")
    except Refusal as refusal:
        flash(refusal.in_words(words()), "caution")
    return to_panel()


def _facts() -> dict[str, object]:
    seen = overview(client_id(), limits=parts().config.limits)
    return {
        "seen": seen,
        "set_by": words().gettext(SET_BY[Role(seen.version.set_by_role)]),
        "obstacle": seen.obstacle.in_words(words()) if seen.obstacle else None,
        "may_confirm": isinstance(seen.obstacle, PhoneNotConfirmed),
        "way": way(seen.last, words()) if seen.last else None,
    }


def to_panel() -> Response:
    """Back to the panel."""
    return make_response(redirect(url_for("client.electronic_correspondence"), 303))
