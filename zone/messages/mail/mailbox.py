"""The demo's mailboxes: every e-mail that arrived, one file each. No real zone has them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from functools import lru_cache
from pathlib import Path

from zone.messages import demo


@dataclass(frozen=True)
class DemoMail:
    """One e-mail; `text` is its plain part, `attachments` are names."""

    reference: str
    to: str
    subject: str
    text: str
    at: datetime
    attachments: tuple[str, ...]


def mails(folder: Path) -> list[DemoMail]:
    """Every e-mail in the demo's `folder`, newest first."""
    return sorted((_read(path) for path in _files(folder)), key=lambda mail: mail.at, reverse=True)


def attachment(folder: Path, reference: str, name: str) -> bytes:
    """The file called `name` that came with the e-mail `reference`. Raises `LookupError` if there is none."""
    for path in _files(folder):
        if path.stem == reference:
            for part in _parse(path).iter_attachments():
                if part.get_filename() == name:
                    return bytes(part.get_payload(decode=True))
    raise LookupError("no such attachment")


def keep(folder: Path, reference: str, message: EmailMessage) -> None:
    """Write one e-mail into the demo's `folder`."""
    demo.keep(folder / "mailbox" / f"{reference}.eml", message.as_bytes())


def _files(folder: Path) -> Iterator[Path]:
    return (folder / "mailbox").glob("[!.]*.eml")


@lru_cache(maxsize=1000)  # the page asks every few seconds, and a file never changes
def _read(path: Path) -> DemoMail:
    message = _parse(path)
    body = message.get_body(("plain",))
    return DemoMail(
        reference=path.stem,
        to=str(message["To"]),
        subject=str(message["Subject"]),
        text=str(body.get_content()).replace("\r\n", "\n") if body else "",
        at=datetime.fromtimestamp(path.stat().st_mtime, UTC),
        attachments=tuple(part.get_filename("") for part in message.iter_attachments()),
    )


def _parse(path: Path) -> EmailMessage:
    return BytesParser(EmailMessage, policy=default).parsebytes(path.read_bytes())
