"""Proving again who sits there, before an act that a thief of an open browser would do."""

from __future__ import annotations

from dataclasses import replace

from zone.accounts import proof
from zone.accounts.models import Account, Session
from zone.accounts.principal import Principal
from zone.audit import Tag, record
from zone.clock import now
from zone.config import Limits
from zone.language import N_, Refusal
from zone.secret import Secret
from zone.storage import transaction
from zone.vault import Vault


class WrongPassword(Refusal):
    """That is not the sign-in password of who is signed in."""

    message = N_("That is not your sign-in password.")


def prove(
    vault: Vault, principal: Principal, password: Secret, *, address: str, browser: Secret | None
) -> Principal:
    """The principal, proven now. Not in a transaction. Raises `WrongPassword`, `TooManyAttempts`, `Busy`.

    Counted together with sign-ins, so that the one is no way around the waits of the other.
    """
    account = Account.get_by_id(principal.account_id)
    right = proof.check(
        vault,
        email=account.email,
        password=password,
        hashed=account.password_hash,
        address=address,
        browser=browser,
    )
    moment = now()
    with transaction():
        tag = Tag.STEP_UP if right else Tag.STEP_UP_REFUSED
        record(tag, principal.actor, client_id=principal.client_id)
        if right:
            Session.update(proven_at=moment).where(Session.id == principal.session_id).execute()
    if not right:
        raise WrongPassword
    return replace(principal, proven_at=moment)


def recently_proven(principal: Principal, limits: Limits) -> bool:
    """Whether the sign-in password was given within `limits.step_up`."""
    return now() - principal.proven_at < limits.step_up
