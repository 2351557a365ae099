"""Checking the client's phone number with the client, and correcting it: what brokers' and support's pages share."""

from __future__ import annotations

from datetime import timedelta

from flask import flash
from wtforms import IntegerField, TelField
from wtforms.validators import InputRequired
from wtforms.widgets import HiddenInput

from zone.clients import change_phone, confirm_phone
from zone.clients.change_phone import Proposal
from zone.clients.models import Client
from zone.language import N_, Refusal
from zone.letter_passwords.overview import overview
from zone.requests.phone_first import is_current
from zone.secret import Secret
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


def vouch(client_id: int, form: SeenForm) -> bool:
    """Note that the client says that the number of the page is theirs. A refusal is for the next page to say."""
    try:
        confirm_phone.vouch(principal().actor, client_id, form.phone.data or 0)
    except Refusal as refusal:
        flash(in_words(refusal), "caution")
        return False
    return True


def propose(client: Client, form: NumberForm) -> bool:
    """Send a code to the number that was typed."""
    config = parts().config
    try:
        change_phone.propose(
            principal().actor,
            client.id,
            form.number.data or "",
            limits=config.limits,
            language=client.language,
            countries=config.phone_countries,
        )
    except Refusal as refusal:
        form.add_error("number", in_words(refusal))
        return False
    return True


def confirm(client_id: int, form: CodeForm) -> bool:
    """Put the number on file to which the code went that was typed."""
    typed = Secret(form.code.data or "")
    try:
        change_phone.confirm(parts().vault, principal().actor, client_id, typed)
    except Refusal as refusal:
        form.add_error("code", in_words(refusal))
        return False
    done = words().gettext(
        "The new number is on file. We have told the client by e-mail, and by an SMS to the old number if there "
        "was one."
    )
    flash(done, "success")
    return True


def own_proposal(client_id: int) -> Proposal | None:
    """The new number whose code this person asked for; another's is nothing to them."""
    proposal = change_phone.waiting(client_id)
    return proposal if proposal and proposal.by == principal().actor else None


def on_file(client_id: int) -> dict[str, object]:
    """What the page about the number shows."""
    limits = parts().config.limits
    seen = overview(client_id, limits=limits, actor=principal().actor)
    return {
        "seen": seen,
        "confirmed_by": confirmed_by(seen.phone, words()) if seen.phone else None,
        "obstacle": obstacle(seen, words()),
        "is_current": is_current(seen.phone, limits=limits),
        "proposal": own_proposal(client_id),
        "hold_hours": limits.phone_change_hold // timedelta(hours=1),
    }


def code_sent(proposal: Proposal | None) -> dict[str, object]:
    """What the page about the code shows."""
    return {
        "proposal": proposal,
        "way": way(proposal.message, words(), reader=principal().role) if proposal else None,
    }
