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


@dataclass(frozen=True)
class Actor:
    """Who really acts: never the client whom a broker or a support agent acts for."""

    role: Role
    account_id: int | None = None


SYSTEM = Actor(Role.SYSTEM)
OPERATOR = Actor(Role.OPERATOR)
