"""A letter at the moment of sending: its source is opened, encrypted under the password in force, put into a mail."""

from __future__ import annotations

import logging

from peewee import DoesNotExist

from zone.audit import SYSTEM, Tag, record
from zone.clients.models import Client, hold
from zone.clock import now
from zone.config import Config
from zone.language import Away
from zone.letter_passwords.letter_keys import open_key
from zone.letter_passwords.models import LetterPassword
from zone.letter_passwords.versions import NoLongerKept, current
from zone.letters import cover_mail
from zone.letters.encryption import CannotEncrypt, Encrypted
from zone.letters.intake import Intake, source_of
from zone.letters.models import Copy, Letter, State
from zone.letters.store import FileGone
from zone.messages import claims
from zone.messages.handover import NotTaken, Reason
from zone.messages.models import Message
from zone.messages.render import CannotRender, Mail, Renderer
from zone.storage import transaction
from zone.vault import CannotOpen, NotInVault

log = logging.getLogger(__name__)
NOT_TO_BE_HAD = (FileGone, NotInVault, CannotOpen, NoLongerKept, CannotEncrypt, DoesNotExist)


def renderer(intake: Intake, config: Config) -> Renderer:
    """What the worker calls for each `Kind.LETTER`."""

    def write(message: Message) -> Mail:
        copy = Copy.select(Copy, Letter, Client).join(Letter).join(Client)
        copy = copy.where(Copy.id == message.subject_id, Letter.state == State.KEPT).first()
        if copy is None:
            raise CannotRender(Reason.UNRENDERABLE)
        try:
            version, encrypted = _encrypted(intake, message, copy)
        except NOT_TO_BE_HAD as error:
            log.error("copy %s cannot be made: %s", copy.reference, type(error).__name__)
            raise CannotRender(Reason.UNRENDERABLE) from error
        except Away as away:
            raise NotTaken(Reason.UNAVAILABLE, away.detail) from away
        return cover_mail.mail(
            config, message, to=copy.letter.client.email, version=version, content=encrypted.content
        )

    return write


def encrypted_now(intake: Intake, letter: Letter) -> tuple[LetterPassword, Encrypted]:
    """The letter under the password that is in force, and that version.

    Raises `NoLongerKept`, `CannotEncrypt`, and what `source_of` raises.
    """
    version = current(letter.client_id)
    key = open_key(intake.vault, SYSTEM, version)
    return version, intake.encryptor.encrypt(source_of(intake, letter), key)


def _encrypted(intake: Intake, message: Message, copy: Copy) -> tuple[LetterPassword, Encrypted]:
    """The same, and the copy remembers it: whatever becomes of the hand-over, this is what may have gone.

    Raises also `CannotRender` when this took so long that another worker has the message by now.
    """
    while True:
        version, encrypted = encrypted_now(intake, copy.letter)
        with transaction():
            hold(copy.letter.client_id)
            if not claims.holds(message):
                raise CannotRender(Reason.INTERRUPTED)
            if current(copy.letter.client_id).id != version.id:
                continue  # the password was changed meanwhile, and the client expects the new one
            copy.password, copy.encrypted_at = version, now()
            copy.size, copy.engine = len(encrypted.content), encrypted.engine
            copy.engine_reason = encrypted.reason or None
            copy.save(only=(Copy.password, Copy.encrypted_at, Copy.size, Copy.engine, Copy.engine_reason))
            record(
                Tag.LETTER_ENCRYPTED,
                SYSTEM,
                client_id=copy.letter.client_id,
                letter=copy.letter.reference,
                copy=copy.reference,
                version=version.number,
            )
        return version, encrypted
