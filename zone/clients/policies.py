"""Insurance contracts and whose they are."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from zone.clients.models import Client, Policy
from zone.language import N_, Refusal


class PolicyOfAnother(Refusal):
    """The policy belongs to another client."""

    message = N_("The policy belongs to another client. Check its number.")


def upsert(client_id: int, number: str, product: str, *, at: datetime) -> bool:
    """See that the client has this policy, in the caller's transaction. Returns whether anything changed.

    Raises `PolicyOfAnother`.
    """
    policy = Policy.get_or_none(Policy.number == number)
    if policy is None:
        Policy.insert(number=number, client=client_id, product=product, since=at).execute()
        return True
    if policy.client_id != client_id:
        raise PolicyOfAnother
    if policy.product == product:
        return False
    Policy.update(product=product).where(Policy.id == policy.id).execute()
    return True


def owners(numbers: Iterable[str]) -> dict[str, str]:
    """The references of the clients who have these policies, by policy number; unknown ones are left out."""
    found = Policy.select(Policy, Client).join(Client).where(Policy.number.in_(list(numbers)))
    return {policy.number: policy.client.reference for policy in found}
