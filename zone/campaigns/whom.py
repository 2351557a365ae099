"""Whom a campaign invites: clients who sign in to the zone, whose letters open with the default, not invited lately."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from peewee import ModelSelect

from zone.accounts.models import Account
from zone.campaigns.models import Campaign, Invitation
from zone.clients.models import Client
from zone.clock import now
from zone.letter_passwords.models import LetterPassword
from zone.letter_passwords.on_default import is_on_default
from zone.storage.capped import Capped, capped_count
from zone.storage.there import not_there

# Nobody is invited twice within this time, by whatever campaign.
NOT_AGAIN_WITHIN = timedelta(days=90)


@dataclass(frozen=True)
class Criteria:
    """Which part of them; None wants all. `digits` of the default, `language` of the client."""

    digits: int | None = None
    language: str | None = None


def of(campaign: Campaign) -> Criteria:
    """The campaign's own."""
    return Criteria(campaign.digits, campaign.language)


def candidates(criteria: Criteria) -> ModelSelect[Client]:
    """Who may be invited at this moment. Without an account a client cannot set a password of their own."""
    lately = Invitation.select(Invitation.id).where(
        Invitation.client == Client.id, Invitation.invited_at > now() - NOT_AGAIN_WITHIN
    )
    query = (
        Client.select()
        .join(Account, on=Account.client == Client.id)
        .join(LetterPassword, on=LetterPassword.client == Client.id)
        .where(is_on_default(), not_there(lately))
    )
    if criteria.digits is not None:
        query = query.where(LetterPassword.digits == criteria.digits)
    if criteria.language is not None:
        query = query.where(Client.language == criteria.language)
    return query


def above(query: ModelSelect[Client], client_id: int) -> ModelSelect[Client]:
    """`query` of those candidates whose row comes after that client's, in order."""
    # Said of each table: PostgreSQL hands no bound on from one to the other, and would read each from its beginning.
    bounds = Client.id > client_id, Account.client > client_id, LetterPassword.client > client_id
    return query.where(*bounds).order_by(Client.id)


def count(criteria: Criteria) -> Capped:
    """How many may be invited."""
    return capped_count(candidates(criteria))
