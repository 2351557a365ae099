"""Where the pages of one policy are, and which policy a page is about."""

from __future__ import annotations

from zone.clients import reading
from zone.clients.models import Policy
from zone.web.here import parts, principal

# A row number, not the policy's: that one would stand in browsers' histories and proxies' logs.
POLICY = "/policies/<int(max=9223372036854775807):policy_id>"
REQUEST = f"{POLICY}/requests/<reference>"
NEW = f"{POLICY}/requests/new/electronic-correspondence"


def under_mandate(policy_id: int) -> Policy:
    """The policy, with its client, if the broker may act on it now; that is a look at it.

    Raises `NoMandate` and `TooMuchRead`.
    """
    return reading.look_at(principal().actor, policy_id, limits=parts().config.limits)
