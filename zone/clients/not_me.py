"""Links by which a client says "this was not me", in the messages that tell them what was done.

A link says in itself what it is about, and a MAC under the pepper keeps it from being forged. Nothing in it is secret,
but who has it may stop things, and no more than that. It is short, as it stands in an SMS. It needs no sign-in: who has
lost their phone or their account to somebody may have lost that as well.
"""

from __future__ import annotations

import base64
import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from peewee import DoesNotExist

from zone.audit import Actor, Role
from zone.clients import holds
from zone.clients.acting import act_on
from zone.clients.holds import Why
from zone.clients.models import Client, Hold
from zone.clock import now
from zone.config import Limits
from zone.language import N_, Refusal
from zone.storage import transaction
from zone.vault import Vault

PATH = "/not-me"
# 80 bits that can only be guessed online, one request a guess.
MAC_BYTES = 10
SHORTEST = 2 + 2 + 1 + 1
BEGINNING = datetime(2020, 1, 1, tzinfo=UTC)
CODES = {Why.PHONE_CHANGE: 1, Why.REQUEST: 2, Why.ACCESS: 3}
TOKEN = re.compile(r"[A-Za-z0-9_-]{20,60}")
# The link once more within this time is a double click.
DOUBLE_CLICK = timedelta(minutes=1)
# Nobody signed in: it came to the client's phone or mailbox, and that is all that is known of who followed it.
BY_LINK = Actor(Role.CLIENT)


class DeadLink(Refusal):
    """The link is forged, cut off, over, or did its work before. It is never told which."""

    message = N_(
        "The link may not have been copied whole, its time may be over, or it has done its work already. If something "
        "was done that was not your wish, please call us."
    )


@dataclass(frozen=True)
class Claim:
    """What a link is about: that `subject_id` was not the client."""

    why: Why
    client_id: int
    subject_id: int


def link(vault: Vault, public_url: str, why: Why, client_id: int, subject_id: int) -> str:
    """The address at which the client can say that `subject_id` (a phone, a request, an impersonation) was not them.

    How long it works from today on is for `Limits.not_me_valid` to say.
    """
    told = _pack(Claim(why, client_id, subject_id), now())
    token = base64.urlsafe_b64encode(told + _mac(vault, told)).decode().rstrip("=")
    return f"{public_url}{PATH}/{token}"


def read(vault: Vault, token: str, *, limits: Limits) -> Claim:
    """What would be stopped. Changes nothing. Raises `DeadLink`."""
    claim = _open(vault, token, limits)
    if _used(claim) is not None or not Client.select().where(Client.id == claim.client_id).exists():
        raise DeadLink
    return claim


def act(vault: Vault, token: str, *, limits: Limits) -> Claim:
    """Stop it: hold all letter passwords back. A double click is one. Raises `DeadLink`."""
    claim = _open(vault, token, limits)
    try:
        with transaction():
            act_on(BY_LINK, claim.client_id)
            used = _used(claim)
            if used is None:
                holds.place(BY_LINK, claim.client_id, claim.why, claim.subject_id)
            elif used.lifted_at is not None or used.placed_at <= now() - DOUBLE_CLICK:
                raise DeadLink
    except DoesNotExist as error:
        raise DeadLink from error
    return claim


def _open(vault: Vault, token: str, limits: Limits) -> Claim:
    if not TOKEN.fullmatch(token):
        raise DeadLink
    try:
        content = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except ValueError as error:
        raise DeadLink from error
    told, mac = content[:-MAC_BYTES], content[-MAC_BYTES:]
    if len(told) < SHORTEST or not hmac.compare_digest(mac, _mac(vault, told)):
        raise DeadLink
    claim, made_at = _unpack(told)
    if now() >= made_at + limits.not_me_valid + timedelta(days=1):  # the day when it was made does not count
        raise DeadLink
    return claim


def _used(claim: Claim) -> Hold | None:
    """The last hold that came of it."""
    mine = Hold.client == claim.client_id, Hold.why == claim.why, Hold.subject_id == claim.subject_id
    used: Hold | None = Hold.select().where(*mine).order_by(Hold.id.desc()).first()
    return used


def _pack(claim: Claim, made_at: datetime) -> bytes:
    """Why, length of the client's number, the day; the client's and the subject's number."""
    client, subject = _bytes(claim.client_id), _bytes(claim.subject_id)
    day = (made_at - BEGINNING).days
    return bytes((CODES[claim.why], len(client))) + day.to_bytes(2) + client + subject


def _unpack(told: bytes) -> tuple[Claim, datetime]:
    why = next(why for why, code in CODES.items() if code == told[0])
    client, subject = told[4 : 4 + told[1]], told[4 + told[1] :]
    made_at = BEGINNING + timedelta(days=int.from_bytes(told[2:4]))
    return Claim(why, int.from_bytes(client), int.from_bytes(subject)), made_at


def _bytes(number: int) -> bytes:
    return number.to_bytes((number.bit_length() + 7) // 8 or 1)


def _mac(vault: Vault, told: bytes) -> bytes:
    return vault.mac("not me", told)[:MAC_BYTES]
