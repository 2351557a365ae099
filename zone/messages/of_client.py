"""The messages that went to one client."""

from __future__ import annotations

from dataclasses import dataclass

from zone.messages.models import Message

PAGE = 6


class NoSuchMessage(Exception):
    """The client has no message of this name; somebody else may."""


@dataclass(frozen=True)
class Page:
    """Some messages, newest first. `older` is where the next page begins; none when this is the last."""

    messages: list[Message]
    older: int | None


def page(client_id: int, *, before: int | None = None) -> Page:
    """The client's messages older than the one with the id `before`, in one query."""
    query = Message.select().where(Message.client_id == client_id).order_by(Message.id.desc()).limit(PAGE + 1)
    if before is not None:
        query = query.where(Message.id < before)
    found = list(query)
    return Page(found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else None)


def one(client_id: int, reference: str) -> Message:
    """The client's message called `reference`. Raises `NoSuchMessage`."""
    mine = Message.client_id == client_id, Message.reference == reference
    message: Message | None = Message.get_or_none(*mine)
    if message is None:
        raise NoSuchMessage
    return message
