"""What a request is made on, and whether who asks may: a broker on a policy under mandate, support on any client."""

from __future__ import annotations

from dataclasses import dataclass

from peewee import DoesNotExist

from zone.audit import Actor, Role
from zone.clients import mandates, people
from zone.clients.acting import act_on
from zone.clients.models import Client, Policy
from zone.clients.people import UnknownClient


@dataclass(frozen=True)
class OnPolicy:
    """One policy: a broker's scope."""

    policy_id: int


@dataclass(frozen=True)
class OnClient:
    """A client, whatever policies they have: the scope of support."""

    client_id: int


Scope = OnPolicy | OnClient


@dataclass(frozen=True)
class Found:
    """The client of a scope, and the policy if it is one."""

    client: Client
    policy: Policy | None = None


def find(actor: Actor, scope: Scope) -> Found:
    """Whom the scope is about. Raises `NoMandate`, or for support `UnknownClient`.

    `PermissionError` for others, and for support who act in the client's own pages: what they do there is no request.
    """
    if isinstance(scope, OnPolicy):
        policy = mandates.policy(actor, scope.policy_id)
        return Found(policy.client, policy)
    if actor.role is not Role.SUPPORT or actor.impersonation_id is not None:
        raise PermissionError("a request without a policy is made by support, in their own pages")
    return Found(people.by_id(scope.client_id))


def take(actor: Actor, scope: Scope) -> Found:
    """The same, with the client's turn taken in the caller's transaction."""
    try:
        act_on(actor, find(actor, scope).client.id)
    except DoesNotExist as error:
        raise UnknownClient from error
    return find(actor, scope)  # once more: the mandate may have ended, or the client gone, while we waited
