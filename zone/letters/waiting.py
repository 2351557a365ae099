"""Letters that cannot be sent yet: the worklist of them, and letting go those whose client is ready."""

from __future__ import annotations

from contextlib import suppress

from peewee import DoesNotExist, fn

from zone.audit import SYSTEM, Actor, Role
from zone.clients.mandates import NoMandate
from zone.clients.models import Client, Hold, Phone, hold
from zone.clock import now
from zone.config import Limits
from zone.letter_passwords.models import LetterPassword
from zone.letters import dispatch
from zone.letters.models import Copy, Letter, State
from zone.storage import transaction
from zone.vault import Vault

MOST = 100


def release(vault: Vault, *, limits: Limits) -> int:
    """Look again at letters that wait, and send those that can go. Returns how many went.

    Looked at is what is due, and at once whose client's phone or password changed, or whose hold was
    lifted, since the last look.
    """
    released = 0
    for copy in _to_look_at():
        with suppress(DoesNotExist), transaction():  # the client may be erased meanwhile
            hold(copy.letter.client_id)
            # Read anew under the lock: another worker may have been here.
            waiting = Copy.select(Copy, Letter).join(Letter).where(Copy.id == copy.id, *_still()).first()
            if waiting is not None:
                asked = Actor(Role(waiting.actor_role), waiting.actor_id)
                try:
                    dispatch.attempt(vault, asked, waiting, limits=limits)
                except NoMandate:  # it has ended since; the letter is the client's all the same
                    dispatch.attempt(vault, SYSTEM, waiting, limits=limits)
                released += waiting.message_id is not None
    return released


def _still() -> tuple[object, ...]:
    return Copy.message.is_null(), Letter.state == State.KEPT


def _to_look_at() -> list[Copy]:
    phone_changed = Phone.select().where(
        Phone.client == Letter.client,
        Phone.replaced_at.is_null(),
        (Phone.set_at > Copy.looked_at) | (Phone.confirmed_at > Copy.looked_at),
    )
    password_changed = LetterPassword.select().where(
        LetterPassword.client == Letter.client,
        LetterPassword.replaced_at.is_null(),
        LetterPassword.set_at > Copy.looked_at,
    )
    hold_lifted = Hold.select().where(Hold.client == Letter.client, Hold.lifted_at > Copy.looked_at)
    cured = fn.EXISTS(phone_changed) | fn.EXISTS(password_changed) | fn.EXISTS(hold_lifted)
    ready = (Copy.due_at <= now()) | cured
    query = Copy.select(Copy, Letter).join(Letter).where(*_still(), ready)
    return list(query.order_by(Copy.due_at).limit(MOST))


def worklist() -> list[Copy]:
    """What waits, with letter and client, longest first, at most a hundred."""
    query = Copy.select(Copy, Letter, Client).join(Letter).join(Client)
    return list(query.where(*_still()).order_by(Copy.id).limit(MOST))


def rejected() -> list[Letter]:
    """The latest letters that cannot be encrypted, with their clients, at most a hundred."""
    query = Letter.select(Letter, Client).join(Client).where(Letter.state == State.REJECTED)
    return list(query.order_by(Letter.id.desc()).limit(MOST))
