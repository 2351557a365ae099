"""The chain: each event holds the hash of the one before it in its shard.

An event's hash is SHA-256 over the JSON array (RFC 8259; no white space, all but ASCII escaped) of `FORMAT`, shard,
number, the previous hash in hex, the time in UTC to the microsecond, tag, role and id of the actor, client,
impersonation, the facts as they are stored, and the sealed ones in hex. Anybody can compute it. Its `mac` is keyed
(HMAC-SHA-256 under the pepper), so that nobody who has the database alone can go on with a chain, or make it anew.

There are `SHARDS` chains side by side, or every act would wait for the commit of every other. All events of one client
stand in one, in the order in which their acts were committed: a client's acts take turns anyway. A signed head joins
the shards. Links are made last in the transaction, shard by shard in one order, so a shard is only contended while one
commits and two transactions never wait for each other. The unique index on shard and number is the lock: who finds
the place taken when the other has committed, looks again.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any

from zone.audit.models import Event
from zone.storage import current_database
from zone.vault import Vault

FORMAT = "zone-event-1"
SHARDS = 64
FIRST_PREVIOUS = bytes(32)
LAST = """SELECT * FROM (SELECT shard, number, hash FROM event WHERE shard = {mark}
    ORDER BY number DESC LIMIT 1) AS {name}"""
INSERT = """INSERT INTO event ({columns}) VALUES {rows}
    ON CONFLICT (shard, number) DO NOTHING RETURNING id"""
# So many rows have fewer values than a statement may have.
AT_ONCE = 500


@dataclass(frozen=True)
class Written:
    """What an event says, without its place in the chain."""

    at: datetime
    tag: str
    actor_role: str
    actor_id: int | None
    client_id: int | None
    impersonation_id: int | None
    facts: str
    sealed: bytes | None


COLUMNS = ("shard", "number", "previous", "hash", "mac", *(field.name for field in fields(Written)))


@dataclass(frozen=True)
class End:
    """The last event of a shard, or of what is looked at of it."""

    number: int = 0
    hash: bytes = FIRST_PREVIOUS


def hash_of(shard: int, number: int, previous: bytes, written: Written) -> bytes:
    """The hash of an event in its place."""
    said = (
        FORMAT,
        shard,
        number,
        previous.hex(),
        written.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        written.tag,
        written.actor_role,
        written.actor_id,
        written.client_id,
        written.impersonation_id,
        written.facts,
        None if written.sealed is None else written.sealed.hex(),
    )
    return hashlib.sha256(json.dumps(said, separators=(",", ":")).encode("ascii")).digest()


def mac_of(vault: Vault, digest: bytes) -> bytes:
    """What only this installation can say of a hash; 32 bytes."""
    return vault.mac("trail", digest)


def append(vault: Vault, events: Collection[Written]) -> None:
    """Write the events of one transaction, as the last thing that it does."""
    by_shard: defaultdict[int, list[Written]] = defaultdict(list)
    for event in events:
        by_shard[_shard(event)].append(event)
    ends = last_of(by_shard)
    for shard, mine in sorted(by_shard.items()):
        end = ends.get(shard, End())
        while not _extend(vault, shard, end, mine):
            end = last_of([shard])[shard]


def last_of(shards: Collection[int]) -> dict[int, End]:
    """The last event of each of `shards` that has one, all of one moment."""
    database: Any = current_database()  # peewee's types lack execute_sql's cursor
    each = [LAST.format(mark=database.param, name=f"s{place}") for place in range(len(shards))]
    rows = database.execute_sql(" UNION ALL ".join(each), list(shards)).fetchall()
    return {shard: End(number, bytes(digest)) for shard, number, digest in rows}


def _shard(event: Written) -> int:
    """By the client, else by who acts. What nobody did is anywhere, so that it waits for nobody."""
    key = event.actor_id if event.client_id is None else event.client_id
    return secrets.randbelow(SHARDS) if key is None else key % SHARDS


def _extend(vault: Vault, shard: int, end: End, events: Collection[Written]) -> bool:
    """Put `events` behind `end`. False if another transaction came first: then nothing is written.

    The first alone may find its place taken; whoever wants the next ones must have seen it committed.
    """
    rows = []
    for event in events:
        digest = hash_of(shard, end.number + 1, end.hash, event)
        place = (shard, end.number + 1, end.hash, digest, mac_of(vault, digest))
        rows.append((*place, *_said(event)))
        end = End(end.number + 1, digest)
    if not _insert(rows[:1]):
        return False
    for start in range(1, len(rows), AT_ONCE):
        _insert(rows[start : start + AT_ONCE])
    return True


def _said(event: Written) -> tuple[Any, ...]:
    at, *others = vars(event).values()
    return Event.at.db_value(at), *others


def _insert(rows: Sequence[tuple[Any, ...]]) -> bool:
    """Whether their places were free. Written out, as each act does it: building it would take as long as all else."""
    database: Any = current_database()
    row = f"({', '.join([database.param] * len(COLUMNS))})"
    statement = INSERT.format(columns=", ".join(COLUMNS), rows=", ".join([row] * len(rows)))
    return bool(database.execute_sql(statement, [value for row in rows for value in row]).fetchall())
