"""The worklist of messages that were lost, but for those of letters that have been sent again since."""

from __future__ import annotations

from peewee import JOIN, Expression

from zone.letters.models import Copy
from zone.messages import attention
from zone.messages.attention import Page
from zone.messages.models import Kind, Message
from zone.messages.states import MAY_BE_LOST
from zone.storage.capped import Capped
from zone.storage.marks import Mark
from zone.storage.there import there


def page(*, after: Mark | None = None) -> Page:
    """Those that are to be settled, newest first."""
    return attention.page(after=after, but=_sent_since())


def count() -> Capped:
    """How many there are."""
    return attention.count(but=_sent_since())


def _sent_since() -> Expression:
    """Of a query of messages: that it is a letter's, and a later copy of the letter went, will go, or waits to."""
    lost, later, sent = Copy.alias(), Copy.alias(), Message.alias()
    copies = (
        lost.select(later.id)
        .join(later, on=(later.letter == lost.letter) & (later.id > lost.id))
        .join(sent, JOIN.LEFT_OUTER, on=later.message == sent.id)
        .where(lost.id == Message.subject_id, later.message.is_null() | sent.status.not_in(MAY_BE_LOST))
    )
    again: Expression = (Message.kind == Kind.LETTER) & there(copies)
    return again
