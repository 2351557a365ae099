"""An agent's browser in a client's pages."""

from __future__ import annotations

from tests.web.browser import HTMX, Browser
from tests.web.people import Person
from zone.accounts.models import Impersonation

PANEL = "/settings/electronic-correspondence"


def begin(desk: Browser, client: Person, **fields: str) -> str:
    """Start acting for the client; the impersonation's reference."""
    assert client.client
    form = {"reason": "forgotten_password", "ticket": "PO-2041"} | fields
    answer = desk.send(f"/support/clients/{client.client_id}/impersonate", form)
    assert answer.status_code == 303, answer.text
    newest: Impersonation = Impersonation.select().order_by(Impersonation.id.desc()).first()
    return newest.reference


def part(reference: str) -> dict[str, str]:
    """The headers that HTMX sends from a page under that impersonation."""
    return {**HTMX, "Zone-Impersonation": reference, "HX-Current-URL": f"http://localhost{PANEL}"}
