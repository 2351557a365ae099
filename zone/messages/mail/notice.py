"""A plain e-mail in the zone's frame: what happened, what it means, and one link."""

from __future__ import annotations

from collections.abc import Sequence

from zone.config import Config
from zone.language import Language
from zone.language.texts import render
from zone.messages.mail.from_zone import from_zone
from zone.messages.models import Message
from zone.messages.render import Mail


def notice(
    config: Config,
    message: Message,
    *,
    to: str,
    words: Language,
    title: str,
    paragraphs: Sequence[str],
    link: tuple[str, str],
) -> Mail:
    """The mail of `message` to the address `to`; `link` is its label and an absolute URL.

    It travels in clear. Raises `Refused` if `to` is no e-mail address.
    """
    facts = {
        "language": words.code,
        "title": title,
        "paragraphs": paragraphs,
        "link": link,
        "brand": config.brand,
    }
    return from_zone(
        config,
        message,
        words,
        to=to,
        subject=title,
        text=render("mail/notice.txt", words, **facts),
        html=render("mail/notice.html", words, **facts),
    )
