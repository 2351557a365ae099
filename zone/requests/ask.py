"""Asking, on a client's policy, for what a broker may have done: the password sent again, or its reset.

One form makes one request, however often it is sent. The mandate for the policy is looked at in the transaction that
acts, and the client is told of every request.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from zone.audit import Actor, Tag, record
from zone.clients import holds, mandates
from zone.clients.acting import act_on
from zone.clients.models import Policy
from zone.clock import now
from zone.config import Limits
from zone.letter_passwords.models import Origin
from zone.letter_passwords.resend import message_of, resend
from zone.letter_passwords.versions import current
from zone.letters.models import Copy
from zone.letters.reset_and_send import reset_and_send
from zone.messages.models import Message
from zone.requests import notice
from zone.requests.models import Request, RequestCopy, RequestKind
from zone.requests.phone_first import check_phone_current
from zone.requests.quotas import check_quotas
from zone.storage import transaction
from zone.vault import Vault


class _AlreadyAsked(Exception):
    """The form has made this request before; what its repeat did is undone."""

    def __init__(self, request: Request) -> None:
        super().__init__(request.number)
        self.request = request


def ask_resend(actor: Actor, policy_id: int, *, token: str, limits: Limits) -> Request:
    """Have the current password sent to the client's phone (rules 7 and 8 of DESIGN.md).

    While the SMS of another request of the broker's on this policy is under way, or within its cool-down, it is that
    request. Raises `NoMandate`, `TooManyRequests`, and what `resend` raises.
    """
    with transaction():
        policy = _take_policy(actor, policy_id)
        known = _by_token(actor, policy_id, RequestKind.RESEND, token)
        if known is not None:
            return known
        client = policy.client
        message = resend(actor, client.id, language=client.language, limits=limits)
        standing: Request | None = Request.get_or_none(
            Request.message == message, Request.policy == policy, Request.actor_id == actor.account_id
        )
        if standing is not None:
            return standing
        return _keep(actor, policy, token, RequestKind.RESEND, message=message, limits=limits)


def ask_reset(
    vault: Vault, actor: Actor, policy_id: int, letters: Collection[str], *, token: str, limits: Limits
) -> Request:
    """Reset the client's letter password and send these letters again, in one act (rule 6 of DESIGN.md).

    Raises `NoMandate`, `PhoneUnfit`, `TooManyRequests`, and what `reset_and_send` raises.
    """
    policy = mandates.policy(actor, policy_id)
    known = _by_token(actor, policy_id, RequestKind.RESET, token)
    if known is not None:
        return known
    made: list[Request] = []

    def keep(copies: Sequence[Copy]) -> None:
        policy = _take_policy(actor, policy_id)
        before = _by_token(actor, policy_id, RequestKind.RESET, token)
        if before is not None:
            raise _AlreadyAsked(before)
        check_phone_current(policy.client_id, limits=limits)
        holds.check(policy.client_id)
        version = current(policy.client_id)
        # A default is not sent; a generated one was just now, in this transaction or by a double click.
        message = message_of(version) if version.origin == Origin.GENERATED else None
        made[:] = [_keep(actor, policy, token, RequestKind.RESET, message=message, limits=limits)]
        links = [{"request": made[0].id, "copy": copy.id} for copy in copies]
        if links:
            RequestCopy.insert_many(links).execute()

    try:
        reset_and_send(vault, actor, policy.client_id, letters, limits=limits, also=keep)
    except _AlreadyAsked as again:
        return again.request
    return made[0]


def _take_policy(actor: Actor, policy_id: int) -> Policy:
    """The policy with its client, whose turn is taken in the caller's transaction. Raises `NoMandate`."""
    act_on(actor, mandates.policy(actor, policy_id).client_id)
    return mandates.policy(actor, policy_id)  # once more: the mandate may have ended while we waited


def _by_token(actor: Actor, policy_id: int, kind: RequestKind, token: str) -> Request | None:
    form = Request.actor_id == actor.account_id, Request.policy == policy_id, Request.token == token
    return Request.get_or_none(*form, Request.kind == kind)


def _keep(
    actor: Actor, policy: Policy, token: str, kind: RequestKind, *, message: Message | None, limits: Limits
) -> Request:
    """Put the request on the policy, with its event and its notice to the client."""
    client = policy.client
    check_quotas(actor, client.id, limits)
    request = Request.create(
        token=token,
        policy=policy,
        kind=kind,
        actor_role=actor.role,
        actor_id=actor.account_id,
        asked_at=now(),
        message=message,
        password=current(client.id),
    )
    record(
        Tag.REQUEST_MADE,
        actor,
        client_id=client.id,
        request=request.number,
        kind=kind,
        policy=policy.number,
    )
    notice.tell(actor, client, request)
    return request
