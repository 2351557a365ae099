"""Who acts."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """The parts that people and programs play; see the vocabulary in DESIGN.md."""

    CLIENT = "client"
    BROKER = "broker"
    SUPPORT = "support"
    OPERATOR = "operator"
    SYSTEM = "system"
    PROGRAM = "program"  # of the insurer's, at the API


# Who asks by hand, and is held to a person's measure.
PEOPLE = (Role.CLIENT, Role.BROKER, Role.SUPPORT)
# Who acts for clients.
STAFF = (Role.BROKER, Role.SUPPORT)


@dataclass(frozen=True)
class Actor:
    """Who really acts: never the client whom a broker or a support agent acts for.

    A program is known by the id of its API key, and by the key's `name`, which its events show. A support agent who
    acts for a client in the client's own pages does so under an `impersonation`, whose id each event holds.
    """

    role: Role
    account_id: int | None = None
    name: str | None = None
    impersonation_id: int | None = None


SYSTEM = Actor(Role.SYSTEM)
OPERATOR = Actor(Role.OPERATOR)
