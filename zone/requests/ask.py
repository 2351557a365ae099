"""Asking for what a broker or support may have done for a client: the password sent again, or its reset.

One form makes one request, however often it is sent. Whether who asks may is looked at in the transaction that acts,
and the client is told of every request.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from zone.audit import Actor, Tag, record
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
from zone.requests.scope import Found, Scope, find, take
from zone.storage import transaction
from zone.vault import Vault


class _AlreadyAsked(Exception):
    """The form has made this request before; what its repeat did is undone."""

    def __init__(self, request: Request) -> None:
        super().__init__(request.number)
        self.request = request


def ask_resend(actor: Actor, scope: Scope, *, token: str, limits: Limits) -> Request:
    """Have the current password sent to the client's phone (rules 7 and 8 of DESIGN.md).

    While the SMS of another request of this actor's in the same scope is under way, or within its cool-down, it is
    that request. Raises what `scope.find` raises, `TooManyRequests`, and what `resend` raises.
    """
    with transaction():
        found = take(actor, scope)
        known = _by_token(actor, found, RequestKind.RESEND, token)
        if known is not None:
            return known
        message = resend(actor, found.client.id, language=found.client.language, limits=limits)
        mine = Request.message == message, Request.policy == found.policy
        standing: Request | None = Request.get_or_none(*mine, Request.actor_id == actor.account_id)
        if standing is not None:
            return standing
        return _keep(actor, found, token, RequestKind.RESEND, message=message, limits=limits)


def ask_reset(
    vault: Vault, actor: Actor, scope: Scope, letters: Collection[str], *, token: str, limits: Limits
) -> Request:
    """Reset the client's letter password and send these letters again, in one act (rule 6 of DESIGN.md).

    Raises what `scope.find` raises, `PhoneUnfit`, `TooManyRequests`, and what `reset_and_send` raises.
    """
    asked_for = find(actor, scope)
    client_id = asked_for.client.id
    known = _by_token(actor, asked_for, RequestKind.RESET, token)
    if known is not None:
        return known
    made: list[Request] = []

    def keep(copies: Sequence[Copy]) -> None:
        found = take(actor, scope)
        before = _by_token(actor, found, RequestKind.RESET, token)
        if before is not None:
            raise _AlreadyAsked(before)
        check_phone_current(client_id, limits=limits)
        version = current(client_id)
        # A default is not sent; a generated one was just now, in this transaction or by a double click.
        message = message_of(version) if version.origin == Origin.GENERATED else None
        made[:] = [_keep(actor, found, token, RequestKind.RESET, message=message, limits=limits)]
        links = [{"request": made[0].id, "copy": copy.id} for copy in copies]
        if links:
            RequestCopy.insert_many(links).execute()

    try:
        reset_and_send(vault, actor, client_id, letters, limits=limits, also=keep)
    except _AlreadyAsked as again:
        return again.request
    return made[0]


def _by_token(actor: Actor, found: Found, kind: RequestKind, token: str) -> Request | None:
    form = Request.actor_id == actor.account_id, Request.client == found.client, Request.token == token
    return Request.get_or_none(*form, Request.kind == kind)


def _keep(
    actor: Actor, found: Found, token: str, kind: RequestKind, *, message: Message | None, limits: Limits
) -> Request:
    """Put the request on file, with its event and its notice to the client."""
    client, policy = found.client, found.policy
    check_quotas(actor, client.id, limits)
    request = Request.create(
        token=token,
        client=client,
        policy=policy,
        kind=kind,
        actor_role=actor.role,
        actor_id=actor.account_id,
        asked_at=now(),
        message=message,
        password=current(client.id),
    )
    on = {"policy": policy.number} if policy else {}
    record(Tag.REQUEST_MADE, actor, client_id=client.id, request=request.number, kind=kind, **on)
    notice.tell(actor, client, request)
    return request
