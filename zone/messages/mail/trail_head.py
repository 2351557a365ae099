"""Signed heads of the trail, by e-mail to the auditor, who keeps them where nobody of the house can change them."""

from __future__ import annotations

from datetime import timedelta

from zone.audit import SYSTEM, heads
from zone.config import Config
from zone.language import language
from zone.language.language import DEFAULT
from zone.language.texts import render
from zone.messages import outbox
from zone.messages.handover import Reason
from zone.messages.mail.compose import Attachment
from zone.messages.mail.from_zone import from_zone
from zone.messages.models import Channel, Kind, Message
from zone.messages.render import CannotRender, Mail, Renderer
from zone.storage import transaction
from zone.vault import Vault

LIFETIME = timedelta(days=7)
# How often the worker asks whether a head is due.
LOOK_EVERY = 60.0


def make_if_due(vault: Vault, config: Config) -> heads.Head | None:
    """A signed head, when one is due, and its way to the auditor, if there is one. Raises `NoSigningKey`."""
    with transaction():
        head = heads.make_if_due(vault, config.public_url, config.trail_head_every)
        if head is not None:
            post(config, head)
        return head


def post(config: Config, head: heads.Head) -> None:
    """Have `head` sent to the auditor, if there is one; in the caller's transaction."""
    if config.auditor_email is None:
        return
    outbox.enqueue(
        channel=Channel.MAIL,
        kind=Kind.AUDIT_HEAD,
        client_id=None,
        subject_id=head.number,
        to_masked=config.auditor_email,
        language=DEFAULT,
        actor=SYSTEM,
        lifetime=LIFETIME,
    )


def renderer(config: Config) -> Renderer:
    """What the worker asks for the mail with a head."""

    def mail(message: Message) -> Mail:
        head = heads.find(message.subject_id)
        if head is None or config.auditor_email is None:
            raise CannotRender(Reason.UNRENDERABLE)
        return _mail(config, message, config.auditor_email, head)

    return mail


def _mail(config: Config, message: Message, to: str, head: heads.Head) -> Mail:
    words = language(message.language, config.timezone)
    title = words.gettext("Signed head %(number)s of the audit trail") % {"number": head.number}
    file = f"trail-head-{head.number}.json"
    facts = {
        "title": title,
        "file": file,
        "installation": head.installation,
        "at": head.at.isoformat(timespec="seconds"),
        "events": head.events,
        "brand": config.brand,
    }
    return from_zone(
        config,
        message,
        words,
        to=to,
        subject=title,
        text=render("mail/trail_head.txt", words, **facts),
        attachments=[Attachment(file, head.text.encode(), "application/json")],
    )
