"""The mail by which the client learns that a broker or support asked for something for them."""

from __future__ import annotations

from datetime import timedelta

from zone.accounts.models import Account
from zone.audit import Actor, Role
from zone.clients import not_me, phones
from zone.clients.holds import Why
from zone.clients.models import Client
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
TITLES = {
    Role.BROKER: N_("Your broker made a request for you"),
    Role.SUPPORT: N_("Our support made a request for you"),
}
# Who asked for what, and what that means. Of the insurer's own people no mail gives the name.
SAID = {
    (Role.BROKER, RequestKind.RESEND): N_(
        "Your broker %(broker)s asked on %(when)s to have your current letter password sent to your phone by SMS."
    ),
    (Role.BROKER, RequestKind.RESET): N_(
        "Your broker %(broker)s asked on %(when)s to reset your letter password."
    ),
    (Role.SUPPORT, RequestKind.RESEND): N_(
        "On %(when)s our support had your current letter password sent to your phone by SMS."
    ),
    (Role.SUPPORT, RequestKind.RESET): N_("On %(when)s our support reset your letter password."),
}
ONLY_YOU = {
    Role.BROKER: N_("Only you get the password. Your broker does not see it."),
    Role.SUPPORT: N_("Only you get the password. Our support does not see it."),
}
FROM_NOW_ON = N_(
    "From now on your letters open with the basic setting again: the last digits of your birth number, or, if "
    "you have none, a new password that we send you by SMS. Letters that you have already keep theirs."
)
ADVICE = {
    Role.BROKER: N_("You agreed on it with your broker? Then you need not do anything."),
    Role.SUPPORT: N_("You agreed on it with our support? Then you need not do anything."),
}
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
        request = Request.select(Request, Client).join(Client).where(Request.id == message.subject_id).first()
        if request is None:
            raise CannotRender(Reason.UNRENDERABLE)
        client = request.client
        words = language(message.language, config.timezone)
        return notice(
            config,
            message,
            to=client.email,
            words=words,
            title=words.gettext(TITLES[Role(request.actor_role)]),
            paragraphs=_paragraphs(request, words),
            link=(
                words.gettext(NOT_ME),
                not_me.link(vault, config.public_url, Why.REQUEST, client.id, request.id),
            ),
        )

    return render


def _paragraphs(request: Request, words: Language) -> list[str]:
    by, kind = Role(request.actor_role), RequestKind(request.kind)
    facts = {"when": words.minute(request.asked_at)}
    if by is Role.BROKER:
        broker = Account.get_or_none(Account.id == request.actor_id)
        facts["broker"] = broker.name if broker else words.gettext(GONE)
    meaning = ONLY_YOU[by] if kind is RequestKind.RESEND else FROM_NOW_ON
    return [words.gettext(SAID[by, kind]) % facts, words.gettext(meaning), words.gettext(ADVICE[by])]
