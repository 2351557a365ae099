"""Letters that cannot be sent yet: the worklist of them, and letting go those whose client is ready."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Generic, TypeVar

from peewee import DoesNotExist, ModelSelect, fn

from zone.audit import SYSTEM, Actor, Role
from zone.clients.mandates import NoMandate
from zone.clients.models import Client, Hold, Phone, hold
from zone.clock import now
from zone.config import Limits
from zone.letter_passwords.models import LetterPassword
from zone.letters import dispatch
from zone.letters.dispatch import Obstacle
from zone.letters.models import Copy, Letter, State
from zone.storage import transaction
from zone.storage.capped import Capped, capped_count
from zone.vault import Vault

MOST = 100
PAGE = 25
MOST_OF_CLIENT = 10
Row = TypeVar("Row", Copy, Letter)


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some of a worklist. `next` is where the next page begins; none when this is the last."""

    rows: list[Row]
    next: int | None


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


def worklist(obstacle: Obstacle | None = None, *, after: int | None = None) -> Page[Copy]:
    """What waits, or waits for that alone, with letter and client, longest first; copies above the one `after`."""
    query = _waiting(obstacle).order_by(Copy.id).limit(PAGE + 1)
    if after is not None:
        query = query.where(Copy.id > after)
    return _page(list(query))


def rejected(*, before: int | None = None) -> Page[Letter]:
    """The letters that cannot be encrypted, with their clients, newest first; those below the one `before`."""
    query = _rejected().order_by(Letter.id.desc()).limit(PAGE + 1)
    if before is not None:
        query = query.where(Letter.id < before)
    return _page(list(query))


def count() -> Capped:
    """How many wait, or were rejected."""
    return capped_count(_waiting(None), _rejected())


def count_waiting(obstacle: Obstacle) -> Capped:
    """How many wait for that."""
    return capped_count(_waiting(obstacle))


def of_client(client_id: int) -> tuple[list[Copy], list[Letter]]:
    """What of the client's waits, longest first, and their latest rejected letters; in two queries."""
    waits = Copy.select(Copy, Letter).join(Letter).where(Letter.client == client_id, *_still())
    refused = Letter.select().where(Letter.client == client_id, Letter.state == State.REJECTED)
    return (
        list(waits.order_by(Copy.id).limit(MOST_OF_CLIENT)),
        list(refused.order_by(Letter.id.desc()).limit(MOST_OF_CLIENT)),
    )


def _waiting(obstacle: Obstacle | None) -> ModelSelect[Copy]:
    query = Copy.select(Copy, Letter, Client).join(Letter).join(Client).where(*_still())
    return query if obstacle is None else query.where(Copy.waits_for == obstacle)


def _rejected() -> ModelSelect[Letter]:
    return Letter.select(Letter, Client).join(Client).where(Letter.state == State.REJECTED)


def _page(rows: list[Row]) -> Page[Row]:
    return Page(rows[:PAGE], rows[PAGE - 1].id if len(rows) > PAGE else None)
