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


@dataclass(frozen=True)
class Seen:
    """One event as it was written; without the personal facts if its client was erased or somebody altered them."""

    id: int
    at: datetime
    tag: Tag
    actor_role: Role
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
    """The client's events older than the one called `before`, newest first: all, or those of `tags` and by `roles`."""
    return seen(vault, list(chosen(client_id, tags=tags, roles=roles, before=before).limit(limit)))


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

    Where somebody altered what is sealed, the rest is shown all the same: one bad event must not hide the others from
    their client. `audit verify` names it.
    """
    keys = sealing.keys(vault, {event.client_id for event in events if event.sealed and event.client_id})
    return [_seen(event, keys) for event in events]


def _seen(event: Event, keys: dict[int, bytes]) -> Seen:
    facts: dict[str, Fact] = json.loads(event.facts)
    if event.sealed is not None and event.client_id in keys:
        try:
            facts |= sealing.unseal(keys[event.client_id], event.client_id, bytes(event.sealed))
        except CannotOpen:
            log.error("event %s was altered: its sealed facts do not open; run `audit verify`", event.id)
    return Seen(
        event.id,
        event.at,
        Tag(event.tag),
        Role(event.actor_role),
        event.actor_id,
        event.client_id,
        event.impersonation_id,
        facts,
    )
