"""The turn that every act on one client takes, and whether who acts may act for them at all (rule 13 of DESIGN.md)."""

from __future__ import annotations

from peewee import DoesNotExist

from zone.audit import Actor, Role
from zone.clients import mandates
from zone.clients.mandates import NoMandate
from zone.clients.models import hold


def act_on(actor: Actor, client_id: int) -> None:
    """Take the turn at this client, in the caller's transaction; it ends with that.

    A broker gets none without a mandate that is in force at this moment: raises `NoMandate`.
    """
    try:
        hold(client_id)
    except DoesNotExist as error:
        if actor.role is Role.BROKER:  # to whom a client who was erased is one they never had
            raise NoMandate from error
        raise
    if actor.role is Role.BROKER:
        mandates.require(actor, client_id)
