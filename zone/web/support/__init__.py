"""The support desk: worklists, and acting for a client in the client's own pages."""

from zone.web.support import impersonation, worklists
from zone.web.support.blueprint import support

__all__ = ["impersonation", "support", "worklists"]
