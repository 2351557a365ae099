"""The SMS that carries a code: what the code does, and whom it may be told."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from zone.audit import Actor, Role
from zone.clients import phone_codes, phones
from zone.clients.models import PhoneCode, Purpose
from zone.language import N_, language
from zone.messages.handover import Reason
from zone.messages.models import Message
from zone.messages.render import CannotRender, Renderer, Sms
from zone.secret import Secret
from zone.vault import Vault

# By what the code does and who asked for it: nobody else may make use of it.
# Translators: all of these without diacritics, so that each is one SMS.
TEXTS = {
    (Purpose.CONFIRM, Role.CLIENT): N_(
        "Your code is %(code)s. It confirms this phone number for %(minutes)s min. Give it to nobody."
    ),
    (Purpose.CONFIRM, Role.BROKER): N_(
        "Code %(code)s confirms that this number is yours. Read it only to your broker, and only if you are "
        "talking now. Valid for %(minutes)s min."
    ),
    (Purpose.CONFIRM, Role.SUPPORT): N_(
        "Code %(code)s confirms that this number is yours. Read it only to our support, and only if you are "
        "talking now. Valid for %(minutes)s min."
    ),
    (Purpose.CHANGE, Role.BROKER): N_(
        "With code %(code)s your passwords will come to this number. Read it only to your broker, and only if you "
        "are talking now. Valid for %(minutes)s min."
    ),
    (Purpose.CHANGE, Role.SUPPORT): N_(
        "With code %(code)s your passwords will come to this number. Read it only to our support, and only if you "
        "are talking now. Valid for %(minutes)s min."
    ),
    (Purpose.CONSENT, Role.SUPPORT): N_(
        "Code %(code)s lets our support act in your zone for you. Read it only to our support, and only if you are "
        "talking now. Valid for %(minutes)s min."
    ),
}


def renderer(vault: Vault, timezone: ZoneInfo) -> Renderer:
    """What the worker calls for each `Kind.PHONE_CODE`."""

    def render(message: Message) -> Sms:
        code = PhoneCode.get_or_none(PhoneCode.id == message.subject_id)
        if code is None:
            raise CannotRender(Reason.ADDRESS)
        to = _number(code)
        if not phone_codes.waits(code) or code != _newest_like(code):
            raise CannotRender(Reason.UNRENDERABLE)
        return Sms(to=to, text=text(vault, code, message.language, timezone))

    return render


def text(vault: Vault, code: PhoneCode, code_of_language: str, timezone: ZoneInfo) -> Secret:
    """The whole SMS."""
    minutes = (code.expires_at - code.created_at) // timedelta(minutes=1)
    words = language(code_of_language, timezone).gettext(
        TEXTS[Purpose(code.purpose), Role(code.asked_by_role)]
    )
    return Secret(words % {"code": phone_codes.digits(vault, code).reveal(), "minutes": minutes})


def _number(code: PhoneCode) -> str:
    """Where the code goes: to a number that is still on file, or to one that still may come there."""
    if code.purpose == Purpose.CHANGE:
        if code.number is None:
            raise CannotRender(Reason.UNRENDERABLE)
        return str(code.number)
    phone = phones.find(code.phone_id)
    if phone is None:
        raise CannotRender(Reason.ADDRESS)
    return str(phone.number)


def _newest_like(code: PhoneCode) -> PhoneCode | None:
    asked_by = Actor(Role(code.asked_by_role), code.asked_by_account)
    return phone_codes.newest(asked_by, code.client_id, Purpose(code.purpose), code.phone)
