"""The support desk: search, the client's card, worklists, campaigns, and acting in the client's own pages."""

from zone.web.support import (
    campaigns,
    card,
    holds,
    impersonation,
    letters,
    messages,
    notes,
    phone,
    requests,
    search,
    trail,
    worklists,
)
from zone.web.support.blueprint import support

__all__ = [
    "campaigns",
    "card",
    "holds",
    "impersonation",
    "letters",
    "messages",
    "notes",
    "phone",
    "requests",
    "search",
    "support",
    "trail",
    "worklists",
]
