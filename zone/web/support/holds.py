"""What the client said was not them: what it holds back, and lifting it after a talk."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, make_response, redirect, render_template, url_for
from wtforms import TextAreaField
from wtforms.validators import InputRequired

from zone.accounts import accounts
from zone.audit import Role
from zone.clients import holds
from zone.clients.holds import Held, Why
from zone.clients.lift_hold import lift_after_talking
from zone.clients.notes import LONGEST, BadNote
from zone.language import N_, Refusal
from zone.requests.numbers import numbers
from zone.secret import Secret
from zone.web.access import allow
from zone.web.forms import TranslatedForm
from zone.web.here import in_words, parts, principal, words
from zone.web.support.addresses import CLIENT, client_here
from zone.web.support.blueprint import support
from zone.web.support.who import who

ABOUT = {
    Why.PHONE_CHANGE: N_("A change of the phone number was not the client's wish."),
    Why.REQUEST: N_("A request was not the client's wish."),
    Why.ACCESS: N_("An entry of the access history was not the client."),
}
BY_LINK = N_("the client, by the link in a message")


class LiftForm(TranslatedForm):
    """What the client said when an agent talked to them."""

    text = TextAreaField(N_("What the client said"), [InputRequired(BadNote.message)])


@support.route(f"{CLIENT}/holds/<int(max=9223372036854775807):hold_id>", methods=("GET", "POST"))
@allow(Role.SUPPORT)
def lift_hold(client_id: int, hold_id: int) -> Response:
    """What is held back and why; and letting it go."""
    client, form = client_here(client_id), LiftForm()
    held = holds.one(client.id, hold_id)
    if form.validate_on_submit() and _lift(client.id, hold_id, form):
        return make_response(redirect(url_for("support.client", client_id=client.id), 303))
    (hold,) = _rows([held])
    page = render_template("support/hold.html", client=client, form=form, hold=hold, longest=LONGEST)
    return make_response(page, 422 if form.errors else 200)


def hold_facts(client_id: int) -> dict[str, Any]:
    """What `_holds.html` shows."""
    rows = _rows(holds.of_client(client_id))
    return {
        "standing": [row for row in rows if row["lifted_at"] is None],
        "lifted": [row for row in rows if row["lifted_at"] is not None],
    }


def _lift(client_id: int, hold_id: int, form: LiftForm) -> bool:
    said = Secret(form.text.data or "")
    try:
        lifted = lift_after_talking(parts().vault, principal().actor, client_id, hold_id, said)
    except Refusal as refusal:
        form.add_error("text", in_words(refusal))
        return False
    if lifted:
        flash(words().gettext("The hold is lifted, and what the client said is noted."), "success")
    return True


def _rows(found: list[Held]) -> list[dict[str, Any]]:
    """The holds in words, in two queries more."""
    asked = [held.hold.subject_id for held in found if held.hold.why == Why.REQUEST]
    quoted = numbers([each for each in asked if each is not None])
    acted = [(held.hold.placed_by_account, held.hold.lifted_by_account) for held in found]
    names = accounts.names_of_staff(account for both in acted for account in both)
    return [_row(held, quoted, names) for held in found]


def _row(held: Held, quoted: dict[int, str], names: dict[int, str]) -> dict[str, Any]:
    hold, say = held.hold, words().gettext
    by_link = hold.placed_by_role == Role.CLIENT and hold.placed_by_account is None
    lifted_by = hold.lifted_by_role and who(hold.lifted_by_role, hold.lifted_by_account, names, words())
    return {
        "id": hold.id,
        "about": say(ABOUT[Why(hold.why)]),
        "number": held.phone_masked,
        "request": quoted.get(hold.subject_id or 0) if hold.why == Why.REQUEST else None,
        "entry_before": hold.subject_id + 1 if hold.why == Why.ACCESS and hold.subject_id else None,
        "placed_at": hold.placed_at,
        "placed_by": say(BY_LINK)
        if by_link
        else who(hold.placed_by_role, hold.placed_by_account, names, words()),
        "lifted_at": hold.lifted_at,
        "lifted_by": lifted_by,
    }
