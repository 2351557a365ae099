"""Who did something, as the support desk reads it."""

from __future__ import annotations

from collections.abc import Mapping

from zone.audit import Role
from zone.language import N_, Language

PARTS = {
    Role.CLIENT: N_("the client"),
    Role.BROKER: N_("a broker"),
    Role.SUPPORT: N_("support"),
    Role.OPERATOR: N_("the insurer"),
    Role.PROGRAM: N_("the insurer's system"),
    Role.SYSTEM: N_("the zone, by itself"),
}


def who(role: str, account_id: int | None, names: Mapping[int, str], words: Language) -> str:
    """The part that they played, and the name of staff who are still known."""
    part, name = words.gettext(PARTS[Role(role)]), names.get(account_id or 0)
    return f"{part}, {name}" if name else part
