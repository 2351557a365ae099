"""Mandates, as the insurer's own system tells of them."""

from __future__ import annotations

from datetime import datetime

from peewee import Expression

from zone.audit import Actor, Tag, record
from zone.clients.models import Client, Mandate, Policy
from zone.clock import now
from zone.language import N_, Refusal
from zone.storage import locked, transaction


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


def put(
    actor: Actor, reference: str, *, broker_id: int, policy: Policy, starts: datetime, ends: datetime | None
) -> bool:
    """Make or replace the mandate that the insurer calls `reference`. Says whether it is new.

    From `ends` on it gives no right, so a moment that is past ends it at once. When policy or broker are others
    than before, the trail shows one mandate ended and another given. Raises `EndsBeforeItStarts`.
    """
    if ends is not None and ends < starts:
        raise EndsBeforeItStarts
    new = {"broker_id": broker_id, "policy": policy.id, "starts_at": starts, "ends_at": ends}
    with transaction():
        made = Mandate.insert(reference=reference, **new).on_conflict_ignore().returning(Mandate.id).execute()
        created = bool(list(made))
        if created:
            _record(Tag.MANDATE_GIVEN, actor, find(reference))
        else:
            _change(actor, reference, new)
    return created


def find(reference: str) -> Mandate:
    """The mandate that the insurer calls `reference`, with its policy. Raises `UnknownMandate`."""
    query = Mandate.select(Mandate, Policy, Client).join(Policy).join(Client)
    mandate = query.where(Mandate.reference == reference).first()
    if mandate is None:
        raise UnknownMandate
    found: Mandate = mandate
    return found


def _change(actor: Actor, reference: str, new: dict[str, object]) -> None:
    locked(Mandate.select(Mandate.id).where(Mandate.reference == reference)).get()
    old = find(reference)
    Mandate.update(new).where(Mandate.id == old.id).execute()
    mandate = find(reference)
    if (old.broker_id, old.policy_id) != (mandate.broker_id, mandate.policy_id):
        _record(Tag.MANDATE_ENDED, actor, old)
        _record(Tag.MANDATE_GIVEN, actor, mandate)
    elif (old.starts_at, old.ends_at) != (mandate.starts_at, mandate.ends_at):
        over = mandate.ends_at is not None and mandate.ends_at <= now()
        _record(Tag.MANDATE_ENDED if over else Tag.MANDATE_CHANGED, actor, mandate)


def _record(tag: Tag, actor: Actor, mandate: Mandate) -> None:
    client_id = mandate.policy.client_id
    record(tag, actor, client_id=client_id, mandate=mandate.id, broker=mandate.broker_id)
