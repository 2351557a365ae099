"""Writing the trail."""

from __future__ import annotations

import json

from zone.audit.actor import Actor
from zone.audit.models import Event
from zone.audit.tags import Tag
from zone.clock import now

Fact = str | int | bool | None


def record(tag: Tag, actor: Actor, *, client_id: int | None = None, **facts: Fact) -> None:
    """Leave one event. Call it inside the transaction that acts, so that neither stands without the other.

    An actor's name is among the facts as `by`. Facts are references, counts and kinds, never a secret: a `Secret`
    among them raises `TypeError`.
    """
    if actor.name is not None:
        facts["by"] = actor.name
    Event.insert(
        at=now(),
        tag=tag,
        actor_role=actor.role,
        actor_id=actor.account_id,
        client_id=client_id,
        impersonation_id=actor.impersonation_id,
        facts=json.dumps(facts, ensure_ascii=False, sort_keys=True),
    ).execute()
