"""The worker's part: campaigns go on, batch by batch, each in one transaction.

A batch takes its campaign's turn and those of its clients, and moves the cursor with what it did: who is killed in it
has done nothing, and two workers do nothing twice. It waits for nobody, as all its other clients would wait with it:
where somebody is at a client just then (an import holds all of its own), it ends before them, and the next turn begins
with them.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from peewee import ModelSelect

from zone.audit import Actor, Role, Tag, record
from zone.campaigns import pace, whom
from zone.campaigns.models import Campaign, Invitation, State
from zone.clients import phones
from zone.clients.models import Client, hold_free
from zone.clock import now
from zone.messages import outbox
from zone.messages.models import Channel, Kind, Message
from zone.storage import locked, transaction

BATCH = 50
LIFETIME = timedelta(days=3)


def advance() -> int:
    """Invite whom the running campaigns may invite by now. Returns how many were invited."""
    running = Campaign.select(Campaign.id).where(Campaign.state == State.RUNNING).order_by(Campaign.id)
    return sum(_catch_up(campaign.id) for campaign in list(running))


def _catch_up(campaign_id: int) -> int:
    invited = 0
    while (number := _batch(campaign_id)) is not None:
        invited += number
    return invited


def _batch(campaign_id: int) -> int | None:
    """How many were invited now; none when there is nothing to do at this moment."""
    with transaction():
        mine = Campaign.id == campaign_id, Campaign.state == State.RUNNING
        campaign: Campaign | None = locked(Campaign.select().where(*mine), skip=True).first()
        if campaign is None:
            return None  # ended, or another worker is at it
        at = now()
        wanted, counts_from = pace.spendable(campaign.per_hour, campaign.saved_from, at)
        if wanted == 0:
            if counts_from < campaign.saved_from:  # saved by a clock that was put back since
                Campaign.update(saved_from=counts_from).where(*mine).execute()
            return None
        left = BATCH if campaign.most is None else campaign.most - campaign.invited
        wanted = min(wanted, left, BATCH)
        ids = [client.id for client in whom.above(_candidates(campaign), campaign.cursor).limit(wanted)]
        looked_at = hold_free(ids)
        if ids and not looked_at:
            return None  # somebody is at the very next one
        clients = _still_wanted(campaign, looked_at)
        _invite(campaign, clients, at)
        campaign.invited += len(clients)
        campaign.saved_from = pace.spent(campaign.per_hour, counts_from, len(clients))
        campaign.cursor = looked_at[-1] if looked_at else campaign.cursor
        if (len(ids) < wanted and looked_at == ids) or campaign.invited == campaign.most:
            campaign.state, campaign.finished_at = State.DONE, at
        campaign.save(only=("invited", "saved_from", "cursor", "state", "finished_at"))
        return len(clients)


def _candidates(campaign: Campaign) -> ModelSelect[Client]:
    return whom.candidates(whom.of(campaign))


def _still_wanted(campaign: Campaign, ids: list[int]) -> list[Client]:
    """Those of them who may be invited now that their turn is ours.

    Another campaign may have invited one meanwhile, or they set a password of their own.
    """
    return list(_candidates(campaign).where(Client.id.in_(ids)).order_by(Client.id))


def _invite(campaign: Campaign, clients: list[Client], at: datetime) -> None:
    by = Actor(Role.SUPPORT, campaign.made_by)
    messages = [_enqueue(by, campaign, client) for client in clients]
    rows = [
        {"campaign": campaign.id, "client": message.client_id, "message": message.id, "invited_at": at}
        for message in messages
    ]
    if rows:
        Invitation.insert_many(rows).execute()


def _enqueue(by: Actor, campaign: Campaign, client: Client) -> Message:
    message = outbox.enqueue(
        channel=Channel.MAIL,
        kind=Kind.INVITATION,
        client_id=client.id,
        subject_id=campaign.id,
        to_masked=phones.mask_email(client.email),
        language=client.language,
        actor=by,
        lifetime=LIFETIME,
    )
    facts = {"campaign": campaign.reference, "message": message.reference}
    record(Tag.CLIENT_INVITED, by, client_id=client.id, **facts)
    return message
