"""How much may be asked for: sliding windows over what was asked, beside the quotas of the SMS themselves."""

from __future__ import annotations

from datetime import timedelta

from zone.accounts.models import Account
from zone.audit import Actor
from zone.config import Limits
from zone.language import N_, Refusal
from zone.requests.models import Request
from zone.storage import full_until, locked

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class TooManyRequests(Refusal):
    """A quota is used up. `until` is when the next request may be made."""

    message = N_("Too many requests were made. You can make the next one after %(until)s.")


def check_quotas(actor: Actor, client_id: int, limits: Limits) -> None:
    """See that one more may be asked for by this actor, and for this client by anybody. Raises `TooManyRequests`."""
    # Held, so that requests for several clients at one moment count each other.
    locked(Account.select(Account.id).where(Account.id == actor.account_id)).get_or_none()
    asked = Request.select(Request.asked_at)
    for which, window, most in (
        (Request.actor_id == actor.account_id, HOUR, limits.requests_per_actor_hour),
        (Request.client == client_id, DAY, limits.requests_per_client_day),
    ):
        until = full_until(asked.where(which), Request.asked_at, window=window, most=most)
        if until is not None:
            raise TooManyRequests(until=until)
