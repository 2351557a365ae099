"""A client comes in, or is changed, and has a letter password from that moment on."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from zone.audit import Actor
from zone.clients.models import Client
from zone.clients.people import ClientDetails, Upserted, upsert
from zone.clock import now
from zone.language import DEFAULT
from zone.letter_passwords.acceptance import OwnData
from zone.letter_passwords.first import ensure_current, prepare
from zone.letter_passwords.models import LetterPassword, Origin
from zone.letter_passwords.versions import NewVersion, Superseded
from zone.secret import Secret
from zone.storage import transaction
from zone.vault import Vault

# How many values one look-up in the database names.
CHUNK = 500


def enrol(vault: Vault, actor: Actor, details: ClientDetails, *, tell: bool = False) -> Upserted:
    """Make or change one client; `tell` as `upsert` has it. Not in a transaction. Raises `PolicyOfAnother`, `Busy`."""
    first = None if settled([details.reference]) else first_for(vault, details)
    try:
        with transaction():
            return put_in_force(vault, actor, details, first, at=now(), tell=tell)
    except Superseded:
        return enrol(vault, actor, details, tell=tell)


def settled(references: Collection[str]) -> set[str]:
    """Those whose client has an own or a generated password: it stays, and no other need be prepared."""
    names = list(references)
    found: set[str] = set()
    for start in range(0, len(names), CHUNK):
        query = Client.select(Client.reference).join(LetterPassword)
        chunk = Client.reference.in_(names[start : start + CHUNK])
        found.update(client.reference for client in query.where(chunk, _lasting()))
    return found


def first_for(vault: Vault, details: ClientDetails) -> NewVersion:
    """The password that a client who has none gets. Slow without a birth number; not in a transaction."""
    policy = details.policy_number or ""
    own = OwnData(
        names=(details.name,),
        emails=(details.email,),
        digits=(Secret(details.reference), Secret(policy), Secret(details.phone or "")),
        birth_date=details.birth_number.born if details.birth_number else None,
    )
    language = details.language or DEFAULT
    return prepare(vault, birth_number=details.birth_number, language=language, own=own)


def put_in_force(
    vault: Vault,
    actor: Actor,
    details: ClientDetails,
    first: NewVersion | None,
    *,
    at: datetime,
    tell: bool = False,
) -> Upserted:
    """Make or change the client in the caller's transaction; `first` is none for one who was `settled`.

    Raises `PolicyOfAnother`; `Superseded` when the client is settled no more.
    """
    upserted = upsert(vault, actor, details, at=at, tell=tell)
    if first is not None:
        ensure_current(vault, actor, upserted.client.id, first, details.birth_number)
    elif not LetterPassword.select().where(LetterPassword.client == upserted.client, _lasting()).exists():
        raise Superseded
    return upserted


def _lasting() -> object:
    return LetterPassword.replaced_at.is_null() & (LetterPassword.origin != Origin.DEFAULT)
