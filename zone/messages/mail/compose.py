"""An e-mail put together so that every mail server and every mail program reads it the same.

Python's own header objects are not used for writing. When they fold, a sender such as „Zóna, a. s.“ loses
its quotes and turns into two addresses, and a line break hidden in an encoded word comes out as a new header.
Here each header is encoded once, by `email.header`, and kept as it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from email import message_from_string
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr

from zone import clock
from zone.messages.handover import Reason, Refused

# Seven bits pass through servers without 8BITMIME too, and nothing on the way has cause to recode them.
WIRE = SMTP.clone(cte_type="7bit", refold_source="none")

ATOM = r"[^\s@<>()\[\]\\,;:\".]+"
ADDRESS = re.compile(rf"(?P<local>{ATOM}(?:\.{ATOM})*)@(?P<domain>[^\W_](?:[\w.-]{{0,252}}[^\W_])?)")
FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
LINE_BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
PLAIN = re.compile(r"[ -~]{0,60}")
ENCODED_WORD = "=?"


@dataclass(frozen=True)
class Attachment:
    """A file to send along. The name is plain ASCII, because mail programs disagree on anything else."""

    name: str
    content: bytes
    mime: str = "application/pdf"

    def __post_init__(self) -> None:
        if not FILE_NAME.fullmatch(self.name):
            raise ValueError("name the attachment with ASCII letters, digits, dot, hyphen and underscore")


def compose(
    *,
    sender: str,
    to: str,
    subject: str,
    text: str,
    html: str | None,
    attachments: Sequence[Attachment],
    reference: str,
    language: str,
    domain: str,
    reply_to: str | None = None,
) -> EmailMessage:
    """One e-mail from us to one client, marked as automatic so that nobody's out-of-office answers it.

    `sender` and `reply_to` are an address or `Name <address>`, `to` is a bare address, `reference@domain` the
    Message-ID.
    The marks are RFC 3834, section 5 (Auto-Submitted), and Exchange's X-Auto-Response-Suppress.

    Raises `Refused` if `to` is no e-mail address, `ValueError` if `sender` or `reply_to` is none.
    """
    head = {
        "From": _from(sender),
        "To": _to(to),
        "Subject": _subject(subject),
        "Date": format_datetime(clock.now()),
        "Message-ID": f"<{reference}@{domain}>",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
    if reply_to is not None:
        head["Reply-To"] = _from(reply_to)
    message = message_from_string("".join(f"{name}: {value}\n" for name, value in head.items()), policy=WIRE)
    message.set_content(text, cte="quoted-printable")
    if html is not None:
        message.add_alternative(html, subtype="html", cte="quoted-printable")
    for file in attachments:
        maintype, _, subtype = file.mime.partition("/")
        message.add_attachment(file.content, maintype=maintype, subtype=subtype, filename=file.name)
    message["Content-Language"] = language  # last, because setting content clears every Content- header
    return message


def _to(address: str) -> str:
    plain = _address(address)
    if plain is None:
        raise Refused(Reason.ADDRESS, "not an e-mail address")
    return plain


def _from(sender: str) -> str:
    """Forgiving about quotes: an operator writes the firm's name as it is, comma and all."""
    name, _, address = sender.rpartition("<")
    plain = _address(address.strip().removesuffix(">"))
    if plain is None or not plain.isascii():
        raise ValueError("write the sender of e-mails as: Name <address@example.org>")
    name = _one_line(name).strip('"')
    if _is_plain(name):
        return formataddr((name, plain))
    return f"{Header(name, 'utf-8', header_name='From').encode()}\n <{plain}>"


def _address(text: str) -> str | None:
    """`text` with its domain in ASCII, or nothing if it is no e-mail address."""
    match = ADDRESS.fullmatch(text)
    if match is None or ENCODED_WORD in text or not text.isprintable():
        return None
    try:
        return f"{match['local']}@{match['domain'].encode('idna').decode('ascii')}"
    except UnicodeError:  # an empty or overlong label
        return None


def _subject(text: str) -> str:
    line = _one_line(text)
    return line if _is_plain(line) else Header(line, "utf-8", header_name="Subject").encode()


def _one_line(text: str) -> str:
    return LINE_BREAKS.sub(" ", text).strip()


def _is_plain(text: str) -> bool:
    """Whether `text` can stand in a header as it is: short, ASCII, and nothing that reads as encoded."""
    return PLAIN.fullmatch(text) is not None and ENCODED_WORD not in text
