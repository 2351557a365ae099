"""The client is told of a changed number: the old number by SMS, and the e-mail (rule 7 of DESIGN.md)."""

from __future__ import annotations

from datetime import timedelta

from zone.audit import Actor, Role
from zone.clients import not_me, phones
from zone.clients.holds import Why
from zone.clients.models import Client, Phone
from zone.config import Config
from zone.language import N_, Language, language
from zone.messages import outbox
from zone.messages.handover import Reason
from zone.messages.mail.notice import notice
from zone.messages.models import Channel, Kind, Message
from zone.messages.render import CannotRender, Mail, Renderer, Sms
from zone.secret import Secret
from zone.vault import Vault

# It is worth telling for as long as any notice.
LIFETIME = timedelta(days=3)

# By the role of who changed it; the insurer's own system is everybody else.
# Translators: the three for the SMS without diacritics, so that each is one SMS with its link.
BY_SMS = {
    Role.BROKER: N_(
        "Your broker changed the phone number that we have for you. Was it not your wish? Stop it: %(link)s"
    ),
    Role.SUPPORT: N_(
        "Our support changed the phone number that we have for you. Was it not your wish? Stop it: %(link)s"
    ),
}
BY_SMS_ELSE = N_("The phone number that we have for you was changed. Was it not your wish? Stop it: %(link)s")
CHANGED_BY = {
    Role.BROKER: N_("It was changed by your broker, on %(at)s."),
    Role.SUPPORT: N_("It was changed by our support, on %(at)s."),
}
CHANGED_BY_ELSE = N_("It was changed by us, the insurer, on %(at)s.")


def tell(actor: Actor, old: Phone | None, new: Phone) -> None:
    """Tell the client that `new` is on file in place of `old`, in the caller's transaction that changed it."""
    client = Client.get_by_id(new.client_id)
    if old is not None:
        _enqueue(actor, client, new, Channel.SMS, phones.mask(old.number), address_id=old.id)
    _enqueue(actor, client, new, Channel.MAIL, phones.mask_email(client.email))


def renderer(vault: Vault, config: Config) -> Renderer:
    """What the worker calls for each `Kind.PHONE_CHANGED`."""

    def render(message: Message) -> Sms | Mail:
        new = Phone.get_or_none(Phone.id == message.subject_id)
        if new is None:
            raise CannotRender(Reason.ADDRESS)
        words = language(message.language, config.timezone)
        link = not_me.link(vault, config.public_url, Why.PHONE_CHANGE, new.client_id, new.id)
        if message.channel == Channel.SMS:
            return _sms(message, new, words, link)
        return _mail(config, message, new, words, link)

    return render


def _enqueue(
    actor: Actor,
    client: Client,
    new: Phone,
    channel: Channel,
    to_masked: str,
    *,
    address_id: int | None = None,
) -> None:
    outbox.enqueue(
        channel=channel,
        kind=Kind.PHONE_CHANGED,
        client_id=client.id,
        subject_id=new.id,
        address_id=address_id,
        to_masked=to_masked,
        language=client.language,
        actor=actor,
        lifetime=LIFETIME,
    )


def _sms(message: Message, new: Phone, words: Language, link: str) -> Sms:
    """To the old number, though it is no longer on file: that is whom this warns."""
    old = Phone.get_or_none(Phone.id == message.address_id)
    if old is None:
        raise CannotRender(Reason.ADDRESS)
    text = words.gettext(BY_SMS.get(Role(new.set_by_role), BY_SMS_ELSE))
    return Sms(to=old.number, text=Secret(text % {"link": link}))


def _mail(config: Config, message: Message, new: Phone, words: Language, link: str) -> Mail:
    client = Client.get_by_id(new.client_id)
    held_until = words.minute(new.set_at + config.limits.phone_change_hold)
    return notice(
        config,
        message,
        to=client.email,
        words=words,
        title=words.gettext("Your phone number was changed"),
        paragraphs=(
            words.gettext(
                "the mobile number to which we send passwords for your letters is another one now."
            ),
            _numbers(new, words),
            words.gettext(CHANGED_BY.get(Role(new.set_by_role), CHANGED_BY_ELSE))
            % {"at": words.minute(new.set_at)},
            words.gettext(
                "If it was your wish, you need not do anything. To protect you, no password goes to the new number "
                "before %(until)s."
            )
            % {"until": held_until},
            words.gettext(
                "If it was not your wish, follow this link. We will then send no password by SMS until our support "
                "has talked to you. You can also call us."
            ),
        ),
        link=(words.gettext("This was not me"), link),
    )


def _numbers(new: Phone, words: Language) -> str:
    before = Phone.select().where(Phone.client == new.client_id, Phone.id < new.id)
    old = before.order_by(Phone.id.desc()).first()
    numbers = {"new": phones.mask(new.number), "old": phones.mask(old.number) if old else ""}
    if old is None:
        return words.gettext("The new number: %(new)s. We had none before.") % numbers
    return words.gettext("The old number: %(old)s. The new number: %(new)s.") % numbers
