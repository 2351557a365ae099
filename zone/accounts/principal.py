"""Who is signed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from zone.audit import Actor, Role


@dataclass(frozen=True)
class Principal:
    """A signed-in person, as the database knew them when the request began.

    `client_id` names the client whose account this is, none for staff. `proven_at` is when the sign-in
    password was last given in this session.
    """

    account_id: int
    role: Role
    name: str
    client_id: int | None
    session_id: int
    proven_at: datetime
    language: str

    @property
    def actor(self) -> Actor:
        """Who really acts, for rules and for the trail."""
        return Actor(self.role, self.account_id)
