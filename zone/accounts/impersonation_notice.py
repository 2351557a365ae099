"""The client is told that support acted for them: by e-mail, or on their first page in the zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from zone.accounts.impersonation_reasons import SAID, Reason
from zone.accounts.models import Impersonation
from zone.clients.models import Client
from zone.clock import now
from zone.config import Config
from zone.language import Language, language
from zone.messages.handover import Reason as Failure
from zone.messages.mail.notice import notice
from zone.messages.models import Message
from zone.messages.render import CannotRender, Mail, Renderer

# Where the client reads who looked and who acted.
HISTORY = "/settings/access-history"
SHOWN_FOR = timedelta(days=30)


@dataclass(frozen=True)
class Visit:
    """One impersonation as the client is told of it."""

    at: datetime
    reason: Reason
    ticket: str


def lately(client_id: int) -> Visit | None:
    """The last one of the past month."""
    mine = Impersonation.client_id == client_id, Impersonation.started_at > now() - SHOWN_FOR
    row = Impersonation.select().where(*mine).order_by(Impersonation.started_at.desc()).first()
    return Visit(row.started_at, Reason(row.reason), row.ticket) if row else None


def renderer(config: Config) -> Renderer:
    """What the worker calls for each `Kind.IMPERSONATION`."""

    def render(message: Message) -> Mail:
        row = Impersonation.get_or_none(Impersonation.id == message.subject_id)
        client = Client.get_or_none(Client.id == message.client_id)
        if row is None or client is None:
            raise CannotRender(Failure.UNRENDERABLE)
        words = language(message.language, config.timezone)
        title = words.gettext("Our support looked at your pages")
        link = (words.gettext("See what was done"), config.public_url + HISTORY)
        paragraphs = _paragraphs(config, row, words)
        return notice(
            config, message, to=client.email, words=words, title=title, paragraphs=paragraphs, link=link
        )

    return render


def _paragraphs(config: Config, row: Impersonation, words: Language) -> list[str]:
    say = words.gettext
    facts = {
        "when": words.minute(row.started_at),
        "reason": say(SAID[Reason(row.reason)]),
        "ticket": row.ticket,
    }
    return [
        say(
            "On %(when)s a support agent began to act for you in your zone. Reason: %(reason)s, ticket %(ticket)s."
        )
        % facts,
        say(
            "They saw what you see there, but not your passwords. They could have your password sent to your own "
            "phone, reset it, or have letters sent again to your own e-mail; nothing else."
        ),
        say("You did not ask us for help? Call us on %(phone)s.") % {"phone": config.brand.help_phone},
    ]
