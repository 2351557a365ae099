"""Insurance contracts and whose they are."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from zone.audit import Actor, Tag, record
from zone.clients.mandates import UnknownPolicy
from zone.clients.models import Client, Policy, hold
from zone.clients.search_index import reindex
from zone.clock import now
from zone.language import N_, Refusal
from zone.storage import transaction


class PolicyOfAnother(Refusal):
    """The policy belongs to another client."""

    message = N_("The policy belongs to another client. Check its number.")


def upsert(client_id: int, number: str, product: str, *, at: datetime) -> bool:
    """See that the client has this policy, in the caller's transaction, which holds them. Says if anything changed.

    It takes the client's turn first: the insert alone would share their row, and two that share it and then want it
    for themselves, to reindex, wait for each other. Raises `PolicyOfAnother`.
    """
    hold(client_id)
    new = Policy.insert(number=number, client=client_id, product=product, since=at)
    made = list(new.on_conflict_ignore().returning(Policy.id).execute())
    if made:
        reindex(client_id, made[0].id)
        return True
    policy = Policy.get(Policy.number == number)
    if policy.client_id != client_id:
        raise PolicyOfAnother
    if policy.product == product:
        return False
    Policy.update(product=product).where(Policy.id == policy.id).execute()
    return True


def put(actor: Actor, client: Client, number: str, product: str) -> bool:
    """As `upsert`, as an act of its own, with its event. Says whether the policy is new. Raises `PolicyOfAnother`."""
    with transaction():
        hold(client.id)  # before the look whether it is new
        created = not Policy.select().where(Policy.number == number).exists()
        if upsert(client.id, number, product, at=now()):
            record(Tag.POLICY_CHANGED, actor, client_id=client.id, policy=number)
    return created


def find(number: str) -> Policy:
    """The policy with this number, and its client. Raises `UnknownPolicy`."""
    policy = Policy.select(Policy, Client).join(Client).where(Policy.number == number).first()
    if policy is None:
        raise UnknownPolicy
    found: Policy = policy
    return found


def owners(numbers: Iterable[str]) -> dict[str, str]:
    """The references of the clients who have these policies, by policy number; unknown ones are left out."""
    found = Policy.select(Policy, Client).join(Client).where(Policy.number.in_(list(numbers)))
    return {policy.number: policy.client.reference for policy in found}
