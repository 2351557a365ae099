"""Where the pages of one client are, and whom a page is about."""

from __future__ import annotations

from zone.clients.looking import look_at_client
from zone.clients.models import Client
from zone.web.here import parts, principal

# A row number, not the client's reference, and by no means a name: those would stand in browsers' histories and
# proxies' logs.
CLIENT = "/clients/<int(max=9223372036854775807):client_id>"
PHONE = f"{CLIENT}/phone"
REQUESTS = f"{CLIENT}/requests"


def client_here(client_id: int) -> Client:
    """The client whom the page is about; that is a look at them, the first one in an hour.

    What a page asks for by itself goes through here too: who has not opened the client has nothing to follow.
    Raises `UnknownClient` and `TooMuchRead`.
    """
    return look_at_client(principal().actor, client_id, limits=parts().config.limits)
