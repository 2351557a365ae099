"""A letter comes in, is encrypted under the client's current password, kept sealed, and queued to go out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from zone.audit import Actor, Tag, record
from zone.clients import phones
from zone.clients.models import Client, hold
from zone.clock import now
from zone.config import Limits
from zone.language import N_, Refusal
from zone.letter_passwords.models import Origin
from zone.letter_passwords.resend import resend, was_sent
from zone.letter_passwords.versions import Superseded, current, open_password
from zone.letters import sealed
from zone.letters.encryption import Limits as PdfLimits
from zone.letters.encryption import encrypt
from zone.letters.models import Copy, Letter
from zone.letters.store import LetterStore
from zone.messages import outbox
from zone.messages.models import Channel, Kind
from zone.storage import transaction
from zone.vault import Context, Purpose, Vault

LIFETIME = timedelta(days=3)
LONGEST_SUBJECT = 200


class NoSuchClient(Refusal):
    """No client has this reference."""

    message = N_("There is no client with this reference. Import the client first.")


class BadSubject(Refusal):
    """The subject is empty, too long, or holds what no line of text does."""

    message = N_("Give the letter a subject of one line, at most %(longest)s characters.")


@dataclass(frozen=True)
class Intake:
    """The parts that taking a letter in works with."""

    vault: Vault
    store: LetterStore
    limits: Limits


def send_letter(intake: Intake, actor: Actor, client_reference: str, source: bytes, *, subject: str) -> Copy:
    """Encrypt `source` and queue it to the client's e-mail: letter, copy, message and events, or nothing.

    A client whose generated password was never sent gets it by SMS in the same act.
    Raises `NoSuchClient`, `BadSubject`, `CannotEncrypt`, `NoLongerKept`, and what `resend` raises.
    """
    if not (subject.strip() and subject.isprintable() and len(subject) <= LONGEST_SUBJECT):
        raise BadSubject(longest=LONGEST_SUBJECT)
    client = Client.get_or_none(Client.reference == client_reference)
    if client is None:
        raise NoSuchClient
    version = current(client.id)
    with transaction():
        password = open_password(intake.vault, actor, version, use="encryption")
    limits = PdfLimits(max_bytes=intake.limits.letter_bytes, max_pages=intake.limits.letter_pages)
    encrypted = encrypt(source, password, limits)
    letter = Letter(client=client, subject=subject, pages=encrypted.pages, received_at=now())
    copy = Copy(letter=letter, password=version, size=len(encrypted.content), made_at=now())
    files = {source_name(letter): source, copy_name(copy): encrypted.content}
    try:
        with sealed.written(intake.store, files) as keys, transaction():
            _keep(intake, actor, client, letter, copy, keys)
    except Superseded:
        return send_letter(intake, actor, client_reference, source, subject=subject)
    return copy


def source_name(letter: Letter) -> str:
    """The file of the letter as it came in."""
    return f"{letter.reference}.source"


def copy_name(copy: Copy) -> str:
    """The file of the encrypted copy."""
    return f"{copy.reference}.copy"


def source_context(letter: Letter) -> Context:
    """Where the vault keeps the key of the letter's source."""
    return Context(Purpose.LETTER_SOURCE, letter.client_id, letter.id)


def copy_context(copy: Copy, client_id: int) -> Context:
    """Where the vault keeps the key of the copy."""
    return Context(Purpose.LETTER_COPY, client_id, copy.id)


def _keep(
    intake: Intake, actor: Actor, client: Client, letter: Letter, copy: Copy, keys: dict[str, bytes]
) -> None:
    hold(client.id)
    version = current(client.id)
    if version.id != copy.password_id:
        raise Superseded
    if version.origin == Origin.GENERATED and not was_sent(version):
        resend(actor, client.id, language=client.language, limits=intake.limits)
    letter.save(force_insert=True)
    copy.letter = letter
    copy.save(force_insert=True)
    intake.vault.put(source_context(letter), keys[source_name(letter)])
    intake.vault.put(copy_context(copy, client.id), keys[copy_name(copy)])
    copy.message = outbox.enqueue(
        channel=Channel.MAIL,
        kind=Kind.LETTER,
        client_id=client.id,
        subject_id=copy.id,
        to_masked=phones.mask_email(client.email),
        language=client.language,
        actor=actor,
        lifetime=LIFETIME,
    )
    copy.save(only=(Copy.message,))
    record(
        Tag.LETTER_RECEIVED,
        actor,
        client_id=client.id,
        letter=letter.reference,
        pages=letter.pages,
        version=version.number,
    )
