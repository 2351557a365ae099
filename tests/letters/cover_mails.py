"""Cover mails as they go over the wire, and as a parser reads them that shares nothing with the one who wrote them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from fast_mail_parser import PyMail, parse_email

from zone.config import Brand, Config
from zone.environment import load
from zone.letter_passwords.models import LetterPassword, Origin
from zone.letters import cover_mail
from zone.messages.mail.compose import WIRE
from zone.messages.models import Message

DAY = datetime(2026, 5, 3, 22, 30, tzinfo=UTC)  # where the client lives it is the fourth already
VERSIONS = {
    "four digits": LetterPassword(origin=Origin.DEFAULT, digits=4, set_at=DAY),
    "three digits": LetterPassword(origin=Origin.DEFAULT, digits=3, set_at=DAY),
    "own": LetterPassword(origin=Origin.OWN, set_at=DAY),
    "generated": LetterPassword(origin=Origin.GENERATED, set_at=DAY),
}
KINDS = list(VERSIONS)
CODES = ["sk", "en"]
CONTENT = b"%PDF-2.0\r\n.\r\n\x00\xff--" * 100
TO = "jana.kovacova@example.org"
PAGE = "https://zona.example.org/settings/electronic-correspondence"


def demo_config(folder: Path, brand: Brand | None = None) -> Config:
    """The settings of a zone at zona.example.org."""
    demo = {"ZONE_MODE": "demo", "ZONE_VAR": str(folder), "ZONE_PUBLIC_URL": "https://zona.example.org"}
    return replace(load(demo), brand=brand or Brand())


def wire(
    config: Config,
    version: LetterPassword,
    code: str = "en",
    *,
    message: Message | None = None,
    to: str = TO,
    content: bytes = CONTENT,
) -> bytes:
    """The mail as a mail server gets it."""
    message = message or Message(language=code)
    mail = cover_mail.mail(config, message, to=to, version=version, content=content)
    return mail.message.as_bytes(policy=WIRE)


def read(raw: bytes) -> PyMail:
    """The mail as the client's program reads it. Raises `fast_mail_parser.ParseError` where it has to guess."""
    return parse_email(raw, strict=True)


def text_of(config: Config, version: LetterPassword, code: str = "en") -> str:
    """The text part."""
    (text,) = read(wire(config, version, code)).text_plain
    return text.replace("\r\n", "\n")


def html_of(config: Config, version: LetterPassword, code: str = "en") -> str:
    """The HTML part."""
    (html,) = read(wire(config, version, code)).text_html
    return html
