"""How many rows of clients and policies one account may read in an hour and in a day, so that nobody carries them off.

It is all one whether they are read in a search or page by page.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from peewee import EXCLUDED, Case

from zone.audit import Actor, Role, Tag, record
from zone.clients.acting import act_on
from zone.clients.search_models import Reading
from zone.clock import now
from zone.config import Limits
from zone.language import N_, Refusal
from zone.storage import transaction

SPANS = {"hour": timedelta(hours=1), "day": timedelta(days=1)}
# So long everything that a person does about one policy or client is one look at it.
LOOK = timedelta(hours=1)


class TooMuchRead(Refusal):
    """Somebody was shown as many rows as they may be. `until` is from when on it goes again."""


@dataclass(frozen=True)
class Allowance:
    """Rows in each span, and what is said of who would read more: to the trail, and to them."""

    at_most: dict[str, int]
    alarm: Tag
    message: str


def spend(actor: Actor, rows: int, limits: Limits) -> None:
    """Count `rows` that are about to be shown.

    Raises `TooMuchRead` after the count, and the alarm of who reached a limit, were committed. An outer transaction
    would take them back, so let there be none. Raises `PermissionError` for who has no allowance.
    """
    allowed = of(actor, limits)
    with transaction():
        over = _use_up(actor, _hold(actor), rows, allowed)
    _refuse(over, allowed)


def look(
    actor: Actor,
    client_id: int,
    *,
    limits: Limits,
    is_looking: Callable[[], bool],
    begin: Callable[[], object],
) -> None:
    """Count one row and `begin` to look at something of the client's, unless the actor `is_looking` at it already.

    Both are asked in the transaction that has the client's turn. Raises what `act_on` and `spend` raise.
    """
    allowed = of(actor, limits)
    with transaction():
        act_on(actor, client_id)
        readings = _hold(actor)
        if is_looking():
            return
        over = _use_up(actor, readings, 1, allowed)
        if not over:
            begin()
    _refuse(over, allowed)


def of(actor: Actor, limits: Limits) -> Allowance:
    """What the actor may read. Raises `PermissionError` for who has no portfolio and no clients to look for."""
    if actor.account_id is not None and actor.role is Role.BROKER:
        return Allowance(
            {"hour": limits.portfolio_rows_per_hour, "day": limits.portfolio_rows_per_day},
            Tag.PORTFOLIO_ALARM,
            N_(
                "You have looked at very many policies in a short time. To protect the clients, you can search and "
                "open more after %(until)s. If you need more at once, please call us."
            ),
        )
    if actor.account_id is not None and actor.role is Role.SUPPORT:
        return Allowance(
            {"hour": limits.support_rows_per_hour, "day": limits.support_rows_per_day},
            Tag.CLIENTS_ALARM,
            N_(
                "You have looked at very many clients in a short time. To protect them, you can search and open more "
                "after %(until)s. What you have open stays open."
            ),
        )
    raise PermissionError("only brokers and support look at clients under an allowance")


def _hold(actor: Actor) -> list[Reading]:
    """Both of the account's spans, held until the transaction ends; one that is over, or never was, begins now."""
    at = now()
    new = [
        {"account_id": actor.account_id, "span": span, "until": at + SPANS[span], "rows": 0} for span in SPANS
    ]
    over = Reading.until <= at
    held = Reading.insert_many(new).on_conflict(
        conflict_target=[Reading.account_id, Reading.span],
        update={
            Reading.rows: Case(None, [(over, 0)], Reading.rows),
            Reading.until: Case(None, [(over, EXCLUDED.until)], Reading.until),
        },
    )
    return list(held.returning(Reading).execute())


def _use_up(actor: Actor, readings: list[Reading], rows: int, allowed: Allowance) -> list[Reading]:
    """Count `rows` in the spans that are held. Returns those in which it was too much, with an alarm for a new one."""
    # What is refused uses nothing up: who goes on typing for an hour loses no more than that.
    if over := _over(readings, allowed):
        return over
    mine = Reading.account_id == actor.account_id
    Reading.update(rows=Reading.rows + rows).where(mine).execute()
    for reading in readings:
        reading.rows += rows
    over = _over(readings, allowed)
    for reading in over:
        record(allowed.alarm, actor, span=reading.span, rows=reading.rows)
    return over


def _refuse(over: list[Reading], allowed: Allowance) -> None:
    if over:
        raise TooMuchRead(allowed.message, until=max(reading.until for reading in over))


def _over(readings: list[Reading], allowed: Allowance) -> list[Reading]:
    return [reading for reading in readings if reading.rows > allowed.at_most[reading.span]]
