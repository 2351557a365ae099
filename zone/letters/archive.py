"""The client's letters: the list, and the content of one copy."""

from __future__ import annotations

from dataclasses import dataclass

from zone.audit import Actor, Tag, record
from zone.letter_passwords.models import LetterPassword
from zone.letters import sealed
from zone.letters.intake import Intake, copy_context, copy_name
from zone.letters.models import Copy, Letter
from zone.messages.models import Message
from zone.storage import transaction

PAGE = 20


class NoSuchLetter(Exception):
    """The client has no copy of this name; somebody else may."""


@dataclass(frozen=True)
class Page:
    """Some copies, newest first. `older` is where the next page begins; none when this is the last."""

    copies: list[Copy]
    older: int | None


def page(client_id: int, *, before: int | None = None) -> Page:
    """The client's copies older than `before`, with letter, password version and message, in one query."""
    query = (
        Copy.select(Copy, Letter, LetterPassword, Message)
        .join_from(Copy, Letter)
        .join_from(Copy, LetterPassword)
        .join_from(Copy, Message)
        .where(Letter.client == client_id)
        .order_by(Copy.id.desc())
        .limit(PAGE + 1)
    )
    if before is not None:
        query = query.where(Copy.id < before)
    copies = list(query)
    more = len(copies) > PAGE
    return Page(copies[:PAGE], copies[PAGE - 1].id if more else None)


def download(intake: Intake, actor: Actor, client_id: int, reference: str) -> bytes:
    """The encrypted copy called `reference`, if it is this client's. Raises `NoSuchLetter`.

    Leaves an event. Raises also `FileGone`, `NotInVault` or `CannotOpen` when the content cannot be had.
    """
    mine = Copy.reference == reference, Letter.client == client_id
    copy = Copy.select(Copy, Letter).join(Letter).where(*mine).first()
    if copy is None:
        raise NoSuchLetter
    content = sealed.read(intake.store, intake.vault, copy_name(copy), copy_context(copy, client_id))
    with transaction():
        record(Tag.LETTER_DOWNLOADED, actor, client_id=client_id, copy=copy.reference)
    return content
