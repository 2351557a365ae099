"""The e-mail around an encrypted copy. Subject and file name reveal nothing; the text says what opens it."""

from __future__ import annotations

from urllib.parse import urlsplit

from zone.clients.models import Client
from zone.config import Config
from zone.language import language
from zone.language.texts import render
from zone.letter_passwords.in_words import which
from zone.letter_passwords.models import LetterPassword, Origin
from zone.letters import sealed
from zone.letters.intake import Intake, copy_context, copy_name
from zone.letters.models import Copy
from zone.letters.store import FileGone
from zone.messages.handover import Reason
from zone.messages.mail.compose import Attachment, compose
from zone.messages.models import Message
from zone.messages.render import CannotRender, Mail, Renderer
from zone.vault import NotInVault

PAGE = "/settings/electronic-correspondence"


def renderer(intake: Intake, config: Config) -> Renderer:
    """What the worker calls for each `Kind.LETTER`."""

    def write(message: Message) -> Mail:
        client = Client.get_or_none(Client.id == message.client_id)
        copy = (
            Copy.select(Copy, LetterPassword)
            .join(LetterPassword)
            .where(Copy.id == message.subject_id)
            .first()
        )
        if client is None or copy is None:
            raise CannotRender(Reason.UNRENDERABLE)
        try:
            content = sealed.read(intake.store, intake.vault, copy_name(copy), copy_context(copy, client.id))
        except (FileGone, NotInVault) as error:
            raise CannotRender(Reason.UNRENDERABLE) from error
        words = language(message.language, config.timezone)
        text = render(
            "mail/letter.txt",
            words,
            password=which(copy.password, words),
            is_default=copy.password.origin == Origin.DEFAULT,
            zone_url=config.public_url + PAGE,
            brand=config.brand,
        )
        return Mail(
            compose(
                sender=config.brand.sender,
                to=client.email,
                subject=words.gettext("You have a new letter"),
                text=text,
                html=None,
                attachments=[Attachment(words.gettext("letter") + ".pdf", content)],
                reference=message.reference,
                language=words.code,
                domain=urlsplit(config.public_url).hostname or "localhost",
            )
        )

    return write
