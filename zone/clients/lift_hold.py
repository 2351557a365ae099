"""Support lifts a hold once they have talked to the client, and notes what the client said (rule 7 of DESIGN.md)."""

from __future__ import annotations

from zone.audit import Actor
from zone.clients import holds, notes
from zone.secret import Secret
from zone.storage import transaction
from zone.vault import Vault


def lift_after_talking(vault: Vault, actor: Actor, client_id: int, hold_id: int, said: Secret) -> bool:
    """End that hold of the client and note what they `said`, both or neither. Says whether it still stood.

    One that was lifted before leaves no note: it may be a double click. Raises `NoSuchHold`, and what
    `notes.write_of_hold` and `holds.lift` raise.
    """
    with transaction():
        holds.one(client_id, hold_id)
        if not holds.lift(actor, client_id, hold_id):
            return False
        notes.write_of_hold(vault, actor, client_id, said, hold_id)
    return True
