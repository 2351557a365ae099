"""The mail by which the client learns that somebody asked for something on their policy."""

from __future__ import annotations

from datetime import timedelta

from zone.accounts.models import Account
from zone.audit import Actor
from zone.clients import not_me, phones
from zone.clients.holds import Why
from zone.clients.models import Client, Policy
from zone.config import Config
from zone.language import N_, Language, language
from zone.messages import outbox
from zone.messages.handover import Reason
from zone.messages.mail.notice import notice
from zone.messages.models import Channel, Kind, Message
from zone.messages.render import CannotRender, Mail, Renderer
from zone.requests.models import Request, RequestKind
from zone.vault import Vault

LIFETIME = timedelta(days=3)
TITLE = N_("Your broker made a request for you")
# What was asked for, and what that means.
SAID = {
    RequestKind.RESEND: (
        N_(
            "Your broker %(broker)s asked on %(when)s to have your current letter password sent to your phone by SMS."
        ),
        N_("Only you get the password. Your broker does not see it."),
    ),
    RequestKind.RESET: (
        N_("Your broker %(broker)s asked on %(when)s to reset your letter password."),
        N_(
            "From now on your letters open with the basic setting again: the last digits of your birth number, or, if "
            "you have none, a new password that we send you by SMS. Letters that you have already keep theirs."
        ),
    ),
}
ADVICE = N_("You agreed on it with your broker? Then you need not do anything.")
GONE = N_("(no longer with us)")
NOT_ME = N_("This was not me")


def tell(actor: Actor, client: Client, request: Request) -> None:
    """Put the notice into the outbox, in the transaction of the request."""
    outbox.enqueue(
        channel=Channel.MAIL,
        kind=Kind.REQUEST,
        client_id=client.id,
        subject_id=request.id,
        to_masked=phones.mask_email(client.email),
        language=client.language,
        actor=actor,
        lifetime=LIFETIME,
    )


def renderer(vault: Vault, config: Config) -> Renderer:
    """What the worker calls for each `Kind.REQUEST`."""

    def render(message: Message) -> Mail:
        asked = Request.select(Request, Policy, Client).join(Policy).join(Client)
        request = asked.where(Request.id == message.subject_id).first()
        if request is None:
            raise CannotRender(Reason.UNRENDERABLE)
        client = request.policy.client
        words = language(message.language, config.timezone)
        return notice(
            config,
            message,
            to=client.email,
            words=words,
            title=words.gettext(TITLE),
            paragraphs=_paragraphs(request, words),
            link=(
                words.gettext(NOT_ME),
                not_me.link(vault, config.public_url, Why.REQUEST, client.id, request.id),
            ),
        )

    return render


def _paragraphs(request: Request, words: Language) -> list[str]:
    broker = Account.get_or_none(Account.id == request.actor_id)
    said, meaning = SAID[RequestKind(request.kind)]
    facts = {
        "broker": broker.name if broker else words.gettext(GONE),
        "when": words.minute(request.asked_at),
    }
    return [words.gettext(said) % facts, words.gettext(meaning), words.gettext(ADVICE)]
