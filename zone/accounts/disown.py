"""The client says that something in their access history was not them."""

from __future__ import annotations

from zone.accounts import sessions
from zone.accounts.principal import Principal
from zone.clients import holds
from zone.clients.holds import Why
from zone.storage import transaction


def disown(principal: Principal, event_id: int) -> None:
    """Shut out whoever it was: no password goes to the phone, and every session but this one ends, in one transaction.

    `event_id` is the entry that was not the client's doing. Twice is once.
    """
    if principal.client_id is None:
        raise PermissionError("only a client says what was not them")
    with transaction():
        holds.place(principal.actor, principal.client_id, Why.ACCESS, subject_id=event_id)
        sessions.sign_out_others(principal)
