"""Where the pages of one client are."""

from __future__ import annotations

from zone.clients import people
from zone.clients.models import Client

# A row number, not the client's reference, and by no means a name: those would stand in browsers' histories and
# proxies' logs.
CLIENT = "/clients/<int(max=9223372036854775807):client_id>"
PHONE = f"{CLIENT}/phone"
REQUESTS = f"{CLIENT}/requests"


def client_here(client_id: int) -> Client:
    """The client whose page it is. Raises `UnknownClient`."""
    return people.by_id(client_id)
