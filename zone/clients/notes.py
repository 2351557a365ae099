"""What staff note of a client: sealed in the vault, in clear nowhere, and gone with the client."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime

from zone.audit import Actor, Role, Tag, record
from zone.clients.acting import act_on
from zone.clients.birth_number_within import holds_birth_number
from zone.clients.models import ClientNote
from zone.clock import now
from zone.language import N_, Refusal
from zone.secret import Secret
from zone.storage import transaction
from zone.vault import Context, Purpose, Vault

PAGE = 5
LONGEST = 1000
MAY_WRITE = (Role.SUPPORT, Role.OPERATOR)


class BadNote(Refusal):
    """The note has no text, or too much."""

    message = N_("Write something, at most 1,000 characters.")


class BirthNumberInNote(Refusal):
    """A birth number belongs into no note. The message never quotes it."""

    message = N_(
        "There is a birth number in the note. Leave it out. If it is a phone number, write it with +421: "
        "+421 905 100 101."
    )


@dataclass(frozen=True)
class Note:
    """A note as it is read. `text` is none when it can no longer be had."""

    id: int
    written_at: datetime
    role: Role
    account_id: int | None
    text: Secret | None


@dataclass(frozen=True)
class Page:
    """Some notes, newest first. `older` is where the next page begins; none when this is the last."""

    notes: list[Note]
    older: int | None


def write(vault: Vault, actor: Actor, client_id: int, text: Secret, *, token: str) -> ClientNote:
    """Note `text` of the client; the form of that `token` makes no second note of the same author.

    Raises `BadNote`, `BirthNumberInNote`, and `PermissionError` for all but support and operator.
    """
    return _write(vault, actor, client_id, text, f"form:{token}")


def write_of_hold(vault: Vault, actor: Actor, client_id: int, text: Secret, hold_id: int) -> ClientNote:
    """Note what the client said when that hold was lifted. No form can have made this note. Raises as `write` does."""
    return _write(vault, actor, client_id, text, f"hold:{hold_id}")


def _write(vault: Vault, actor: Actor, client_id: int, text: Secret, token: str) -> ClientNote:
    if actor.role not in MAY_WRITE:
        raise PermissionError("notes are written by support or the operator")
    said = _checked(text)
    with transaction():
        act_on(actor, client_id)
        mine = ClientNote.client == client_id, ClientNote.written_by_account == actor.account_id
        before: ClientNote | None = ClientNote.get_or_none(*mine, ClientNote.token == token)
        if before is not None:
            return before
        note = ClientNote.create(
            client=client_id,
            token=token,
            written_at=now(),
            written_by_role=actor.role,
            written_by_account=actor.account_id,
        )
        vault.put(Context(Purpose.NOTE, client_id, note.id), said.reveal().encode())
        record(Tag.NOTE_WRITTEN, actor, client_id=client_id, note=note.id)
    return note


def of(vault: Vault, client_id: int, *, before: int | None = None) -> Page:
    """The client's notes older than the one with the id `before`, in two queries. Raises `CannotOpen`."""
    query = ClientNote.select().where(ClientNote.client == client_id).order_by(ClientNote.id.desc())
    if before is not None:
        query = query.where(ClientNote.id < before)
    found = list(query.limit(PAGE + 1))
    shown = found[:PAGE]
    texts = vault.get_versions(Purpose.NOTE, client_id, [note.id for note in shown])
    notes = [_read(note, texts.get(note.id)) for note in shown]
    return Page(notes, shown[-1].id if len(found) > PAGE else None)


def _read(note: ClientNote, text: bytes | None) -> Note:
    said = Secret(text.decode()) if text is not None else None
    return Note(note.id, note.written_at, Role(note.written_by_role), note.written_by_account, said)


def _checked(text: Secret) -> Secret:
    """The text with the ends of lines and the edges as we keep them, and no signs that steer a terminal.

    Raises `BadNote` and `BirthNumberInNote`.
    """
    lines = text.reveal().replace("\r\n", "\n").replace("\r", "\n")
    said = "".join(sign for sign in lines if sign in "\n\t" or unicodedata.category(sign) != "Cc").strip()
    if not said or len(said) > LONGEST:
        raise BadNote
    if holds_birth_number(said):
        raise BirthNumberInNote
    return Secret(said)
