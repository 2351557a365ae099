"""Keys by which the insurer's programs come to the API.

A key is 256 random bits, so its plain SHA-256 can stand in the database: a slow or peppered hash protects what
people choose, and nobody guesses this. For the same reason a right key never waits for the wrong ones of others:
guesses are slowed down per address so that they cost little, not because one could hit.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from zone.accounts import throttle
from zone.accounts.models import ApiKey
from zone.accounts.proof import place_of
from zone.accounts.throttle import ADDRESS
from zone.audit import SYSTEM, Actor, Role, Tag, record
from zone.clock import now
from zone.language import N_, Refusal
from zone.secret import Secret
from zone.storage import transaction
from zone.vault import Vault

PREFIX = "zone_"  # scanners for forgotten secrets find a key by it
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


class Scope(StrEnum):
    """What a key may do; it may do nothing else. To write is not to read."""

    CLIENTS_READ = "clients:read"
    CLIENTS_WRITE = "clients:write"
    LETTERS_READ = "letters:read"
    LETTERS_WRITE = "letters:write"
    MANDATES_READ = "mandates:read"
    MANDATES_WRITE = "mandates:write"


class CannotCreateKey(Exception):
    """No such key can be made; the message says why."""


class NoSuchKey(Refusal):
    """No key in force is this one."""

    message = N_("This API key is not in force. Check it, or have a new one made.")


@dataclass(frozen=True)
class Program:
    """A program that showed its key: who acts, and what the key allows."""

    actor: Actor
    scopes: frozenset[Scope]


def create(actor: Actor, name: str, scopes: Collection[Scope]) -> Secret:
    """A new key called `name`. It cannot be had again. Raises `CannotCreateKey`.

    A name is given out once: the trail speaks of a revoked key's acts by its name too.
    """
    if not NAME.fullmatch(name):
        raise CannotCreateKey("a name has 1 to 64 letters, digits, dots, hyphens or underscores")
    if not scopes:
        raise CannotCreateKey("a key needs at least one scope")
    key = Secret(PREFIX + secrets.token_urlsafe(32))
    told = " ".join(sorted(scopes))
    with transaction():
        made = list(
            ApiKey.insert(name=name, key_hash=_hash(key), scopes=told, created_at=now())
            .on_conflict_ignore()
            .returning(ApiKey)
            .execute()
        )
        if not made:
            raise CannotCreateKey(f"there is or was a key called {name}; take another name")
        record(Tag.API_KEY_CREATED, actor, key=made[0].id, name=name, scopes=told)
    return key


def revoke(actor: Actor, name: str) -> bool:
    """Put the key called `name` out of force, at once. Says whether it was in force."""
    with transaction():
        found = ApiKey.name == name, ApiKey.revoked_at.is_null()
        revoked = list(ApiKey.update(revoked_at=now()).where(*found).returning(ApiKey).execute())
        if revoked:
            record(Tag.API_KEY_REVOKED, actor, key=revoked[0].id, name=name)
    return bool(revoked)


def every() -> list[ApiKey]:
    """All keys by name, also those out of force."""
    return list(ApiKey.select().order_by(ApiKey.name))


def admit(vault: Vault, key: Secret, *, address: str) -> Program:
    """The program whose key this is. Not in a transaction.

    Raises `NoSuchKey`; `TooManyAttempts` when too many wrong ones came from `address`.
    """
    found = ApiKey.get_or_none(ApiKey.key_hash == _hash(key))
    if found is not None and found.revoked_at is None:
        return Program(_actor(found), frozenset(Scope(scope) for scope in found.scopes.split()))
    throttle.begin({throttle.key(vault, "api key", place_of(address)): ADDRESS})
    with transaction():
        record(Tag.API_KEY_REFUSED, _actor(found) if found else SYSTEM)
    raise NoSuchKey


def _actor(key: ApiKey) -> Actor:
    return Actor(Role.PROGRAM, key.id, key.name)


def _hash(key: Secret) -> str:
    return hashlib.sha256(key.reveal().encode()).hexdigest()
