"""One event for every act: who, for whom, what, when."""

from zone.audit.actor import OPERATOR, PEOPLE, STAFF, SYSTEM, Actor, Role
from zone.audit.record import record
from zone.audit.tags import Tag

__all__ = ["OPERATOR", "PEOPLE", "STAFF", "SYSTEM", "Actor", "Role", "Tag", "record"]
