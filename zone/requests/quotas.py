"""How much may be asked for: sliding windows over what was asked, beside the quotas of the SMS themselves."""

from __future__ import annotations

from datetime import timedelta

from zone.accounts.models import Account
from zone.audit import Actor
from zone.clients.models import Policy
from zone.clock import now
from zone.config import Limits
from zone.language import N_, Refusal
from zone.requests.models import Request
from zone.storage import locked

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class TooManyRequests(Refusal):
    """A quota is used up. `until` is when the next request may be made."""

    message = N_("Too many requests were made. You can make the next one after %(until)s.")


def check_quotas(actor: Actor, client_id: int, limits: Limits) -> None:
    """See that one more may be asked for by this actor, and for this client. Raises `TooManyRequests`."""
    # Held, so that requests for several clients at one moment count each other.
    locked(Account.select(Account.id).where(Account.id == actor.account_id)).get_or_none()
    mine = Request.select(Request.asked_at).where(Request.actor_id == actor.account_id)
    of_client = Request.select(Request.asked_at).join(Policy).where(Policy.client == client_id)
    for asked, window, most in (
        (mine, HOUR, limits.requests_per_actor_hour),
        (of_client, DAY, limits.requests_per_client_day),
    ):
        recent = asked.where(Request.asked_at > now() - window).order_by(Request.asked_at.desc())
        # The quota bounds the offset.
        oldest = recent.offset(most - 1).first()
        if oldest is not None:
            raise TooManyRequests(until=oldest.asked_at + window)
