"""What a broker reads of their portfolio, in the search or policy by policy: all of it comes off one allowance.

Forty calls a day, each with a few letters typed and ten or twenty rows shown at each, fit in; a portfolio of a thousand
clients, read from end to end, does not.
"""

from __future__ import annotations

from functools import partial

from zone.audit import Actor, Tag, record
from zone.clients import allowance, mandates, search
from zone.clients.allowance import LOOK
from zone.clients.models import Policy
from zone.clients.search import Page, PolicyRow
from zone.clients.search_models import PolicyLook
from zone.clock import now
from zone.config import Limits


def portfolio(actor: Actor, typed: str, *, after: str | None = None, limits: Limits) -> Page[PolicyRow]:
    """As `search.portfolio`, with what it shows counted. The beginning of the list, always the same, counts nothing.

    A search that finds nobody counts as one row: that somebody is not there is something to know as well.
    Raises what `allowance.spend` raises.
    """
    page = search.portfolio(_broker(actor), typed, after=after)
    if after or typed.strip():
        allowance.spend(actor, max(1, len(page.rows)), limits)
    return page


def look_at(actor: Actor, policy_id: int, *, limits: Limits) -> Policy:
    """The policy that a broker opens, with its client: one row, and an event for the client's access history.

    Whatever the broker opens of it within the hour after costs nothing and leaves nothing. Raises `NoMandate`, and
    `TooMuchRead` as `portfolio` does.
    """
    broker_id = _broker(actor)
    policy = mandates.policy(actor, policy_id)
    is_looking, begin = partial(_is_looking, broker_id, policy), partial(_begin_to_look, actor, policy)
    if not is_looking():
        allowance.look(actor, policy.client_id, limits=limits, is_looking=is_looking, begin=begin)
    return policy


def _broker(actor: Actor) -> int:
    if actor.account_id is None:
        raise PermissionError("a portfolio is a broker's")
    return actor.account_id


def _is_looking(broker_id: int, policy: Policy) -> bool:
    look = (PolicyLook.broker_id == broker_id) & (PolicyLook.policy == policy) & (PolicyLook.until > now())
    return bool(PolicyLook.select().where(look).exists())


def _begin_to_look(actor: Actor, policy: Policy) -> None:
    look = PolicyLook.insert(broker_id=actor.account_id, policy=policy, until=now() + LOOK)
    key = [PolicyLook.broker_id, PolicyLook.policy]
    look.on_conflict(conflict_target=key, preserve=[PolicyLook.until]).execute()
    record(Tag.POLICY_VIEWED, actor, client_id=policy.client_id, policy=policy.number)
