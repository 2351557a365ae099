"""Settings → Electronic correspondence: which password opens the letters, having it sent, going back to the default."""

from __future__ import annotations

from flask import Response, flash, make_response, redirect, render_template, request, url_for

from zone.accounts import impersonation_notice
from zone.accounts.impersonation_reasons import SAID
from zone.audit import Role
from zone.clients.phone_rules import PhoneNotConfirmed
from zone.config import Notice
from zone.language import N_, Refusal
from zone.letter_passwords.comparison import same_as
from zone.letter_passwords.overview import Overview, overview
from zone.letter_passwords.resend import resend
from zone.letters import archive, cover_mail
from zone.letters.reset_and_send import letters_to_send_again, reset_and_send
from zone.web import ticks
from zone.web.access import allow
from zone.web.client.blueprint import client
from zone.web.client.letters_again import offered, to_progress
from zone.web.forms import TranslatedForm
from zone.web.here import client_id, clients_language, in_words, parts, principal, wants_partial, words
from zone.web.message_words import way
from zone.web.proven import proven
from zone.web.rights import Impersonated

PATH = cover_mail.PAGE  # every mail leads here
SET_BY = {
    Role.CLIENT: N_("by you"),
    Role.BROKER: N_("by your broker"),
    Role.SUPPORT: N_("by our support"),
    Role.OPERATOR: N_("by the insurer"),
    Role.SYSTEM: N_("by the insurer"),
    Role.PROGRAM: N_("by the insurer"),
}


@client.get(PATH)
@allow(Role.CLIENT, impersonated=Impersonated.LOOK)
def electronic_correspondence() -> str:
    """The page, or for HTMX its panel."""
    seen = overview(client_id(), limits=parts().config.limits)
    if wants_partial():
        return render_template("client/_panel.html", partial=True, **_facts(seen))
    again = archive.count_under_another_password(client_id(), same_as(parts().vault, seen.version))
    return render_template(
        "client/electronic_correspondence.html", partial=False, again=again, **_visit(), **_facts(seen)
    )


@client.get(f"{PATH}/message")
@allow(Role.CLIENT, polling=True, impersonated=Impersonated.LOOK)
def password_message() -> str:
    """The way of the last message, which the panel asks for until it is final."""
    return render_template(
        "client/_message.html", **_facts(overview(client_id(), limits=parts().config.limits))
    )


@client.post(f"{PATH}/resend")
@allow(Role.CLIENT, impersonated=Impersonated.ACT)
def resend_password() -> Response:
    """Have the current password sent by SMS."""
    try:
        resend(principal().actor, client_id(), language=clients_language(), limits=parts().config.limits)
    except Refusal as refusal:
        flash(in_words(refusal), "caution")
    return to_panel()


@client.route(f"{PATH}/reset", methods=("GET", "POST"))
@allow(Role.CLIENT, impersonated=Impersonated.ACT)
@proven
def reset_password() -> Response:
    """Going back to the default: first what it means, then the act, and in the same the letters that were ticked."""
    form = TranslatedForm()
    if not form.validate_on_submit():
        found = letters_to_send_again(parts().vault, client_id())
        page = render_template(
            "client/reset.html", form=form, offered=offered(found), ticked=ticks.of_address()
        )
        return make_response(page)
    chosen = request.form.getlist("letter")
    try:
        _, copies = reset_and_send(
            parts().vault, principal().actor, client_id(), chosen, limits=parts().config.limits
        )
    except Refusal as refusal:
        flash(in_words(refusal), "caution")
        return to_panel()
    if copies:
        flash(
            words().gettext("The password is reset, and the letters are on their way under the new one."),
            "success",
        )
        return to_progress()
    flash(words().gettext("Your letters will now be encrypted with the password shown below."), "success")
    return to_panel()


def obstacle_facts(seen: Overview) -> dict[str, object]:
    """Why no password can go to the phone, if none can, and whether confirming the number would cure that."""
    return {
        "obstacle": in_words(seen.obstacle) if seen.obstacle else None,
        "may_confirm": isinstance(seen.obstacle, PhoneNotConfirmed),
    }


def _visit() -> dict[str, object]:
    """That support was here lately, where the client is told so in the zone; the agents themselves know."""
    told_here = parts().config.impersonation.notice is Notice.ZONE and principal().impersonation is None
    visit = impersonation_notice.lately(client_id()) if told_here else None
    return {
        "visit": visit,
        "visit_reason": SAID[visit.reason] if visit else None,
        "history": impersonation_notice.HISTORY,
    }


def _facts(seen: Overview) -> dict[str, object]:
    return {
        "seen": seen,
        "set_by": words().gettext(SET_BY[Role(seen.version.set_by_role)]),
        "way": way(seen.last, words()) if seen.last else None,
        "message_url": url_for("client.password_message"),
        "page_url": url_for("client.electronic_correspondence"),
        **obstacle_facts(seen),
    }


def to_panel() -> Response:
    """Back to the panel."""
    return make_response(redirect(url_for("client.electronic_correspondence"), 303))
