"""Which program asks: shown by a bearer key (RFC 6750) alone, never by a cookie."""

from __future__ import annotations

from typing import cast

from flask import g, request

from zone.accounts import api_keys
from zone.accounts.api_keys import Scope
from zone.audit import Actor
from zone.secret import Secret
from zone.web.api.problems import CHALLENGE, Kind, Problem
from zone.web.here import address, parts


def admit(scope: Scope) -> None:
    """Let a program in whose key has `scope`. Raises `Problem`, `NoSuchKey`, `TooManyAttempts`."""
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not key.strip():
        raise Problem(401, headers=CHALLENGE)
    program = api_keys.admit(parts().vault, Secret(key.strip()), address=address())
    if scope not in program.scopes:
        challenge = f'{CHALLENGE["WWW-Authenticate"]}, error="insufficient_scope", scope="{scope}"'
        raise Problem(
            403,
            f"The key lacks the scope {scope}. Have one made that has it.",
            kind=Kind.MISSING_SCOPE,
            headers={"WWW-Authenticate": challenge},
            scope=scope,
        )
    g.actor = program.actor


def actor() -> Actor:
    """The program that asks; only for views whose access rule asks for a scope."""
    return cast(Actor, g.actor)
