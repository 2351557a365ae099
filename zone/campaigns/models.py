"""Campaigns and whom they have invited."""

from __future__ import annotations

from enum import StrEnum

from peewee import BigAutoField, BigIntegerField, CharField, ForeignKeyField, IntegerField

from zone.clients.models import Client
from zone.messages.models import Message, new_reference
from zone.storage import Base, UtcDateTimeField


class State(StrEnum):
    """Whether a campaign goes on. It is done when it has come to its end, stopped when somebody ended it before."""

    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    DONE = "done"


class Campaign(Base):
    """One campaign, with the criteria of whom it invites; none of one wants all.

    `token` names the form that it was started by: the same form starts one campaign, however often it is sent.
    `planned` is whom it could invite when it began, none when that was too many to count. `cursor` is the last client
    that was looked at. `saved_from` is the moment from which the time that has passed may be spent on invitations.
    `sent`, `failed` and `set_own` are as they were counted at `counted_at`.
    """

    id = BigAutoField()
    reference = CharField(max_length=32, unique=True, default=new_reference)
    token = CharField(max_length=32)
    made_by = BigIntegerField()
    made_at = UtcDateTimeField()
    digits = IntegerField(null=True)
    language = CharField(max_length=8, null=True)
    most = IntegerField(null=True)
    per_hour = IntegerField()
    planned = IntegerField(null=True)
    state = CharField(max_length=16)
    cursor = BigIntegerField(default=0)
    saved_from = UtcDateTimeField()
    invited = IntegerField(default=0)
    sent = IntegerField(default=0)
    failed = IntegerField(default=0)
    set_own = IntegerField(default=0)
    counted_at = UtcDateTimeField()
    finished_at = UtcDateTimeField(null=True)

    class Meta:
        table_name = "campaign"
        indexes = ((("made_by", "token"), True), (("state",), False))


class Invitation(Base):
    """One client who was invited by a campaign."""

    id = BigAutoField()
    campaign = ForeignKeyField(Campaign, on_delete="CASCADE", index=False)
    campaign_id: int
    client = ForeignKeyField(Client, on_delete="CASCADE", index=False)
    client_id: int
    message = ForeignKeyField(Message, null=True, on_delete="SET NULL")
    message_id: int | None
    invited_at = UtcDateTimeField()

    class Meta:
        table_name = "invitation"
        indexes = ((("campaign", "client"), True), (("client", "invited_at"), False))
