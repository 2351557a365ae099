"""The client's messages: where each is, what to do about it, and saying of an unknown one whether it arrived."""

from __future__ import annotations

from typing import Any

from flask import Response, make_response, redirect, render_template, request, url_for
from wtforms import StringField
from wtforms.validators import AnyOf

from zone.audit import Role
from zone.messages import of_client
from zone.messages.models import Kind
from zone.messages.settling import may_settle, settle
from zone.web.access import allow
from zone.web.forms import TranslatedForm
from zone.web.here import principal, row_number, wants_partial, words
from zone.web.message_words import KINDS, soonest, way
from zone.web.support.addresses import CLIENT, client_here
from zone.web.support.blueprint import support

YES, NO = "yes", "no"


class SettleForm(TranslatedForm):
    """Whether the client has it."""

    arrived = StringField(validators=[AnyOf([YES, NO])])


@support.get(f"{CLIENT}/messages")
@allow(Role.SUPPORT)
def client_messages(client_id: int) -> str:
    """One page of messages, or for HTMX its list."""
    client, before = client_here(client_id), request.args.get("before", type=row_number)
    template = "support/_messages.html" if wants_partial() else "support/client_messages.html"
    return render_template(template, client=client, **message_facts(client.id, before=before))


@support.get(f"{CLIENT}/messages/progress")
@allow(Role.SUPPORT, polling=True)
def client_messages_progress(client_id: int) -> str:
    """The newest messages, which the page asks for until all are final."""
    client = client_here(client_id)
    return render_template("support/_messages.html", client=client, **message_facts(client.id))


@support.post(f"{CLIENT}/messages/<reference>/settle")
@allow(Role.SUPPORT)
def settle_message(client_id: int, reference: str) -> Response:
    """Note what the client says. Said twice, or after a receipt came, it changes nothing; the list says how it is."""
    client, form = client_here(client_id), SettleForm()
    message = of_client.one(client.id, reference)
    if form.validate_on_submit():
        settle(principal().actor, message.reference, arrived=form.arrived.data == YES)
    return make_response(redirect(url_for("support.client_messages", client_id=client.id), 303))


def message_facts(client_id: int, *, before: int | None = None) -> dict[str, Any]:
    """What `_messages.html` shows. What is under way is followed on the first page alone, where it stands."""
    page = of_client.page(client_id, before=before)
    rows = [
        (
            message,
            words().gettext(KINDS[Kind(message.kind)]),
            way(message, words(), reader=Role.SUPPORT),
            may_settle(message),
        )
        for message in page.messages
    ]
    return {
        "messages": rows,
        "messages_older": page.older,
        "messages_newest": before is None,
        "messages_poll": soonest(sent for _, _, sent, _ in rows) if before is None else None,
    }
