"""Support starts a campaign, pauses it, lets it go on, or stops it for good."""

from __future__ import annotations

from collections.abc import Mapping

from zone.accounts.models import Account
from zone.audit import Actor, Role, Tag, record
from zone.campaigns import whom
from zone.campaigns.models import Campaign, State
from zone.campaigns.pace import begins_at
from zone.campaigns.whom import Criteria
from zone.clock import now
from zone.storage import locked, transaction

FASTEST = 5000
# From where each act leads. Whoever comes late, or twice, changes nothing.
PAUSE: Mapping[State, State] = {State.RUNNING: State.PAUSED}
RESUME: Mapping[State, State] = {State.PAUSED: State.RUNNING}
STOP: Mapping[State, State] = {State.RUNNING: State.STOPPED, State.PAUSED: State.STOPPED}


class NoSuchCampaign(Exception):
    """No campaign has this name."""


def start(actor: Actor, criteria: Criteria, *, per_hour: int, most: int | None, token: str) -> Campaign:
    """Invite clients from now on, so many an hour, `most` of them at most. The same `token` starts one campaign.

    Only support may: anyone else is a programming error (`PermissionError`), as is a pace that is none (`ValueError`).
    """
    made_by = _agent(actor)
    if not 1 <= per_hour <= FASTEST or (most is not None and most < 1):
        raise ValueError("a campaign invites somebody, and no more than so many an hour")
    found = whom.count(criteria)
    with transaction():
        # Held, so that the two halves of a double click take turns.
        locked(Account.select(Account.id).where(Account.id == made_by)).get_or_none()
        known: Campaign | None = Campaign.get_or_none(Campaign.made_by == made_by, Campaign.token == token)
        if known is not None:
            return known
        at = now()
        everybody = None if found.more else found.count
        campaign = Campaign.create(
            token=token,
            made_by=made_by,
            made_at=at,
            digits=criteria.digits,
            language=criteria.language,
            most=most,
            per_hour=per_hour,
            planned=min((number for number in (everybody, most) if number is not None), default=None),
            state=State.RUNNING,
            saved_from=begins_at(per_hour, at),
            counted_at=at,
        )
        record(
            Tag.CAMPAIGN_STARTED,
            actor,
            campaign=campaign.reference,
            digits=criteria.digits,
            language=criteria.language,
            most=most,
            per_hour=per_hour,
        )
    return campaign


def pause(actor: Actor, reference: str) -> bool:
    """Invite nobody more for now. What is on its way goes. Says whether it was running. Raises `NoSuchCampaign`."""
    return _change(actor, reference, PAUSE)


def resume(actor: Actor, reference: str) -> bool:
    """Go on at the same pace; the time of the pause is lost, and nothing is made up for.

    Says whether it was paused. Raises `NoSuchCampaign`.
    """
    return _change(actor, reference, RESUME)


def stop(actor: Actor, reference: str) -> bool:
    """Invite nobody more. What is on its way goes. Says whether it still went on. Raises `NoSuchCampaign`."""
    return _change(actor, reference, STOP)


def _change(actor: Actor, reference: str, ways: Mapping[State, State]) -> bool:
    _agent(actor)
    with transaction():
        campaign: Campaign | None = locked(Campaign.select().where(Campaign.reference == reference)).first()
        if campaign is None:
            raise NoSuchCampaign
        to = ways.get(State(campaign.state))
        if to is None:
            return False
        at = now()
        changed = {"state": to, "finished_at": at if to is State.STOPPED else None, "saved_from": at}
        Campaign.update(changed).where(Campaign.id == campaign.id).execute()
        record(Tag.CAMPAIGN_CHANGED, actor, campaign=reference, state=to, invited=campaign.invited)
    return True


def _agent(actor: Actor) -> int:
    if actor.role is not Role.SUPPORT or actor.account_id is None:
        raise PermissionError("campaigns are for support")
    return actor.account_id
