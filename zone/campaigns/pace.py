"""How many may be invited now: time is saved up and spent, and never more than a few minutes of it.

A campaign that is to invite 200 an hour spends 18 seconds on each. What a worker that stood still has not spent is
lost, so that no mail server sees in a minute what was meant for an hour.
"""

from __future__ import annotations

from datetime import datetime, timedelta

HOUR = timedelta(hours=1)
# Beside what the next invitation costs, so that slow ones are saved up for as well.
SAVED_AT_MOST = timedelta(minutes=3)


def costs(per_hour: int) -> timedelta:
    """The time that one invitation takes."""
    return HOUR / per_hour


def begins_at(per_hour: int, at: datetime) -> datetime:
    """From when time is saved by a campaign that starts `at`: its first invitation goes at once."""
    return at - costs(per_hour)


def spendable(per_hour: int, saved_from: datetime, at: datetime) -> tuple[int, datetime]:
    """How many may be invited `at` this moment, and from when on the time counts that is left.

    That is never later than `at`: after a clock that ran ahead was put right, time is saved up from now on.
    """
    one = costs(per_hour)
    counts_from = min(max(saved_from, at - SAVED_AT_MOST - one), at)
    return (at - counts_from) // one, counts_from


def spent(per_hour: int, counts_from: datetime, invited: int) -> datetime:
    """From when on time counts once so many were invited."""
    return counts_from + invited * costs(per_hour)
