"""Messages that a person has to look at: those that failed, and those of which nobody knows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from peewee import Expression, ModelSelect, Tuple

from zone.clock import now
from zone.messages.models import LOST, Kind, Message
from zone.messages.states import MAY_BE_LOST
from zone.storage import marks
from zone.storage.capped import Capped, capped_count
from zone.storage.marks import Mark
from zone.storage.there import not_there

LOOKED_BACK = timedelta(days=7)
PAGE = 25
# Of these the latest is all that counts; of the others, the latest of the same subject.
LATEST_COUNTS = (Kind.LETTER_PASSWORD, Kind.PHONE_CODE)
# Nobody waits for these; their campaign counts what became of them.
NOT_WAITED_FOR = (Kind.INVITATION,)


@dataclass(frozen=True)
class Page:
    """Some messages, newest first. `next` is where the next page begins; none when this is the last."""

    messages: list[Message]
    next: Mark | None


def page(*, after: Mark | None = None, but: Expression | None) -> Page:
    """Those of the past week that no later message has made up for, and `but` does not find.

    What worklists show is `zone.letters.lost_messages`, which knows of letters.
    """
    query = _standing(but).order_by(Message.queued_at.desc(), Message.id.desc()).limit(PAGE + 1)
    if after is not None:
        moment = Message.queued_at.db_value(after.moment)
        query = query.where(Tuple(Message.queued_at, Message.id) < Tuple(moment, after.row))
    found = list(query)
    shown = found[:PAGE]
    more = len(found) > PAGE
    return Page(shown, marks.at(shown[-1].queued_at, shown[-1].id) if more else None)


def count(*, but: Expression | None) -> Capped:
    """How many there are."""
    return capped_count(_standing(but))


def _standing(but: Expression | None) -> ModelSelect[Message]:
    query = Message.select().where(
        LOST,
        Message.queued_at > now() - LOOKED_BACK,
        Message.kind.not_in(NOT_WAITED_FOR),
        not_there(_made_up()),
    )
    return query if but is None else query.where(~but)


def _made_up() -> ModelSelect[Message]:
    """The client got it later, or will: a message of the same kind that is not lost."""
    later = Message.alias()
    return later.select(later.id).where(
        later.client_id == Message.client_id,
        later.kind == Message.kind,
        later.id > Message.id,
        later.status.not_in(MAY_BE_LOST),
        Message.kind.in_(LATEST_COUNTS) | (later.subject_id == Message.subject_id),
    )
