"""What a letter says: read in the zone, or taken home under the current password."""

from __future__ import annotations

from zone.audit import Actor, Role, Tag, record
from zone.clock import now
from zone.letters import archive
from zone.letters.intake import Intake, source_of
from zone.letters.models import Letter
from zone.letters.sending import encrypted_now
from zone.storage import transaction


class NotToBeViewed(Exception):
    """Reading letters in the zone is switched off, or is not for this actor."""


def view(intake: Intake, actor: Actor, client_id: int, reference: str) -> bytes:
    """The document without any password, for the signed-in client, or who may act as they do. Leaves an event.

    Raises `NotToBeViewed`, `NoSuchLetter`, and what `source_of` raises when it cannot be had.
    """
    _check_may_open(intake, actor)
    if not intake.rules.may_view:
        raise NotToBeViewed
    letter = archive.letter(client_id, reference)
    content = source_of(intake, letter)
    _mark_read(Tag.LETTER_VIEWED, actor, letter)
    return content


def download(intake: Intake, actor: Actor, client_id: int, reference: str) -> bytes:
    """The document under the password that is in force now. Leaves an event.

    Raises `NotToBeViewed`, `NoSuchLetter`, and what `encrypted_now` raises when it cannot be had.
    """
    _check_may_open(intake, actor)
    letter = archive.letter(client_id, reference)
    version, encrypted = encrypted_now(intake, letter)
    _mark_read(Tag.LETTER_DOWNLOADED, actor, letter, version=version.number)
    return encrypted.content


def _check_may_open(intake: Intake, actor: Actor) -> None:
    """The client may; of others only a support agent who acts for the client, where the installation allows that."""
    as_client = actor.role is Role.SUPPORT and actor.impersonation_id is not None
    if actor.role is not Role.CLIENT and not (as_client and intake.rules.agent_may_open):
        raise NotToBeViewed


def _mark_read(tag: Tag, actor: Actor, letter: Letter, **facts: int) -> None:
    with transaction():
        if actor.role is Role.CLIENT:
            Letter.update(read_at=now()).where(Letter.id == letter.id, Letter.read_at.is_null()).execute()
        record(tag, actor, client_id=letter.client_id, letter=letter.reference, **facts)
