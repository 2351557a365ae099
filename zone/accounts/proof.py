"""Checking a sign-in password: the one way through, throttled, for sign-in and step-up alike.

A browser that has signed in to an account before carries a token that says so (OWASP, "device cookies"). Its
attempts are counted by themselves, so that no stranger can make its owner wait. All others are counted three
times: by account and address, by address, by account. The account's waits stay short, for they are all that a
stranger can inflict on an owner who comes with a new browser.

Nothing here differs between an e-mail that has an account and one that has none.
"""

from __future__ import annotations

import hmac
import secrets
from ipaddress import IPv4Address, ip_address

from zone.accounts import throttle
from zone.accounts.passwords import PURPOSE, normal
from zone.accounts.throttle import ACCOUNT, ADDRESS, CLOSE, Waits
from zone.secret import Secret
from zone.vault import Busy, Vault


def check(
    vault: Vault, *, email: str, password: Secret, hashed: str | None, address: str, browser: Secret | None
) -> bool:
    """Whether `hashed` is of `password`; None is right for nobody. Not in a transaction.

    Raises `TooManyAttempts`, whatever the password; and `Busy`, and then nothing was counted.
    """
    shared: dict[str, Waits] = {}
    known = _name(vault, email, browser)
    if known:
        own = throttle.key(vault, "browser", email, known)
    else:
        place = place_of(address)
        own = throttle.key(vault, "account and address", email, place)
        shared = {
            throttle.key(vault, "address", place): ADDRESS,
            throttle.key(vault, "account", email): ACCOUNT,
        }
    buckets = {own: CLOSE} | shared
    throttle.begin(buckets)
    try:
        right = vault.verify(PURPOSE, normal(password), hashed)
    except Busy:
        throttle.take_back(buckets)
        raise
    if right:
        throttle.succeed(own)
        throttle.take_back(shared)
    return right


def browser_of(vault: Vault, email: str, browser: Secret | None) -> Secret:
    """The token for a browser that has just signed in with `email`: the one it has, if good, or a new one."""
    if browser is not None and _name(vault, email, browser):
        return browser
    name = secrets.token_urlsafe(16)
    return Secret(f"{name}.{_signature(vault, email, name)}")


def _name(vault: Vault, email: str, browser: Secret | None) -> str | None:
    """The name inside a token that `browser_of` gave out for `email`; None for any other token."""
    name, _, signature = (browser or Secret("")).reveal().partition(".")
    expected = _signature(vault, email, name)
    return name if hmac.compare_digest(signature.encode(), expected.encode()) else None


def _signature(vault: Vault, email: str, name: str) -> str:
    return vault.mac("browser", f"{email}\0{name}".encode()).hex()


def place_of(address: str) -> str:
    """One subscriber's addresses as one: IPv6 hands out networks of 64 bits (RFC 6177), not addresses."""
    try:
        parsed = ip_address(address)
    except ValueError:  # a proxy in front may add a port or give a name
        return address
    if isinstance(parsed, IPv4Address):
        return str(parsed)
    return str(parsed.ipv4_mapped or int(parsed) >> 64)
