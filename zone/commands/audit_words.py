"""What the `audit` commands say: the outcome of a verification, and events as lines."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime

from zone.audit.facts import Fact
from zone.audit.models import Event
from zone.audit.reading import Seen
from zone.audit.verifying import Fault, Report


def in_words(report: Report, *, brought: int, own_key: bool) -> Iterator[str]:
    """The outcome first, then each thing that is wrong, then what could not be checked."""
    first = report.first
    if report.whole:
        yield f"The trail is whole: {report.events} events, {report.heads} signed heads."
    elif first is not None:
        yield f"THE TRAIL WAS BENT. The first bad event: {_named(first)}"
    else:
        yield "THE TRAIL WAS BENT. Its events hold together, but its signed heads do not."
    yield from (f"Also: {_named(fault)}" for fault in report.faults if fault is not first)
    yield from (f"Also: {fault}." for fault in report.bad_heads)
    yield from (f"Not checked: {what}." for what in _not_checked(report, brought=brought, own_key=own_key))


def _named(fault: Fault) -> str:
    when = f" of {fault.at.isoformat(timespec='seconds')}" if fault.at and fault.event_id else ""
    row = f" (id {_plain(fault.event_id)})" if fault.event_id else ""
    head = f" The head is number {fault.head}." if fault.head else ""
    return f"shard {_plain(fault.shard)}, number {_plain(fault.number)}{row}{when}: {fault.wrong}.{head}"


def _plain(place: object) -> str:
    """Where a fault is. What was put into SQLite may be a text, which would otherwise write lines of its own."""
    return str(place) if isinstance(place, int) else ascii(place)[:40]


def _not_checked(report: Report, *, brought: int, own_key: bool) -> Iterator[str]:
    last = report.last_head
    if not brought:
        yield (
            "no head from outside was brought (--head), so a trail that was cut off together with the heads kept here, "
            "or made anew by who holds the keyring too, looks whole"
        )
    if brought and not own_key:
        yield "heads were checked with the keyring's own key; bring the auditor's copy of it (--public-key)"
    if last is None:
        yield "there is no signed head at all: only the keyed hashes guard the trail, and its end could be cut off"
    elif report.after_last_head:
        yield (
            f"{report.after_last_head} events after the last head (number {last.number}, "
            f"{last.at.isoformat(timespec='seconds')}) are guarded by their keyed hashes alone; the latest of them "
            "could be cut off"
        )
    if report.unkeyed:
        yield (
            f"{report.unkeyed} events are older than the chain; they are as they were when the first head was signed, "
            "and nothing tells what was before"
        )
    yield "sealed facts are not opened; their hashes hold, those of erased clients too"


def shown(event: Seen) -> str:
    """One event for people."""
    role = event.actor_role or "somebody"
    who = role if event.actor_id is None else f"{role} {event.actor_id}"
    client = "" if event.client_id is None else f" for client {event.client_id}"
    under = "" if event.impersonation_id is None else f" under impersonation {event.impersonation_id}"
    facts = ", ".join(f"{name}={fact}" for name, fact in sorted(event.facts.items()))
    return f"{event.at.isoformat(timespec='seconds')}  {event.tag}  {who}{client}{under}  {facts}".rstrip()


def exported(event: Event, opened: Mapping[str, Fact] | None) -> str:
    """One event for programs, a line of JSON; `opened` are its facts with the personal ones, if they are wanted."""
    line = {
        "id": event.id,
        "shard": event.shard,
        "number": event.number,
        "at": event.at.strftime("%Y-%m-%dT%H:%M:%S.%fZ") if isinstance(event.at, datetime) else str(event.at),
        "tag": event.tag,
        "actor_role": event.actor_role,
        "actor_id": event.actor_id,
        "client_id": event.client_id,
        "impersonation_id": event.impersonation_id,
        "facts": event.facts,
        "sealed": _hex(event.sealed),
        "previous": _hex(event.previous),
        "hash": _hex(event.hash),
        "mac": _hex(event.mac),
    }
    if opened is not None:
        line["opened"] = dict(opened)
    return json.dumps(line, ensure_ascii=False) + "\n"


def _hex(value: bytes | None) -> str | None:
    return bytes(value).hex() if isinstance(value, bytes | memoryview) else value
