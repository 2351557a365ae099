"""Signing in."""

from __future__ import annotations

from dataclasses import dataclass

from zone.accounts import proof, sessions, throttle
from zone.accounts.accounts import normal_email
from zone.accounts.device import device_of
from zone.accounts.models import Account
from zone.accounts.passwords import hash_password
from zone.accounts.principal import Principal
from zone.audit import SYSTEM, Actor, Role, Tag, record
from zone.config import Limits
from zone.language import N_, Refusal
from zone.secret import Secret
from zone.storage import locked, transaction
from zone.vault import Busy, Vault


class WrongCredentials(Refusal):
    """E-mail and password do not belong together. It never says which of them is wrong."""

    message = N_("The e-mail or the password is not right.")


@dataclass(frozen=True)
class SignedIn:
    """What the browser keeps: `token` for this session, `browser` for years. And who it is."""

    token: Secret
    browser: Secret
    principal: Principal


def sign_in(
    vault: Vault,
    *,
    email: str,
    password: Secret,
    address: str,
    browser: Secret | None,
    limits: Limits,
    user_agent: str | None = None,
) -> SignedIn:
    """A fresh session for who knows the password. Not in a transaction.

    `address` is where the request came from, `browser` the token of an earlier sign-in, if there is one;
    of `user_agent`, the header, is kept what kind of device it was and no more.
    Raises `WrongCredentials`, `TooManyAttempts`, and `Busy` when too many sign in at this moment.
    """
    email = normal_email(email)
    account = Account.get_or_none(Account.email == email)
    hashed = account.password_hash if account else None
    right = proof.check(
        vault, email=email, password=password, hashed=hashed, address=address, browser=browser
    )
    if account is None or not right:
        _refused(account)
        raise WrongCredentials
    renewed, device = _renewed(vault, password, account.password_hash), device_of(user_agent)
    with transaction():
        # Between the look and the lock the account may have gone, or its password changed.
        current = locked(Account.select().where(Account.id == account.id)).get_or_none()
        if current is None or current.password_hash != hashed:
            raise WrongCredentials
        if renewed:
            Account.update(password_hash=renewed).where(Account.id == account.id).execute()
        token, principal = sessions.start(current, device)
        # What a client owns is sealed for them; what the insurer's people work on is nothing to tell.
        told = {} if principal.client_id is None else {"device": device}
        record(Tag.SIGN_IN, principal.actor, client_id=principal.client_id, **told)
        sessions.sweep(limits)
        throttle.sweep()
    return SignedIn(token, proof.browser_of(vault, email, browser), principal)


def _refused(account: Account | None) -> None:
    """One event either way, so that both take the same time."""
    actor = Actor(Role(account.role), account.id) if account else SYSTEM
    with transaction():
        record(Tag.SIGN_IN_REFUSED, actor, client_id=account.client_id if account else None)


def _renewed(vault: Vault, password: Secret, hashed: str) -> str | None:
    """The password hashed with today's parameters, if `hashed` is not."""
    if not vault.outdated(hashed):
        return None
    try:
        return hash_password(vault, password)
    except Busy:
        return None  # nobody waits for that: the next sign-in does it
