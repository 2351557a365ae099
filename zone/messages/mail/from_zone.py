"""An e-mail of the zone's own: who sends it, who is answered, and what identifies it are the same for all."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from zone.config import Config
from zone.language import Language
from zone.messages.mail.compose import Attachment, compose
from zone.messages.models import Message
from zone.messages.render import Mail


def from_zone(
    config: Config,
    message: Message,
    words: Language,
    *,
    to: str,
    subject: str,
    text: str,
    html: str | None = None,
    attachments: Sequence[Attachment] = (),
) -> Mail:
    """The mail of `message` to the address `to`, in the language of `words`.

    It travels in clear. Raises `Refused` if `to` is no e-mail address.
    """
    return Mail(
        compose(
            sender=config.brand.sender,
            reply_to=config.brand.help_email,
            to=to,
            subject=subject,
            text=text,
            html=html,
            attachments=attachments,
            reference=message.reference,
            language=words.code,
            domain=urlsplit(config.public_url).hostname or "localhost",
        )
    )
