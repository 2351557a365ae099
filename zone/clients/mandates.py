"""Mandates: as the insurer's own system tells of them, and what they let a broker do."""

from __future__ import annotations

from datetime import datetime

from peewee import Expression

from zone.audit import Actor, Role, Tag, record
from zone.clients.models import Client, Mandate, Policy, hold_all
from zone.clients.search_index import gathered, reindex
from zone.clock import now
from zone.language import N_, Refusal
from zone.storage import take_turn, transaction


class UnknownPolicy(Refusal):
    """No policy has this number."""

    message = N_("There is no policy with this number. Check it, or bring the policy in first.")


class UnknownMandate(Refusal):
    """No mandate has this reference."""

    message = N_("There is no mandate with this reference.")


class EndsBeforeItStarts(Refusal):
    """The mandate would end before it starts."""

    message = N_("The mandate would end before it starts. To call one off, let it end when it starts.")


class NoMandate(Exception):
    """The broker may not act for this client, now or ever. To them there is no such client."""


def alive() -> Expression:
    """That a mandate is in force at this moment."""
    at = now()
    return (Mandate.starts_at <= at) & (Mandate.ends_at.is_null() | (Mandate.ends_at > at))


def require(broker: Actor, client_id: int) -> None:
    """See that the broker has a mandate in force for one of the client's policies. Raises `NoMandate`."""
    mine = Mandate.select(Mandate.id).join(Policy)
    if not mine.where(Policy.client == client_id, Mandate.broker_id == broker.account_id, alive()).exists():
        raise NoMandate


def policy(broker: Actor, policy_id: int) -> Policy:
    """The policy, with its client, on which the broker has a mandate in force. Raises `NoMandate`."""
    mine = Policy.select(Policy, Client).join_from(Policy, Client).join_from(Policy, Mandate)
    under = mine.where(Policy.id == policy_id, Mandate.broker_id == broker.account_id, alive()).first()
    if under is None or broker.role is not Role.BROKER:
        raise NoMandate
    found: Policy = under
    return found


def policies(broker: Actor, policy_id: int) -> set[int]:
    """Those policies (by id) of the client who has this one that are in the broker's hands now."""
    client = Policy.select(Policy.client).where(Policy.id == policy_id)
    mine = Mandate.select(Mandate.policy).join(Policy).where(Policy.client.in_(client))
    return {each.policy_id for each in mine.where(Mandate.broker_id == broker.account_id, alive())}


def put(
    actor: Actor, reference: str, *, broker_id: int, policy: Policy, starts: datetime, ends: datetime | None
) -> bool:
    """Make or replace the mandate that the insurer calls `reference`. Says whether it is new.

    From `ends` on it gives no right, so a moment that is past ends it at once. When policy or broker are others
    than before, the trail shows one mandate ended and another given. Raises `EndsBeforeItStarts`, and `UnknownPolicy`
    when its client was erased meanwhile.
    """
    if ends is not None and ends < starts:
        raise EndsBeforeItStarts
    new = {"broker_id": broker_id, "policy": policy.id, "starts_at": starts, "ends_at": ends}
    with transaction(), gathered():
        old = _take_turns(reference, policy)
        if old is None:
            Mandate.create(reference=reference, **new)
            _tell(Tag.MANDATE_GIVEN, actor, find(reference))
        else:
            _change(actor, old, new)
    return old is None


def find(reference: str) -> Mandate:
    """The mandate that the insurer calls `reference`, with its policy. Raises `UnknownMandate`."""
    mandate = _called(reference)
    if mandate is None:
        raise UnknownMandate
    return mandate


def _called(reference: str) -> Mandate | None:
    query = Mandate.select(Mandate, Policy, Client).join(Policy).join(Client)
    found: Mandate | None = query.where(Mandate.reference == reference).first()
    return found


def _take_turns(reference: str, policy: Policy) -> Mandate | None:
    """The turns at the mandate and at all clients concerned, before anything is written. Returns it as it is now.

    Whose policy the mandate is on cannot change between the first look and the second, as its turn was taken before.
    """
    take_turn(f"mandate {reference}")
    old = _called(reference)
    hold_all({policy.client_id, old.policy.client_id} if old else {policy.client_id})
    # A client's number is not given again, a policy's may be.
    if not Policy.select().where(Policy.id == policy.id, Policy.client == policy.client_id).exists():
        raise UnknownPolicy
    return _called(reference)


def _change(actor: Actor, old: Mandate, new: dict[str, object]) -> None:
    Mandate.update(new).where(Mandate.id == old.id).execute()
    mandate = find(str(old.reference))
    if (old.broker_id, old.policy_id) != (mandate.broker_id, mandate.policy_id):
        _tell(Tag.MANDATE_ENDED, actor, old)
        _tell(Tag.MANDATE_GIVEN, actor, mandate)
    elif (old.starts_at, old.ends_at) != (mandate.starts_at, mandate.ends_at):
        over = mandate.ends_at is not None and mandate.ends_at <= now()
        _tell(Tag.MANDATE_ENDED if over else Tag.MANDATE_CHANGED, actor, mandate)


def _tell(tag: Tag, actor: Actor, mandate: Mandate) -> None:
    """Have the trail and the search know of it."""
    client_id = mandate.policy.client_id
    reindex(client_id, mandate.policy_id)
    record(tag, actor, client_id=client_id, mandate=mandate.id, broker=mandate.broker_id)
