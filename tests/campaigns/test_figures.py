"""What came of a campaign, as its row tells."""

from __future__ import annotations

from datetime import timedelta

import time_machine
from peewee import Database

from tests.campaigns.conftest import MakeClients, Start, fresh
from tests.letters.conftest import encryptor, folder, intake, store
from zone.accounts.models import Account
from zone.audit import OPERATOR, Actor, Role
from zone.campaigns import figures
from zone.campaigns.advance import advance
from zone.campaigns.models import Campaign, Invitation
from zone.campaigns.overview import PAGE, one, page
from zone.clients.models import Client
from zone.clock import now
from zone.letter_passwords.set_own import set_own
from zone.letters.erasure import erase
from zone.letters.intake import Intake
from zone.messages.handover import Reason, Status
from zone.messages.models import Message
from zone.secret import Secret
from zone.vault import Vault

__all__ = ["encryptor", "folder", "intake", "store"]

OWN = Secret("slnko nad Tatrami")


def count(after: timedelta = timedelta(minutes=1)) -> None:
    with time_machine.travel(now() + after, tick=True):
        figures.count()


def set_password(vault: Vault, client: Client) -> None:
    with time_machine.travel(now() + timedelta(seconds=90), tick=True):
        set_own(vault, Actor(Role.CLIENT, Account.get(Account.client == client).id), client.id, OWN)


def invite_all(campaign: Campaign) -> None:
    with time_machine.travel(now() + timedelta(minutes=1), tick=True):
        advance()


def test_it_counts_what_went_what_did_not_and_who_followed(
    begin: Start, clients: MakeClients, vault: Vault
) -> None:
    made = clients(6)
    campaign = begin()
    invite_all(campaign)
    ways = (
        (Status.SENT, None),
        (Status.SENT, None),
        (Status.FAILED, Reason.ADDRESS),
        (Status.UNKNOWN, None),
        (Status.FAILED, Reason.UNRENDERABLE),
        (Status.QUEUED, None),
    )
    for client, (status, reason) in zip(made, ways, strict=True):
        Message.update(status=status, reason=reason).where(Message.client_id == client.id).execute()
    set_password(vault, made[0])
    set_password(vault, made[4])  # before the mail went, which was withdrawn
    count(timedelta(minutes=5))
    counted, seen = fresh(campaign), one(campaign.reference)
    assert (counted.invited, counted.sent, counted.failed, counted.set_own) == (6, 2, 2, 2)
    assert (seen.planned, seen.over) == (6, True)


def test_a_large_one_is_counted_the_more_seldom(begin: Start, clients: MakeClients) -> None:
    campaign = begin()
    counted_at = fresh(campaign).counted_at
    Campaign.update(invited=1_000_000).execute()
    count(timedelta(minutes=15))
    assert fresh(campaign).counted_at == counted_at
    count(timedelta(minutes=18))
    assert fresh(campaign).counted_at > counted_at


def test_once_it_is_long_over_it_is_left_as_it_is(begin: Start) -> None:
    campaign = begin()
    Campaign.update(finished_at=now()).execute()
    count(timedelta(days=29))
    counted_at = fresh(campaign).counted_at
    count(timedelta(days=31))
    assert fresh(campaign).counted_at == counted_at > campaign.counted_at


def test_an_invitation_goes_with_its_client(begin: Start, clients: MakeClients, intake: Intake) -> None:
    first, second = clients(2)
    campaign = begin()
    invite_all(campaign)
    erase(intake.store, intake.vault, OPERATOR, first.reference)
    assert [row.client_id for row in Invitation.select()] == [second.id]
    assert fresh(campaign).invited == 2


def test_pages_bring_each_once_newest_first(begin: Start, database: Database) -> None:
    made = [begin(token=str(number)) for number in range(PAGE + 2)]
    first = page()
    second = page(before=first.older)
    shown = [*first.campaigns, *second.campaigns]
    assert [seen.campaign for seen in shown] == made[::-1]
    assert {seen.by for seen in shown} == {"Eva Malá"}
    assert second.older is None
    Account.delete().execute()
    assert one(made[0].reference).by is None
