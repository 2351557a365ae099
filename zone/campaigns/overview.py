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

    @property
    def planned(self) -> int | None:
        """How many it was to invite; none when it began with too many to count.

        Who came since it began may be invited too, so these are never fewer than were invited.
        """
        if self.campaign.planned is None:
            return None
        return max(self.campaign.planned, self.campaign.invited)

    @property
    def over(self) -> bool:
        """Whether it invites nobody any more."""
        return self.campaign.state in OVER


@dataclass(frozen=True)
class Page:
    """Some campaigns, newest first. `older` is where the next page begins; none when this is the last."""

    campaigns: list[Seen]
    older: int | None


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


def _seen(campaigns: Sequence[Campaign]) -> list[Seen]:
    names = names_of_staff(campaign.made_by for campaign in campaigns)
    return [Seen(campaign, names.get(campaign.made_by)) for campaign in campaigns]
