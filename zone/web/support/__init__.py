"""The support desk: the client's card and what is done from it, worklists, and acting in the client's own pages."""

from zone.web.support import campaigns, card, impersonation, phone, requests, worklists
from zone.web.support.blueprint import support

__all__ = ["campaigns", "card", "impersonation", "phone", "requests", "support", "worklists"]
