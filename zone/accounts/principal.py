"""Who is signed in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from zone.accounts.acting_for import ActingFor
from zone.audit import Actor, Role


@dataclass(frozen=True)
class Principal:
    """A signed-in person, as the database knew them when the request began.

    `client_id` names the client whose pages these are: the one whose account this is, or whom a support agent acts for;
    none for other staff. `proven_at` is when the sign-in password was last given in this session.
    """

    account_id: int
    role: Role
    name: str
    client_id: int | None
    session_id: int
    proven_at: datetime
    language: str
    impersonation: ActingFor | None = None

    @property
    def actor(self) -> Actor:
        """Who really acts, for rules and for the trail."""
        under = self.impersonation.id if self.impersonation else None
        return Actor(self.role, self.account_id, impersonation_id=under)

    def for_client(self, impersonation: ActingFor) -> Principal:
        """The same person, acting for a client."""
        return replace(self, client_id=impersonation.client_id, impersonation=impersonation)
