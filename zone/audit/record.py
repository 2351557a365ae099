"""Writing the trail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from zone.audit import chain, sealing
from zone.audit.actor import Actor
from zone.audit.facts import Fact, divided
from zone.audit.models import Event
from zone.audit.tags import Tag
from zone.clock import now
from zone.storage import before_commit, companion
from zone.vault import Vault


@dataclass(frozen=True)
class _Draft:
    """An event that waits for the end of its transaction, with the personal facts that are to be sealed."""

    event: chain.Written
    personal: str | None


def record(tag: Tag, actor: Actor, *, client_id: int | None = None, **facts: Fact) -> None:
    """Leave one event. Call it inside the transaction that acts, so that neither stands without the other.

    It is written when that commits, and cannot be read before. An actor's name is among the facts as `by`. Facts are
    references, counts and kinds, never a secret: a `Secret` among them raises `TypeError`. What tells something of a
    person is sealed (`zone.audit.facts`), and left out once the client is erased; a fact that is not declared there, or
    is personal where there is no client, raises `ValueError`. A database that came without its vault raises
    `RuntimeError`: nothing is done without a trail.
    """
    if actor.name is not None:
        facts["by"] = actor.name
    plain, personal = divided(facts)
    if personal and client_id is None:
        raise ValueError(
            f"{', '.join(sorted(personal))}: personal facts are sealed for the client whose they are"
        )
    companion(Vault)
    event = chain.Written(
        at=now(),
        tag=tag,
        actor_role=actor.role,
        actor_id=actor.account_id,
        client_id=client_id,
        impersonation_id=actor.impersonation_id,
        facts=sealing.as_json(plain),
        sealed=None,
    )
    before_commit(_write, _Draft(event, sealing.as_json(personal) if personal else None))


def _write(drafts: list[_Draft]) -> None:
    """All events of one transaction."""
    vault = companion(Vault)
    wanting = {
        draft.event.client_id for draft in drafts if draft.personal and draft.event.client_id is not None
    }
    keys = sealing.keys(vault, wanting)
    if new := wanting - keys.keys():
        keys |= sealing.make_keys(vault, new - _erased(new, drafts))
    chain.append(vault, [_finished(draft, keys) for draft in drafts])


def _erased(client_ids: set[int], drafts: list[_Draft]) -> set[int]:
    """Who of them is forgotten, before or in this transaction. Nobody makes a key for them anew."""
    now_erased = {draft.event.client_id for draft in drafts if draft.event.tag == Tag.CLIENT_ERASED}
    before = Event.select(Event.client_id).where(
        Event.client_id.in_(sorted(client_ids)), Event.tag == Tag.CLIENT_ERASED
    )
    return client_ids & (now_erased | {event.client_id for event in before})


def _finished(draft: _Draft, keys: Mapping[int, bytes]) -> chain.Written:
    """What is written. Without a key, as of who was erased, the personal facts are left out."""
    client_id = draft.event.client_id
    if draft.personal is None or client_id is None or client_id not in keys:
        return draft.event
    return replace(draft.event, sealed=sealing.seal(keys[client_id], client_id, draft.personal))
