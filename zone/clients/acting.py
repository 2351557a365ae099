"""The turn that every act on one client takes, and whether who acts may act for them at all (rule 13 of DESIGN.md)."""

from __future__ import annotations

from zone.audit import Actor, Role
from zone.clients import mandates
from zone.clients.models import hold


def act_on(actor: Actor, client_id: int) -> None:
    """Take the turn at this client, in the caller's transaction; it ends with that.

    A broker gets none without a mandate that is in force at this moment: raises `NoMandate`.
    """
    hold(client_id)
    if actor.role is Role.BROKER:
        mandates.require(actor, client_id)
