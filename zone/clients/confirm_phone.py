"""The client shows that they hold the phone on file, by a code sent to it (rule 7 of DESIGN.md).

A code is derived from its row and the pepper, and stored nowhere. Only the newest code of the present number
counts.
"""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from zone.audit import Actor, Tag, record
from zone.clients import phones
from zone.clients.acting import act_on
from zone.clients.models import Phone, PhoneCode
from zone.clients.phone_rules import PhoneMissing
from zone.clock import now
from zone.config import Limits
from zone.language import N_, Refusal, language
from zone.messages import outbox
from zone.messages.handover import Reason
from zone.messages.models import Channel, Kind, Message
from zone.messages.render import CannotRender, Renderer, Sms
from zone.messages.states import MAY_BE_LOST
from zone.secret import Secret
from zone.storage import transaction
from zone.vault import Vault

DIGITS = 6
TRIES = 5
COOLDOWN = timedelta(seconds=60)
DAY = timedelta(days=1)
# The right code once more within this time is a double click, not a second use.
DOUBLE_CLICK = timedelta(minutes=1)

# Translators: without diacritics, so that it is one SMS.
TEXT = N_("Your code is %(code)s. It confirms this phone number for %(minutes)s min. Give it to nobody.")


class TooManyCodes(Refusal):
    """The day's codes are used up. `until` is when the next one may be asked for."""

    message = N_("Too many codes were sent today. You can ask for the next one after %(until)s.")


class CodeRefused(Refusal):
    """The phone was not confirmed. The message says why and what to do."""


class CodeWrong(CodeRefused):
    """Another code was sent."""

    message = N_("This is not the code from the SMS. Look at the newest SMS and type its code again.")


class CodeExpired(CodeRefused):
    """No code is waiting: none was sent, it was used, or its time is over."""

    message = N_("The code is no longer valid. Ask for a new one.")


class CodeUsedUp(CodeRefused):
    """The code was typed wrongly too many times."""

    message = N_("The code was typed wrongly too many times. Ask for a new one.")


def send_code(actor: Actor, client_id: int, *, limits: Limits, language: str) -> Message:
    """The SMS with a code for the number on file: a new one, or within a minute the one under way.

    Raises `PhoneMissing` and `TooManyCodes`.
    """
    with transaction():
        phone = _take_phone(actor, client_id)
        if phone is None:
            raise PhoneMissing
        standing = _under_way(client_id)
        if standing is not None:
            return standing
        _check_quota(client_id, limits.phone_codes_per_day)
        at = now()
        code = PhoneCode.create(phone=phone, created_at=at, expires_at=at + limits.phone_code_valid)
        message = outbox.enqueue(
            channel=Channel.SMS,
            kind=Kind.PHONE_CODE,
            client_id=client_id,
            subject_id=code.id,
            address_id=phone.id,
            to_masked=phones.mask(phone.number),
            language=language,
            actor=actor,
            lifetime=limits.phone_code_valid,
        )
        record(Tag.PHONE_CODE, actor, client_id=client_id, message=message.reference, to=message.to_masked)
        return message


def confirm(vault: Vault, actor: Actor, client_id: int, typed: Secret) -> None:
    """Confirm the number on file with the code that the client typed.

    Raises `CodeWrong`, `CodeExpired` or `CodeUsedUp` after the try was counted and committed. An outer
    transaction would take the count back, so let there be none.
    """
    with transaction():
        refused = _try(vault, actor, client_id, typed)
    if refused is not None:
        raise refused


def waiting_message(client_id: int) -> Message | None:
    """The SMS whose code can still be typed, if there is one."""
    phone = phones.current(client_id)
    code = _newest(phone) if phone else None
    if code is None or not _waiting(code) or code.tries >= TRIES:
        return None
    return Message.get(Message.kind == Kind.PHONE_CODE, Message.subject_id == code.id)


def renderer(vault: Vault, timezone: ZoneInfo) -> Renderer:
    """What the worker calls for each `Kind.PHONE_CODE`."""

    def render(message: Message) -> Sms:
        phone = phones.find(message.address_id)
        if phone is None:
            raise CannotRender(Reason.ADDRESS)
        code = _newest(phone)
        if code is None or code.id != message.subject_id or not _waiting(code):
            raise CannotRender(Reason.UNRENDERABLE)
        minutes = (code.expires_at - code.created_at) // timedelta(minutes=1)
        text = language(message.language, timezone).gettext(TEXT)
        return Sms(
            to=phone.number, text=Secret(text % {"code": _digits(vault, code).reveal(), "minutes": minutes})
        )

    return render


def _try(vault: Vault, actor: Actor, client_id: int, typed: Secret) -> CodeRefused | None:
    phone = _take_phone(actor, client_id)
    code = _newest(phone) if phone else None
    if phone is None or code is None:
        return CodeExpired()
    right = Secret("".join(typed.reveal().split())) == _digits(vault, code)
    if right and code.used_at is not None and code.used_at > now() - DOUBLE_CLICK:
        return None
    if not _waiting(code):
        return CodeExpired()
    if code.tries >= TRIES:
        return CodeUsedUp()
    tries = code.tries + 1
    PhoneCode.update(tries=tries).where(PhoneCode.id == code.id).execute()
    if not right:
        record(Tag.PHONE_CODE_WRONG, actor, client_id=client_id, tries=tries)
        return CodeWrong() if tries < TRIES else CodeUsedUp()
    at = now()
    PhoneCode.update(used_at=at).where(PhoneCode.id == code.id).execute()
    phones.mark_confirmed(actor, phone, at=at)
    return None


def _take_phone(actor: Actor, client_id: int) -> Phone | None:
    """The number on file, with the client held so that no two requests count side by side."""
    act_on(actor, client_id)
    return phones.current(client_id)


def _newest(phone: Phone) -> PhoneCode | None:
    newest: PhoneCode | None = (
        PhoneCode.select().where(PhoneCode.phone == phone).order_by(PhoneCode.id.desc()).first()
    )
    return newest


def _waiting(code: PhoneCode) -> bool:
    return code.used_at is None and code.expires_at > now()


def _under_way(client_id: int) -> Message | None:
    """The SMS of a code that was asked for just now, can still be typed, and may have arrived."""
    message = waiting_message(client_id)
    if message is None or message.status in MAY_BE_LOST or message.queued_at <= now() - COOLDOWN:
        return None
    return message


def _check_quota(client_id: int, most: int) -> None:
    """A sliding day over all of the client's numbers: when full, its oldest code says until when."""
    sent = PhoneCode.select(PhoneCode.created_at).join(Phone).where(Phone.client == client_id)
    recent = sent.where(PhoneCode.created_at > now() - DAY).order_by(PhoneCode.created_at.desc())
    oldest = recent.offset(most - 1).first()
    if oldest is not None:
        raise TooManyCodes(until=oldest.created_at + DAY)


def _digits(vault: Vault, code: PhoneCode) -> Secret:
    mac = vault.mac("phone_code", f"{code.id}:{code.phone_id}".encode())
    return Secret(f"{int.from_bytes(mac) % 10**DIGITS:0{DIGITS}}")
