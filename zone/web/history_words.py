"""The access history in words: who, what, how long, and acts done while somebody helped gathered into one block."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from zone.audit import STAFF, Role, Tag
from zone.audit.reading import Seen
from zone.language import N_, Language
from zone.web.history_facts import Context, called, told
from zone.web.history_table import TOLD

WHO = {
    Role.CLIENT: N_("You"),
    Role.BROKER: N_("Broker"),
    Role.SUPPORT: N_("Our support"),
    Role.OPERATOR: N_("The insurer"),
    Role.PROGRAM: N_("The insurer"),
    Role.SYSTEM: N_("The zone, by itself"),
}
SOMEBODY = N_("Somebody, perhaps you")
STARTED, ENDED, EXPIRED = Tag.IMPERSONATION_STARTED, Tag.IMPERSONATION_ENDED, Tag.IMPERSONATION_EXPIRED


@dataclass(frozen=True)
class Line:
    """One entry as it is read. `details` are labels and words; `foul` says that the client may disown it.

    `granted` is for how many minutes it gave leave to help.
    """

    id: int
    at: datetime
    tag: str
    who: str
    what: str
    details: list[tuple[str, str]]
    foul: bool
    impersonation_id: int | None
    granted: int


@dataclass(frozen=True)
class Block:
    """One entry, or all of a page that belong to one impersonation, newest first.

    `helper` is who helped then, `minutes` how long if the page shows beginning and end.
    """

    lines: list[Line]
    helper: str | None = None
    minutes: int | None = None

    @property
    def size(self) -> int:
        return len(self.lines)


def line(seen: Seen, context: Context) -> Line:
    """`seen` in words. Its tag has to be one that is told."""
    how, minutes = TOLD[seen.tag], seen.facts.get("minutes")
    return Line(
        id=seen.id,
        at=seen.at,
        tag=seen.tag,
        who=context.words.gettext(SOMEBODY) if how.by_somebody else _who(seen, context),
        what=context.words.gettext(how.words),
        details=told(how.facts, seen.facts, context),
        foul=how.foul and seen.actor_role is not Role.SYSTEM,
        impersonation_id=seen.impersonation_id,
        granted=minutes if isinstance(minutes, int) else 0,
    )


def blocks(lines: Iterable[Line]) -> list[Block]:
    """The lines of a page in their order; those of one impersonation stand where its newest does."""
    gathered: dict[tuple[str, int], list[Line]] = {}
    for each in lines:
        key = ("entry", each.id) if each.impersonation_id is None else ("help", each.impersonation_id)
        gathered.setdefault(key, []).append(each)
    return [_block(some, helped=kind == "help") for (kind, _), some in gathered.items()]


def letters_of(entries: Iterable[Seen]) -> Collection[str]:
    """References of the letters that the entries speak of."""
    named = [seen.facts.get(name) for seen in entries for name in ("letter", "subject")]
    return {each for each in named if isinstance(each, str) and each.isprintable()}


def lasting(minutes: int, words: Language) -> str:
    """So many minutes, as people say it."""
    if minutes < 1:
        return words.gettext("less than a minute")
    return words.ngettext("%(num)s minute", "%(num)s minutes", minutes) % {"num": minutes}


def _who(seen: Seen, context: Context) -> str:
    """The part that they played, if it can be read; of staff, what else is shown of them."""
    part = context.words.gettext(SOMEBODY if seen.actor_role is None else WHO[seen.actor_role])
    name = called(seen.actor_id, context) if seen.actor_role in STAFF else None
    return f"{part}, {name}" if name else part


def _block(lines: list[Line], *, helped: bool) -> Block:
    if not helped:
        return Block(lines)
    return Block(lines, lines[0].who, _minutes(lines))


def _minutes(lines: list[Line]) -> int | None:
    """That time ran out is noted only when somebody looks, so then it is what was granted that counts."""
    times = {each.tag: each.at for each in lines}
    if STARTED not in times:
        return None
    if EXPIRED in times:
        return sum(each.granted for each in lines)
    return (times[ENDED] - times[STARTED]) // timedelta(minutes=1) if ENDED in times else None
