"""What the client may know of who looked at their things or acted, with the names and messages that belong to it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from zone.accounts.accounts import StaffMember, staff
from zone.audit import STAFF, Actor, Role, Tag, record
from zone.audit.reading import Seen, of_client
from zone.clients.acting import act_on
from zone.messages.models import Message
from zone.storage import transaction
from zone.vault import Vault

PAGE = 30
CHUNK = 500
# What a download holds at most: decades of a client's life, and a file that every program opens.
MOST = 20_000


class NoSuchEntry(Exception):
    """The client's history has no such entry; somebody else's may."""


@dataclass(frozen=True)
class Wanted:
    """Which entries: those with one of `tags`, and by one of `roles` if these are given."""

    tags: frozenset[Tag]
    roles: tuple[Role, ...] | None = None


@dataclass(frozen=True)
class Known:
    """What the entries refer to: staff by account, messages by reference. What is gone is not in it."""

    staff: dict[int, StaffMember]
    messages: dict[str, Message]


@dataclass(frozen=True)
class Page:
    """Some entries, newest first, and what they refer to. `older` is where the next page begins, if any."""

    entries: list[Seen]
    known: Known
    older: int | None


def page(
    vault: Vault, client_id: int, wanted: Wanted, *, before: int | None = None, length: int = PAGE
) -> Page:
    """The client's entries older than `before`, in three queries, and a fourth where something is sealed."""
    found = of_client(vault, client_id, tags=wanted.tags, roles=wanted.roles, before=before, limit=length + 1)
    entries = found[:length]
    older = entries[-1].id if len(found) > length else None
    return Page(entries, Known(_staff(entries), _messages(client_id, entries)), older)


def pages(
    vault: Vault, client_id: int, wanted: Wanted, *, most: int = MOST, chunk: int = CHUNK
) -> Iterator[Page]:
    """All of it for a download, at most `most` entries, a `chunk` at a time."""
    before = None
    for _ in range(most // chunk):
        some = page(vault, client_id, wanted, before=before, length=chunk)
        yield some
        before = some.older
        if before is None:
            return


def find(vault: Vault, client_id: int, event_id: int, tags: Collection[Tag]) -> Page:
    """The one entry of the client, if its tag is among `tags`. Raises `NoSuchEntry`."""
    found = page(vault, client_id, Wanted(frozenset(tags)), before=event_id + 1, length=1)
    if not found.entries or found.entries[0].id != event_id:
        raise NoSuchEntry
    return found


def note_reading(actor: Actor, client_id: int) -> None:
    """That support reads the client's history belongs into it as well."""
    with transaction():
        act_on(actor, client_id)  # nobody reads of a client who was erased at this moment
        record(Tag.TRAIL_READ, actor, client_id=client_id, what="read")


def note_download(actor: Actor, client_id: int, kind: str) -> None:
    """That the client took the whole history away belongs into it.

    It takes no turn: nobody but the client does this, so no right of another's can end meanwhile.
    """
    with transaction():
        record(Tag.TRAIL_READ, actor, client_id=client_id, what="download", kind=kind)


def _staff(entries: Iterable[Seen]) -> dict[int, StaffMember]:
    """Of brokers and agents only: a program's id is that of its key, and what the client is called they know."""
    acted = [seen.actor_id for seen in entries if seen.actor_role in STAFF]
    named = [seen.facts.get("broker") for seen in entries]
    return staff(each for each in (*acted, *named) if isinstance(each, int) and 0 < each < 2**63)


def _messages(client_id: int, entries: Iterable[Seen]) -> dict[str, Message]:
    named = [seen.facts.get("message") for seen in entries]
    references = {each for each in named if isinstance(each, str) and each.isprintable()}
    query = Message.select().where(Message.reference.in_(references), Message.client_id == client_id)
    return {message.reference: message for message in query}
