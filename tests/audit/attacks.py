"""Ways to bend a trail for who holds the whole database but not the keyring. Each changes something, always."""

from __future__ import annotations

import random
import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from peewee import SQL

from zone.audit.chain import Written, hash_of
from zone.audit.models import Event, SignedHead
from zone.storage import current_database, is_postgres

SAID = ("at", "tag", "actor_role", "actor_id", "client_id", "impersonation_id", "facts", "sealed")
COLUMNS = (*SAID, "previous", "hash", "mac", "shard", "number")
Dice = random.Random


def edit(dice: Dice) -> None:
    """One column of one event."""
    event = _any(dice)
    _put(event, {name: _other(event, name, dice) for name in [dice.choice(COLUMNS)]})


def delete(dice: Dice) -> None:
    """Some events in a row."""
    event = _any(dice)
    _of(event.shard, Event.number >= event.number, Event.number < event.number + dice.randint(1, 3))


def swap(dice: Dice) -> None:
    """What two events say, or their places, or the ids of two of one client."""
    one, other = _any(dice), _any(dice)
    while one.id == other.id:
        other = _any(dice)
    kind = dice.choice(("said", "ids"))
    if kind == "said":
        theirs = {name: getattr(other, name) for name in SAID}
        _put(other, {name: getattr(one, name) for name in SAID})
        _put(one, theirs)
    else:
        mine = list(Event.select().where(Event.shard == one.shard))
        first, second = dice.sample(mine, 2)
        for event, new in ((first, -1), (second, first.id), (Event(id=-1), second.id)):
            Event.update(id=new).where(Event.id == event.id).execute()


def insert(dice: Dice) -> None:
    """An event that never was, before or behind another, hashed as it should be but for the key."""
    event = _any(dice)
    place = event.number + dice.randint(0, 1)
    later = Event.select().where(Event.shard == event.shard, Event.number >= place)
    for moved in later.order_by(Event.number.desc()):
        _put(moved, {"number": moved.number + 1})
    before = Event.get_or_none(Event.shard == event.shard, Event.number == place - 1)
    previous = bytes(before.hash) if before else bytes(32)
    said = {name: getattr(event, name) for name in SAID} | {"facts": f'{{"version": {dice.random()}}}'}
    digest = hash_of(event.shard, place, previous, Written(**said))
    links = {"shard": event.shard, "number": place, "previous": previous, "hash": digest}
    Event.insert(said | links | {"mac": _forged(event, dice)}).execute()


def cut(dice: Dice) -> None:
    """The end of a shard, with every head that is kept beside it."""
    event = _any(dice)
    _of(event.shard, Event.number >= event.number)
    SignedHead.delete().execute()


def chain_anew(dice: Dice) -> None:
    """An edit, and every hash from there on made to fit."""
    event = _any(dice)
    name = dice.choice(SAID)
    _put(event, {name: _other(event, name, dice)})
    before = Event.get_or_none(Event.shard == event.shard, Event.number == event.number - 1)
    previous = bytes(before.hash) if before else bytes(32)
    keeps_macs = dice.random() < 0.5
    if dice.random() < 0.3:
        SignedHead.delete().execute()
    later = Event.select().where(Event.shard == event.shard, Event.number >= event.number)
    for one in later.order_by(Event.number):
        said = Written(**{name: getattr(one, name) for name in SAID})
        digest = hash_of(one.shard, one.number, previous, said)
        mac = one.mac if keeps_macs else _forged(one, dice)
        _put(one, {"previous": previous, "hash": digest, "mac": mac})
        previous = digest


def stray(dice: Dice) -> None:
    """An event beside all chains, which is read by its client like any other."""
    event = _any(dice)
    shard = _odd_shard(dice)
    said = {name: getattr(event, name) for name in SAID} | {"facts": f'{{"version": {dice.random()}}}'}
    links = {"shard": shard, "number": event.number, "previous": event.previous, "hash": event.hash}
    Event.insert(said | links | {"mac": _forged(event, dice)}).execute()


def strip(dice: Dice) -> None:
    """The keyed hashes from somewhere behind the first event of a shard on."""
    event = dice.choice(list(Event.select().where(Event.number > 1)))
    most = event.number + dice.randint(1, 3)
    which = (Event.shard == event.shard, Event.number >= event.number, Event.number < most)
    Event.update(mac=None).where(*which).execute()


ATTACKS: tuple[Callable[[Dice], None], ...] = (edit, delete, swap, insert, cut, chain_anew, stray, strip)


def _any(dice: Dice) -> Event:
    return dice.choice(list(Event.select()))


def _put(event: Event, values: dict[str, Any]) -> None:
    Event.update(values).where(Event.id == event.id).execute()


def _of(shard: int, *which: object) -> None:
    Event.delete().where(Event.shard == shard, *which).execute()


def _forged(event: Event, dice: Dice) -> bytes | None:
    return dice.choice((None, bytes(32), secrets.token_bytes(32), event.mac))


def _other(event: Event, name: str, dice: Dice) -> object:
    """Another value than the column has."""
    old = getattr(event, name)
    if name == "at":
        return old + timedelta(microseconds=dice.choice((-1, 1, 10**6, -(10**9))))
    if name in ("sealed", "previous", "hash", "mac"):
        return _bent(bytes(old), dice) if old else b"\0"
    if name == "shard":
        return dice.choice((0, 63, _odd_shard(dice)))  # where the trail of the test has nothing
    if name == "number":
        return dice.choice((0, -1, old + 1000))  # none that another has
    if old is None or isinstance(old, int):
        return dice.choice([value for value in (None, 0, 1, 8, 10**9) if value != old])
    return dice.choice((f"{old} ", old.upper() if old.upper() != old else "x", "", f"{old}\n"))


def _odd_shard(dice: Dice) -> object:
    """Where no chain is: what a small number holds, and on SQLite whatever there is."""
    small = (-(2**15), -1, 64, 99, 2**15 - 1)
    if is_postgres(current_database()):
        return dice.choice(small)
    huge = (-99_999, -(2**63), 2**63 - 1, float("-inf"), float("inf"), 7.5)
    return SQL(
        "?", [dice.choice((*small, *huge, "", "x", "7x", b"7"))]
    )  # past the field, which wants a number


def _bent(old: bytes, dice: Dice) -> bytes:
    at = dice.randrange(len(old))
    return old[:at] + bytes([old[at] ^ (1 << dice.randrange(8))]) + old[at + 1 :]
