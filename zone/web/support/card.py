"""The client's card: all that an agent needs with the client on the line, and nothing that only the client may know."""

from __future__ import annotations

from typing import Any

from flask import render_template

from zone.accounts import accounts
from zone.audit import Role
from zone.clients import phones
from zone.clients.models import Client, ClientKind
from zone.language import N_
from zone.language.language import NAMES
from zone.letter_passwords.overview import Overview, overview
from zone.web.access import allow
from zone.web.here import parts, principal, words
from zone.web.message_words import way
from zone.web.request_words import confirmed_by, in_force
from zone.web.support.addresses import CLIENT, client_here
from zone.web.support.blueprint import support
from zone.web.support.holds import hold_facts
from zone.web.support.letters import letter_facts, waiting_facts
from zone.web.support.messages import message_facts
from zone.web.support.notes import note_facts
from zone.web.support.requests import acts, request_facts
from zone.web.support.who import who

KINDS = {ClientKind.PERSON: N_("person"), ClientKind.COMPANY: N_("company")}


@support.get(CLIENT)
@allow(Role.SUPPORT)
def client(client_id: int) -> str:
    """The card."""
    found = client_here(client_id)
    seen = overview(found.id, limits=parts().config.limits, actor=principal().actor)
    return render_template(
        "support/client.html",
        client=found,
        seen=seen,
        acts=acts(seen),
        **_contact(found, seen),
        **hold_facts(found.id),
        **message_facts(found.id),
        **letter_facts(found.id, on_card=True),
        **waiting_facts(found.id),
        **request_facts(found.id),
        **note_facts(found.id),
    )


def _contact(client: Client, seen: Overview) -> dict[str, Any]:
    """How the client is reached, whether they sign in, and which kind of password is in force."""
    say, phone, version = words().gettext, seen.phone, seen.version
    confirmer = phone.confirmed_by_account if phone else None
    names = accounts.names_of_staff([confirmer, version.set_by_account])
    return {
        "kind": say(KINDS[ClientKind(client.kind)]),
        "spoken": NAMES[client.language],
        "email_masked": phones.mask_email(client.email),
        "account": accounts.of_client(client.id),
        "confirmed_by": confirmed_by(phone, words()) if phone else None,
        "confirmer": names.get(confirmer or 0),
        "in_force": in_force(seen, words()),
        "set_by": who(version.set_by_role, version.set_by_account, names, words()),
        "last_way": way(seen.last, words(), reader=Role.SUPPORT) if seen.last else None,
    }
