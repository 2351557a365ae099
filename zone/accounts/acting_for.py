"""Whom a support agent acts for: what each request finds anew, and lays over the agent's own principal.

The agent stays the actor. What the browser keeps is a mark, the impersonation's reference; it is worth something only
together with the session that it was begun in. Who loses it is the agent again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from peewee import Expression

from zone.accounts.impersonation_reasons import Reason
from zone.accounts.models import Account, Impersonation
from zone.audit import Role
from zone.clients.models import Client
from zone.clock import now


@dataclass(frozen=True)
class ActingFor:
    """One impersonation as the database knew it when the request began. `over_at` is set once it is over."""

    id: int
    reference: str
    client_id: int
    client_name: str
    client_language: str
    reason: Reason
    ticket: str
    ends_at: datetime
    extended: bool
    over_at: datetime | None

    @property
    def in_force(self) -> bool:
        """Whether the agent may act for the client now."""
        return self.over_at is None and now() < self.ends_at

    @property
    def seconds_left(self) -> int:
        """How long it still is in force."""
        return max(0, int((self.ends_at - now()).total_seconds()))


def find(agent_id: int, session_id: int, reference: str) -> ActingFor | None:
    """The impersonation of this agent, from this session, over or not; none when it is anybody else's or nothing.

    It is none as well once the client is gone, and over once they are staff.
    """
    mine = Impersonation.agent_id == agent_id, Impersonation.session == session_id
    row = _first(Impersonation.reference == reference, *mine)
    if row is None:
        return None
    found = acting_for(row, row.client)
    return replace(found, over_at=found.over_at or now()) if is_staff(row.client) else found


def still_open(agent_id: int) -> ActingFor | None:
    """The one that the agent has open, from whichever session."""
    row = _first(Impersonation.agent_id == agent_id, Impersonation.ended_at.is_null())
    found = acting_for(row, row.client) if row and not is_staff(row.client) else None
    return found if found and found.in_force else None


def is_staff(client: Client) -> bool:
    """Whether the client works for the insurer, and signs in with the same e-mail."""
    return bool(staff_among([client]))


def staff_among(clients: Iterable[Client]) -> set[int]:
    """The row numbers of those of the clients who are staff."""
    emails = {client.id: client.email.casefold() for client in clients}
    query = Account.select(Account.email).where(
        Account.email.in_(list(emails.values())), Account.role != Role.CLIENT
    )
    theirs = {account.email for account in query}
    return {client_id for client_id, email in emails.items() if email in theirs}


def _first(*which: Expression) -> Any:
    """The row, with its `client`."""
    query = Impersonation.select(Impersonation, Client)
    query = query.join(Client, on=(Impersonation.client_id == Client.id), attr="client")
    return query.where(*which).first()


def acting_for(row: Impersonation, client: Client) -> ActingFor:
    """What a request knows of `row`."""
    over = row.ended_at if row.ended_at or row.ends_at > now() else row.ends_at
    return ActingFor(
        id=row.id,
        reference=row.reference,
        client_id=client.id,
        client_name=client.name,
        client_language=client.language,
        reason=Reason(row.reason),
        ticket=row.ticket,
        ends_at=row.ends_at,
        extended=row.extended_at is not None,
        over_at=over,
    )
