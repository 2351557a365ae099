"""The client's card."""

from __future__ import annotations

from flask import render_template

from zone.audit import Role
from zone.letter_passwords.overview import overview
from zone.requests.overview import of_client
from zone.web.access import allow
from zone.web.here import parts, principal
from zone.web.support.addresses import CLIENT, client_here
from zone.web.support.blueprint import support
from zone.web.support.requests import rows


@support.get(CLIENT)
@allow(Role.SUPPORT)
def client(client_id: int) -> str:
    """What can be done for the client, and what was asked for."""
    found = client_here(client_id)
    seen = overview(found.id, limits=parts().config.limits, actor=principal().actor)
    return render_template("support/client.html", client=found, seen=seen, **rows(of_client(found.id)))
