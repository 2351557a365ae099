"""A broker's portfolio: the policies under a mandate that is alive now."""

from __future__ import annotations

from dataclasses import dataclass

from zone.clients.mandates import alive
from zone.clients.models import Client, Mandate, Policy

PAGE = 50


@dataclass(frozen=True)
class Page:
    """Some policies, by number. `after` is where the next page begins; none when this is the last."""

    policies: list[Policy]
    after: str | None


def page(broker_id: int, *, after: str = "") -> Page:
    """The broker's policies whose numbers come after `after`, each with its client, in one query."""
    query = (
        Policy.select(Policy, Client)
        .join_from(Policy, Client)
        .join_from(Policy, Mandate)
        .where(Mandate.broker_id == broker_id, alive(), Policy.number > after)
        .order_by(Policy.number)
        .distinct()
        .limit(PAGE + 1)
    )
    policies = list(query)
    return Page(policies[:PAGE], policies[PAGE - 1].number if len(policies) > PAGE else None)
