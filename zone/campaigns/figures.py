"""What came of a campaign's invitations, counted by the worker from time to time and kept in the campaign's row."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from peewee import JOIN, Case, Expression, fn

from zone.campaigns.models import Campaign, Invitation
from zone.clock import now
from zone.letter_passwords.models import LetterPassword, Origin
from zone.messages.handover import Reason
from zone.messages.models import Message
from zone.messages.states import HANDED_OVER, MAY_BE_LOST

# So long after a campaign's end clients may still follow its invitation.
COUNTED_FOR = timedelta(days=30)
# Counting takes longer the more there are, so it is done the more seldom: a million in about a quarter of an hour.
PAUSE_FOR_EACH = timedelta(milliseconds=1)

WAS_SENT = Message.status.in_(HANDED_OVER)
# Without those whose client had set a password of their own before the mail went.
WAS_LOST = Message.status.in_(MAY_BE_LOST) & (
    Message.reason.is_null() | (Message.reason != Reason.UNRENDERABLE)
)


def count() -> None:
    """Bring the figures of all campaigns up to date whose last count is old enough."""
    at = now()
    still = Campaign.finished_at.is_null() | (Campaign.finished_at > at - COUNTED_FOR)
    for campaign in list(Campaign.select().where(still)):
        if at - campaign.counted_at >= campaign.invited * PAUSE_FOR_EACH:
            _count(campaign, at)


def _count(campaign: Campaign, at: datetime) -> None:
    own = (
        (LetterPassword.client == Invitation.client)
        & LetterPassword.replaced_at.is_null()
        & (LetterPassword.origin == Origin.OWN)
        & (LetterPassword.set_at > Invitation.invited_at)
    )
    query = (
        Invitation.select(_many(WAS_SENT), _many(WAS_LOST), fn.COUNT(LetterPassword.id))
        .join_from(Invitation, Message, JOIN.LEFT_OUTER)
        .join_from(Invitation, LetterPassword, JOIN.LEFT_OUTER, on=own)
        .where(Invitation.campaign == campaign)
    )
    counted: list[Any] = list(query.tuples())
    ((sent, failed, set_own),) = counted
    figures = {"sent": sent, "failed": failed, "set_own": set_own, "counted_at": at}
    Campaign.update(figures).where(Campaign.id == campaign.id).execute()


def _many(condition: Expression) -> object:
    return fn.COUNT(Case(None, [(condition, 1)]))
