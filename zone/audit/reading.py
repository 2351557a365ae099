"""Reading the trail, personal facts opened."""

from __future__ import annotations

import json
import logging
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from peewee import ModelSelect

from zone.audit import sealing
from zone.audit.actor import Role
from zone.audit.facts import Fact
from zone.audit.models import Event
from zone.audit.tags import Tag
from zone.vault import CannotOpen, Vault

log = logging.getLogger(__name__)

CHUNK = 500
TAGS, ROLES = frozenset(Tag), frozenset(Role)


@dataclass(frozen=True)
class Seen:
    """One event as it was written; without the personal facts if its client was erased or somebody altered them.

    What else somebody damaged is left out as well: facts are none then, and a role is None.
    """

    id: int
    at: datetime
    tag: Tag
    actor_role: Role | None
    actor_id: int | None
    client_id: int | None
    impersonation_id: int | None
    facts: dict[str, Fact]


def of_client(
    vault: Vault,
    client_id: int,
    *,
    tags: Collection[Tag] | None = None,
    roles: Collection[Role] | None = None,
    before: int | None = None,
    limit: int,
) -> list[Seen]:
    """The client's events older than the one called `before`, newest first: all, or those of `tags` and by `roles`.

    So many as `limit`, if there are, whatever had to be left out between them.
    """
    found: list[Seen] = []
    while len(found) < limit:
        wanted = limit - len(found)
        some = list(chosen(client_id, tags=tags, roles=roles, before=before).limit(wanted))
        found += seen(vault, some)
        if len(some) < wanted:
            break
        before = some[-1].id
    return found


def chosen(
    client_id: int | None = None,
    *,
    tags: Collection[Tag] | None = None,
    roles: Collection[Role] | None = None,
    since: datetime | None = None,
    before: int | None = None,
) -> ModelSelect[Event]:
    """The events of a client, or of everybody, that fit all of what is given, newest first."""
    query = Event.select().order_by(Event.id.desc())
    if client_id is not None:
        query = query.where(Event.client_id == client_id)
    if tags is not None:
        query = query.where(Event.tag.in_(list(tags)))
    if roles is not None:
        query = query.where(Event.actor_role.in_(list(roles)))
    if since is not None:
        query = query.where(Event.at >= since)
    if before is not None:
        query = query.where(Event.id < before)
    return query


def in_order(query: ModelSelect[Event]) -> Iterator[list[Event]]:
    """What `query` chooses, oldest first, in chunks, as it was when the reading began to look for each."""
    oldest_first = query.order_by(Event.id).limit(CHUNK)
    some = list(oldest_first)
    while some:
        yield some
        some = list(oldest_first.where(Event.id > some[-1].id))


def seen(vault: Vault, events: Collection[Event]) -> list[Seen]:
    """`events` opened, with one look into the vault.

    Where somebody altered one, what is left of it is shown: one bad event must not hide the others from their client.
    One whose tag or moment cannot be read is left out, as nothing can be said of it. `audit verify` names them.
    """
    opened = zip(events, facts_of(vault, events), strict=True)
    return [one for one in (_seen(event, facts) for event, facts in opened) if one is not None]


def facts_of(vault: Vault, events: Collection[Event]) -> list[dict[str, Fact]]:
    """The facts of each of `events`, the personal ones opened. None of what somebody altered."""
    sealed_for = {event.client_id for event in events if event.sealed}
    keys = sealing.keys(vault, {client_id for client_id in sealed_for if isinstance(client_id, int)})
    return [_plain(event) | _personal(event, keys) for event in events]


def _seen(event: Event, facts: dict[str, Fact]) -> Seen | None:
    if event.tag not in TAGS or not isinstance(event.at, datetime):
        _complain(event, "its tag or its moment cannot be read, so it is not shown")
        return None
    role = Role(event.actor_role) if event.actor_role in ROLES else None
    if role is None:
        _complain(event, "who acted cannot be read")
    return Seen(
        event.id,
        event.at,
        Tag(event.tag),
        role,
        event.actor_id,
        event.client_id,
        event.impersonation_id,
        facts,
    )


def _plain(event: Event) -> dict[str, Fact]:
    try:
        facts = json.loads(event.facts)
    except (TypeError, ValueError, RecursionError):
        facts = None
    if isinstance(facts, dict):
        return facts
    _complain(event, "its facts cannot be read")
    return {}


def _personal(event: Event, keys: dict[int, bytes]) -> dict[str, Fact]:
    if event.sealed is None or event.client_id not in keys:
        return {}
    try:
        return sealing.unseal(keys[event.client_id], event.client_id, bytes(event.sealed))
    except (CannotOpen, TypeError):
        _complain(event, "its sealed facts do not open")
        return {}


def _complain(event: Event, what: str) -> None:
    log.error("event %s was altered: %s; run `audit verify`", event.id, what)
