"""The mail that the tests send, and who sends it."""

from __future__ import annotations

import secrets
from email.message import EmailMessage
from urllib.parse import quote

from tests.smtp_server import PASSWORD, USER
from zone.messages.mail.compose import Attachment, compose

CREDENTIALS = f"{USER}:{quote(PASSWORD, safe='')}@"
PDF = secrets.token_bytes(300_000)


def mail(
    reference: str = "reference-1",
    *,
    to: str = "jana@example.org",
    subject: str = "Váš list č. 7",
    text: str = "Dobrý deň, ľúbezná čučoriedka",
    attachment: bytes = PDF,
) -> EmailMessage:
    return compose(
        sender="Klientská zóna, a. s. <zona@example.org>",
        to=to,
        subject=subject,
        text=text,
        html="<p>Dobrý deň</p>",
        attachments=[Attachment("list.pdf", attachment)],
        reference=reference,
        language="sk",
        domain="example.org",
    )
