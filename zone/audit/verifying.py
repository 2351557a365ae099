"""Whether the trail is whole: every event, every link, and every signed head that is kept here or was brought."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from zone.audit import heads
from zone.audit.chain import FIRST_PREVIOUS, SHARDS, End, hash_of, mac_of
from zone.audit.heads import Head, NotAHead
from zone.audit.models import Event, SignedHead
from zone.audit.walking import Row, blob, hashes_at, walk
from zone.vault import Vault

HEADS_AT_ONCE = 100
FIRST_HEAD = 1  # made when the events from before the chain were linked, if there were any


class Wrong(StrEnum):
    """What can be wrong, in words for who reads the command's output."""

    ALTERED = "what it says does not match its hash: it was changed"
    UNLINKED = "it does not follow the event before it: that was changed, taken out, or this one put in"
    MISSING = "it is missing: deleted, or moved"
    ODD_PLACE = "it stands where no event can stand: it was put in"
    FORGED = "its hash was not made by this installation: it was written by somebody without the keys"
    UNCOVERED = "it has no keyed hash, and no signed head covers it: written by somebody without the keys"
    STRIPPED = "its keyed hash is gone, though it is not from before the chain: somebody took it away"
    ORDER = "its id is not above that of the event before it: they were exchanged"
    CUT = "it is missing, though a signed head knew it: the end of the chain was cut off"
    OTHER = "a signed head knew another event in its place: the chain was made anew"


@dataclass(frozen=True)
class Fault:
    """The first bad event of one shard. `at` is what it says itself, or when a head knew it."""

    shard: int
    number: int
    at: datetime | None
    wrong: Wrong
    event_id: int | None = None
    head: int | None = None


@dataclass
class Report:
    """What came of it. `faults` are at most one for each shard, `bad_heads` in words."""

    events: int = 0
    heads: int = 0
    unkeyed: int = 0
    after_last_head: int = 0
    last_head: Head | None = None
    faults: list[Fault] = field(default_factory=list)
    bad_heads: list[str] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """Whether nothing was found."""
        return not self.faults and not self.bad_heads

    @property
    def first(self) -> Fault | None:
        """The earliest bad event, by the times that the trail itself tells."""
        return min(self.faults, key=_when, default=None)


def verify(
    vault: Vault, brought: Sequence[Head] = (), *, public_keys: Collection[bytes] | None = None
) -> Report:
    """Look at everything, in constant memory. `brought` are heads that were kept outside.

    Signatures are checked with `public_keys`, by default the keyring's own. Who holds the keyring can sign anything
    with that one, so an auditor brings theirs.
    """
    report = Report()
    looked = _Heads(vault.public_keys().values() if public_keys is None else public_keys, report)
    looked.look_at_kept()
    looked.look_at_brought(brought)
    for event in walk():
        if not event.has_no_shard:
            looked.chains[event.shard].look_at(vault, event, report)
        elif len(report.faults) < SHARDS:
            report.faults.append(Fault(event.shard, event.number, event.moment, Wrong.ODD_PLACE, event.id))
    for chain in looked.chains:
        chain.finish(report)
    return report


class _Chain:
    """One shard: what the heads know of it, and how far it was looked at."""

    def __init__(self, shard: int) -> None:
        self.shard = shard
        self.covered = 0
        self.may_lack_mac = 0
        self.known_wrong: Fault | None = None
        self._end = End()
        self._last_id = 0
        self._had_mac = False
        self._fault: Fault | None = None

    def look_at(self, vault: Vault, event: Row, report: Report) -> None:
        report.events += 1
        report.unkeyed += event.mac is None
        if event.has_no_number:
            self._fault = Fault(self.shard, self._end.number + 1, event.moment, Wrong.ODD_PLACE, event.id)
            return
        report.after_last_head += event.number > self.covered
        if self._fault is None:
            try:
                wrong = self._wrong(vault, event)
            except (AttributeError, TypeError, ValueError):  # no event of ours is of such types
                wrong = Wrong.ALTERED
            if wrong is Wrong.MISSING:
                self._fault = Fault(self.shard, self._end.number + 1, event.moment, wrong)
            elif wrong is not None:
                self._fault = Fault(self.shard, event.number, event.moment, wrong, event.id)
            else:
                self._end, self._last_id = End(event.number, bytes(event.hash)), event.id
                self._had_mac = event.mac is not None

    def finish(self, report: Report) -> None:
        """Note the first thing that is wrong, seen from the events or from the heads."""
        found = [fault for fault in (self._fault, self.known_wrong) if fault is not None]
        if found:
            report.faults.append(min(found, key=lambda fault: fault.number))

    def _wrong(self, vault: Vault, event: Row) -> Wrong | None:
        previous, digest = blob(event.previous), blob(event.hash)
        if event.number <= self._end.number:
            return Wrong.ODD_PLACE
        if event.number != self._end.number + 1:
            return Wrong.MISSING
        if hash_of(self.shard, event.number, previous, event.written) != digest:
            return Wrong.ALTERED
        if previous != self._end.hash:
            return Wrong.UNLINKED
        if event.id <= self._last_id:
            return Wrong.ORDER
        if event.mac is None:
            return self._wrong_without_mac(event)
        return None if blob(event.mac) == mac_of(vault, digest) else Wrong.FORGED

    def _wrong_without_mac(self, event: Row) -> Wrong | None:
        """Only events from before the chain have none: the first of their shard, up to where head 1 knew it."""
        if event.number > self.covered:
            return Wrong.UNCOVERED
        return Wrong.STRIPPED if self._had_mac or event.number > self.may_lack_mac else None


class _Heads:
    """All heads, held against each other and against the hashes that stand in the trail."""

    def __init__(self, public_keys: Collection[bytes], report: Report) -> None:
        self.chains = [_Chain(shard) for shard in range(SHARDS)]
        self._public_keys = public_keys
        self._report = report

    def look_at_kept(self) -> None:
        last = 0
        for row in _kept():
            if row.number != last + 1:
                self._report.bad_heads.append(f"head {last + 1}, that was kept here, is missing")
            last = row.number
            try:
                head = heads.parse(row.text)
            except NotAHead as error:
                self._report.bad_heads.append(f"head {row.number}, that is kept here: {error}")
                continue
            if head.number != row.number:
                self._report.bad_heads.append(
                    f"head {row.number}, that is kept here, says it is {head.number}"
                )
            self._look_at(head)

    def look_at_brought(self, brought: Sequence[Head]) -> None:
        for head in brought:
            kept = heads.kept().where(SignedHead.number == head.number).first()  # they are few
            if kept is None:
                self._report.bad_heads.append(f"head {head.number}, that you brought, is no longer kept here")
            elif kept.text == head.text:
                continue  # looked at already
            elif _signed(kept.text) != head.signed:
                self._report.bad_heads.append(f"head {head.number} is kept here as another than you brought")
            self._look_at(head)

    def _look_at(self, head: Head) -> None:
        self._report.heads += 1
        if len(head.ends) != SHARDS or not head.is_signed_by(self._public_keys):
            self._report.bad_heads.append(
                f"head {head.number}: its signature is not right for the public key"
            )
            return
        found = hashes_at(head.ends)
        for shard, (chain, end) in enumerate(zip(self.chains, head.ends, strict=True)):
            there = found.get(shard, FIRST_PREVIOUS if end.number == 0 else None)
            if there == end.hash:
                chain.covered = max(chain.covered, end.number)
                if head.number == FIRST_HEAD:
                    chain.may_lack_mac = max(chain.may_lack_mac, end.number)
            elif chain.known_wrong is None or end.number < chain.known_wrong.number:
                wrong, number = (
                    (Wrong.OTHER, end.number)
                    if there is not None
                    else (Wrong.CUT, _last_number(shard, end) + 1)
                )
                chain.known_wrong = Fault(shard, number, head.at, wrong, head=head.number)
        if self._report.last_head is None or head.at > self._report.last_head.at:
            self._report.last_head = head


def _kept() -> Iterator[SignedHead]:
    query = heads.kept().order_by(SignedHead.number).limit(HEADS_AT_ONCE)
    some = list(query)
    while some:
        yield from some
        some = list(query.where(SignedHead.number > some[-1].number))


def _last_number(shard: int, end: End) -> int:
    last: Any = Event.select(Event.number).where(
        Event.shard == shard, Event.number.between(1, end.number - 1)
    )
    found = last.order_by(Event.number.desc()).first()
    return found.number if found else 0


def _signed(text: str) -> bytes | None:
    try:
        return heads.parse(text).signed
    except NotAHead:
        return None


def _when(fault: Fault) -> tuple[float, float]:
    number: object = fault.number  # of what was put into SQLite it may be anything
    return (fault.at.timestamp() if fault.at else 0.0, number if isinstance(number, int | float) else 0)
