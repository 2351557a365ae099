"""The e-mail around an encrypted letter. It is the same for every letter and says which password opens it."""

from __future__ import annotations

from zone.config import Config
from zone.language import language
from zone.language.texts import render
from zone.letter_passwords.in_words import which
from zone.letter_passwords.models import LetterPassword, Origin
from zone.messages.mail.compose import Attachment
from zone.messages.mail.from_zone import from_zone
from zone.messages.models import Message
from zone.messages.render import Mail

# Where clients see which password opens their letters, and set one of their own, once signed in.
PAGE = "/settings/electronic-correspondence"


def mail(config: Config, message: Message, *, to: str, version: LetterPassword, content: bytes) -> Mail:
    """The mail of `message` to the address `to`; `content` is the PDF that `version` opens.

    Whatever is said here travels in clear, so nothing comes in but the origin and the day of the password.
    Raises `Refused` if `to` is no e-mail address.
    """
    words = language(message.language, config.timezone)
    file = words.gettext("letter") + ".pdf"
    title = words.gettext("You have a new letter")
    facts = {
        "language": words.code,
        "title": title,
        "file": file,
        "password": which(version, words),
        "is_default": version.origin == Origin.DEFAULT,
        "zone_url": config.public_url + PAGE,
        "brand": config.brand,
    }
    return from_zone(
        config,
        message,
        words,
        to=to,
        subject=title,
        text=render("mail/letter.txt", words, **facts),
        html=render("mail/letter.html", words, **facts),
        attachments=[Attachment(file, content)],
    )
