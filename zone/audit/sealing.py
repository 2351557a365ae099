"""Personal facts of the trail under a key of their client, so that erasure ends them and the chain stays whole."""

from __future__ import annotations

import json
from collections.abc import Mapping

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from zone.audit.facts import Fact
from zone.vault import Context, Purpose, Vault
from zone.vault.envelope import decrypt, encrypt

VERSION = 1
KEY_BITS = 256


def seal(key: bytes, client_id: int, facts: str) -> bytes:
    """`facts`, as `as_json` writes them, for none but who has the client's key."""
    return encrypt(key, facts.encode(), _bound_to(client_id))


def unseal(key: bytes, client_id: int, sealed: bytes) -> dict[str, Fact]:
    """What `seal` was given; raises `CannotOpen`."""
    facts: dict[str, Fact] = json.loads(decrypt(key, sealed, _bound_to(client_id)))
    return facts


def as_json(facts: Mapping[str, Fact]) -> str:
    """As facts are stored. Raises `TypeError` for a `Secret` among them."""
    return json.dumps(facts, ensure_ascii=False, sort_keys=True)


def keys(vault: Vault, client_ids: set[int]) -> dict[int, bytes]:
    """The keys of those of the clients who have one and were not erased."""
    return vault.get_of_clients(Purpose.TRAIL, client_ids, VERSION) if client_ids else {}


def make_keys(vault: Vault, client_ids: set[int]) -> dict[int, bytes]:
    """The same for those who have none yet: made in one order, so that no two wait for each other."""
    return {client_id: _make_key(vault, client_id) for client_id in sorted(client_ids)}


def _make_key(vault: Vault, client_id: int) -> bytes:
    context = Context(Purpose.TRAIL, client_id, VERSION)
    return vault.put_first(context, AESGCM.generate_key(KEY_BITS))


def _bound_to(client_id: int) -> bytes:
    return f"zone:event:{client_id}".encode()
