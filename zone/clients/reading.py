"""How much of the portfolio a broker may read in an hour and in a day, so that nobody carries it off row by row.

Forty calls a day, each with a few letters typed and ten or twenty rows shown at each, fit in; a portfolio of a thousand
clients, read from end to end, does not. It is all one whether it is read in the search or policy by policy.
"""

from __future__ import annotations

from datetime import timedelta

from peewee import EXCLUDED, Case

from zone.audit import Actor, Tag, record
from zone.clients import mandates, search
from zone.clients.acting import act_on
from zone.clients.models import Policy
from zone.clients.search import Page, PolicyRow
from zone.clients.search_models import PolicyLook, PortfolioReading
from zone.clock import now
from zone.config import Limits
from zone.language import N_, Refusal
from zone.storage import transaction

SPANS = {"hour": timedelta(hours=1), "day": timedelta(days=1)}
# So long everything that a broker does about one policy is one look at it.
LOOK = timedelta(hours=1)


class TooMuchRead(Refusal):
    """The broker was shown as many rows as they may be. `until` is from when on it goes again."""

    message = N_(
        "You have looked at very many policies in a short time. To protect the clients, you can search and open more "
        "after %(until)s. If you need more at once, please call us."
    )


def portfolio(
    actor: Actor, typed: str, *, after: str | None = None, most: int = search.PAGE, limits: Limits
) -> Page[PolicyRow]:
    """As `search.portfolio`, with what it shows counted. The beginning of the list, always the same, counts nothing.

    A search that finds nobody counts as one row: that somebody is not there is something to know as well.
    Raises `TooMuchRead` after the count, and the alarm of who reached a limit, were committed. An outer transaction
    would take them back, so let there be none.
    """
    broker_id = _broker(actor)
    page = search.portfolio(broker_id, typed, after=after, most=most)
    if after or typed.strip():
        with transaction():
            over = _use_up(actor, _hold(broker_id), max(1, len(page.rows)), limits)
        _refuse(over)
    return page


def look_at(actor: Actor, policy_id: int, *, limits: Limits) -> Policy:
    """The policy that a broker opens, with its client: one row, and an event for the client's access history.

    Whatever the broker opens of it within the hour after costs nothing and leaves nothing. Raises `NoMandate`, and
    `TooMuchRead` as `portfolio` does.
    """
    broker_id = _broker(actor)
    policy = mandates.policy(actor, policy_id)
    if not _is_looking(broker_id, policy):
        _refuse(_begin_to_look(actor, broker_id, policy, limits))
    return policy


def _broker(actor: Actor) -> int:
    if actor.account_id is None:
        raise PermissionError("a portfolio is a broker's")
    return actor.account_id


def _is_looking(broker_id: int, policy: Policy) -> bool:
    look = (PolicyLook.broker_id == broker_id) & (PolicyLook.policy == policy) & (PolicyLook.until > now())
    return bool(PolicyLook.select().where(look).exists())


def _begin_to_look(actor: Actor, broker_id: int, policy: Policy, limits: Limits) -> list[PortfolioReading]:
    """Count the look, unless another page did at this moment. Returns the spans in which it was one too many."""
    with transaction():
        act_on(actor, policy.client_id)
        readings = _hold(broker_id)
        if _is_looking(broker_id, policy):
            return []
        over = _use_up(actor, readings, 1, limits)
        if not over:
            look = PolicyLook.insert(broker_id=broker_id, policy=policy, until=now() + LOOK)
            key = [PolicyLook.broker_id, PolicyLook.policy]
            look.on_conflict(conflict_target=key, preserve=[PolicyLook.until]).execute()
            record(Tag.POLICY_VIEWED, actor, client_id=policy.client_id, policy=policy.number)
    return over


def _use_up(
    actor: Actor, readings: list[PortfolioReading], rows: int, limits: Limits
) -> list[PortfolioReading]:
    """Count `rows` in the spans that are held. Returns those in which it was too much, with an alarm for a new one."""
    at_most = {"hour": limits.portfolio_rows_per_hour, "day": limits.portfolio_rows_per_day}
    # What is refused uses nothing up: who goes on typing for an hour loses no more than that.
    if over := _over(readings, at_most):
        return over
    mine = PortfolioReading.broker_id == actor.account_id
    PortfolioReading.update(rows=PortfolioReading.rows + rows).where(mine).execute()
    for reading in readings:
        reading.rows += rows
    over = _over(readings, at_most)
    for reading in over:
        record(Tag.PORTFOLIO_ALARM, actor, span=reading.span, rows=reading.rows)
    return over


def _refuse(over: list[PortfolioReading]) -> None:
    if over:
        raise TooMuchRead(until=max(reading.until for reading in over))


def _over(readings: list[PortfolioReading], at_most: dict[str, int]) -> list[PortfolioReading]:
    return [reading for reading in readings if reading.rows > at_most[reading.span]]


def _hold(broker_id: int) -> list[PortfolioReading]:
    """Both of the broker's spans, held until the transaction ends; one that is over, or never was, begins now."""
    at = now()
    new = [{"broker_id": broker_id, "span": span, "until": at + SPANS[span], "rows": 0} for span in SPANS]
    over = PortfolioReading.until <= at
    held = PortfolioReading.insert_many(new).on_conflict(
        conflict_target=[PortfolioReading.broker_id, PortfolioReading.span],
        update={
            PortfolioReading.rows: Case(None, [(over, 0)], PortfolioReading.rows),
            PortfolioReading.until: Case(None, [(over, EXCLUDED.until)], PortfolioReading.until),
        },
    )
    return list(held.returning(PortfolioReading).execute())
