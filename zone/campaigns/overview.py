"""The campaigns: the list, and one of them with how far it has come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from zone.accounts.accounts import names_of_staff
from zone.campaigns.models import Campaign, State
from zone.campaigns.start import NoSuchCampaign

PAGE = 20
OVER = (State.STOPPED, State.DONE)


@dataclass(frozen=True)
class Seen:
    """A campaign, and the name of who started it; none when they are no longer with us."""

    campaign: Campaign
    by: str | None


@dataclass(frozen=True)
class Page:
    """Some campaigns, newest first. `older` is where the next page begins; none when this is the last."""

    campaigns: list[Seen]
    older: int | None


@dataclass(frozen=True)
class Progress:
    """How far a campaign has come. `planned` is none when it began with too many to count."""

    planned: int | None
    invited: int
    sent: int
    failed: int
    set_own: int
    over: bool


def page(*, before: int | None = None) -> Page:
    """The campaigns older than the one with the id `before`, in two queries."""
    query = Campaign.select().order_by(Campaign.id.desc()).limit(PAGE + 1)
    if before is not None:
        query = query.where(Campaign.id < before)
    found = list(query)
    return Page(_seen(found[:PAGE]), found[PAGE - 1].id if len(found) > PAGE else None)


def one(reference: str) -> Seen:
    """The campaign called `reference`. Raises `NoSuchCampaign`."""
    campaign = Campaign.get_or_none(Campaign.reference == reference)
    if campaign is None:
        raise NoSuchCampaign
    return _seen([campaign])[0]


def progress(campaign: Campaign) -> Progress:
    """Of its row alone. Who came since it began may be invited too, so that there may be more than were planned."""
    planned = campaign.planned if campaign.planned is None else max(campaign.planned, campaign.invited)
    return Progress(
        planned=planned,
        invited=campaign.invited,
        sent=campaign.sent,
        failed=campaign.failed,
        set_own=campaign.set_own,
        over=campaign.state in OVER,
    )


def _seen(campaigns: Sequence[Campaign]) -> list[Seen]:
    names = names_of_staff(campaign.made_by for campaign in campaigns)
    return [Seen(campaign, names.get(campaign.made_by)) for campaign in campaigns]
