"""A copy of a letter on its way: into the outbox, or onto the worklist while the client has no password to open it."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from zone.audit import Actor, Tag, record
from zone.clients import phones
from zone.clients.holds import OnHold
from zone.clients.models import Client
from zone.clients.phone_rules import (
    PhoneAddedRecently,
    PhoneChangedByYou,
    PhoneChangedRecently,
    PhoneMissing,
    PhoneNotConfirmed,
)
from zone.clock import now
from zone.config import Limits
from zone.language import Refusal
from zone.letter_passwords.letter_keys import can_open
from zone.letter_passwords.models import Origin
from zone.letter_passwords.resend import TooManyResends, resend, was_sent
from zone.letter_passwords.versions import current
from zone.letters.models import Copy, Letter
from zone.messages import outbox
from zone.messages.models import Channel, Kind
from zone.vault import Vault

LIFETIME = timedelta(days=3)
# A cure is noticed at once (`waiting`); this is for what comes by itself, as a quota that has room again.
LOOK_AGAIN = timedelta(minutes=15)


class Obstacle(StrEnum):
    """Why a letter cannot be sent yet."""

    NO_PHONE = "no_phone"
    PHONE_NOT_CONFIRMED = "phone_not_confirmed"
    PHONE_CHANGED = "phone_changed"
    ON_HOLD = "on_hold"
    TOO_MANY_MESSAGES = "too_many_messages"
    PASSWORD_GONE = "password_gone"


OF_REFUSAL: dict[type[Refusal], Obstacle] = {
    PhoneMissing: Obstacle.NO_PHONE,
    PhoneNotConfirmed: Obstacle.PHONE_NOT_CONFIRMED,
    PhoneChangedRecently: Obstacle.PHONE_CHANGED,
    PhoneAddedRecently: Obstacle.PHONE_CHANGED,
    PhoneChangedByYou: Obstacle.PHONE_CHANGED,
    OnHold: Obstacle.ON_HOLD,
    TooManyResends: Obstacle.TOO_MANY_MESSAGES,
}


def send(vault: Vault, actor: Actor, letter: Letter, *, limits: Limits) -> Copy:
    """Have a copy of `letter` sent, now or once that is possible; in the caller's transaction, the client held."""
    copy = Copy.create(letter=letter, actor_role=actor.role, actor_id=actor.account_id, asked_at=now())
    attempt(vault, actor, copy, limits=limits)
    return copy


def attempt(vault: Vault, actor: Actor, copy: Copy, *, limits: Limits) -> None:
    """Put the copy into the outbox, or note what it waits for; in the caller's transaction, the client held.

    A client whose generated password was never sent gets it by SMS in the same act.
    """
    client = Client.get_by_id(copy.letter.client_id)
    obstacle = _obstacle(vault, actor, client, limits)
    if obstacle is not None:
        if copy.waits_for is None:
            facts = {"letter": copy.letter.reference, "copy": copy.reference, "waits_for": obstacle}
            record(Tag.LETTER_WAITS, actor, client_id=client.id, **facts)
        copy.looked_at, copy.due_at = now(), now() + LOOK_AGAIN
    else:
        copy.due_at = None
        copy.message = outbox.enqueue(
            channel=Channel.MAIL,
            kind=Kind.LETTER,
            client_id=client.id,
            subject_id=copy.id,
            to_masked=phones.mask_email(client.email),
            language=client.language,
            actor=actor,
            lifetime=LIFETIME,
        )
    copy.waits_for = obstacle
    copy.save(only=(Copy.waits_for, Copy.looked_at, Copy.due_at, Copy.message))


def _obstacle(vault: Vault, actor: Actor, client: Client, limits: Limits) -> Obstacle | None:
    version = current(client.id)
    if not can_open(vault, version):
        return Obstacle.PASSWORD_GONE
    if version.origin == Origin.GENERATED and not was_sent(version):
        try:
            resend(actor, client.id, language=client.language, limits=limits)
        except tuple(OF_REFUSAL) as refusal:
            return OF_REFUSAL[type(refusal)]
    return None
