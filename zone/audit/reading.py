"""Reading the trail."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from zone.audit.actor import Role
from zone.audit.models import Event
from zone.audit.record import Fact
from zone.audit.tags import Tag


@dataclass(frozen=True)
class Seen:
    """One event as it was written."""

    id: int
    at: datetime
    tag: Tag
    actor_role: Role
    actor_id: int | None
    client_id: int | None
    impersonation_id: int | None
    facts: dict[str, Fact]


def of_client(
    client_id: int,
    *,
    tags: Collection[Tag] | None = None,
    roles: Collection[Role] | None = None,
    before: int | None = None,
    limit: int,
) -> list[Seen]:
    """The client's events older than the one called `before`, newest first: all, or those of `tags` and by `roles`."""
    query = Event.select().where(Event.client_id == client_id).order_by(Event.id.desc()).limit(limit)
    if tags is not None:
        query = query.where(Event.tag.in_(list(tags)))
    if roles is not None:
        query = query.where(Event.actor_role.in_(list(roles)))
    if before is not None:
        query = query.where(Event.id < before)
    return [_seen(event) for event in query]


def _seen(event: Event) -> Seen:
    return Seen(
        event.id,
        event.at,
        Tag(event.tag),
        Role(event.actor_role),
        event.actor_id,
        event.client_id,
        event.impersonation_id,
        json.loads(event.facts),
    )
