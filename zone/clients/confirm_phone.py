"""It is known that the client holds the phone on file: by a code sent to it, or by their word (rule 7 of DESIGN.md)."""

from __future__ import annotations

from zone.audit import STAFF, Actor, Role
from zone.clients import phone_codes, phones
from zone.clients.acting import act_on
from zone.clients.models import Phone, PhoneCode, Purpose
from zone.clients.phone_codes import DOUBLE_CLICK, CodeExpired, CodeRefused, Right
from zone.clients.phone_rules import PhoneMissing
from zone.clients.phones import How
from zone.clock import now
from zone.config import Limits
from zone.language import N_, Refusal
from zone.messages.models import Message
from zone.secret import Secret
from zone.storage import transaction
from zone.vault import Vault


class PhoneIsAnother(Refusal):
    """The number on file is not the one that was looked at."""

    message = N_("Another number has come on file in the meantime. Check that one with the client.")


def send_code(actor: Actor, client_id: int, *, limits: Limits, language: str) -> Message:
    """The SMS with a code for the number on file: a new one, or within a minute the one under way.

    Raises `PhoneMissing` and `TooManyCodes`.
    """
    with transaction():
        phone = _take_phone(actor, client_id)
        if phone is None:
            raise PhoneMissing
        standing = phone_codes.under_way(_newest(actor, phone))
        return standing or phone_codes.draw(
            actor, client_id, Purpose.CONFIRM, phone, limits=limits, language=language
        )


def confirm(vault: Vault, actor: Actor, client_id: int, typed: Secret) -> None:
    """Confirm the number on file with the code that this actor asked for and the client typed or read.

    Raises `CodeWrong`, `CodeExpired` or `CodeUsedUp` after the try was counted and committed. An outer
    transaction would take the count back, so let there be none.
    """
    with transaction():
        refused = _try(vault, actor, client_id, typed)
    if refused is not None:
        raise refused


def waiting_message(client_id: int, asked_by: Actor | None = None) -> Message | None:
    """The SMS whose code can still be typed by who asked for it, if there is one: without `asked_by` by the client."""
    phone = phones.current(client_id)
    if phone is None:
        return None
    if asked_by is not None:
        return phone_codes.waiting_message(_newest(asked_by, phone))
    by_client = (PhoneCode.purpose == Purpose.CONFIRM) & (PhoneCode.asked_by_role == Role.CLIENT)
    return phone_codes.waiting_message(phone_codes.last(by_client & (PhoneCode.phone == phone)))


def vouch(actor: Actor, client_id: int, phone_id: int) -> Phone:
    """Note that the client told a broker or a support agent that `phone_id` is their number. A double click is one.

    Raises `PhoneMissing`; `PhoneIsAnother` where another number came on file since that one was looked at;
    `PermissionError` for anybody else: a client confirms the number by a code.
    """
    if actor.role not in STAFF:
        raise PermissionError("a number is vouched for by who talks to the client")
    with transaction():
        phone = _take_phone(actor, client_id)
        if phone is None:
            raise PhoneMissing
        if phone.id != phone_id:
            raise PhoneIsAnother
        if not _just_vouched(phone, actor):
            phones.mark_confirmed(actor, phone, at=now(), how=How.WORD)
        return phone


def _just_vouched(phone: Phone, actor: Actor) -> bool:
    by_actor = (phone.confirmed_by_role, phone.confirmed_by_account) == (actor.role, actor.account_id)
    return by_actor and phone.confirmed_at is not None and phone.confirmed_at > now() - DOUBLE_CLICK


def _try(vault: Vault, actor: Actor, client_id: int, typed: Secret) -> CodeRefused | None:
    phone = _take_phone(actor, client_id)
    code = _newest(actor, phone) if phone else None
    if phone is None or code is None:
        return CodeExpired()
    outcome = phone_codes.attempt(vault, actor, code, typed)
    if outcome is Right.NOW:
        phones.mark_confirmed(actor, phone, at=now(), how=How.CODE)
    return outcome if isinstance(outcome, CodeRefused) else None


def _newest(actor: Actor, phone: Phone) -> PhoneCode | None:
    return phone_codes.newest(actor, phone.client_id, Purpose.CONFIRM, phone)


def _take_phone(actor: Actor, client_id: int) -> Phone | None:
    """The number on file, with the client held so that no two requests count side by side."""
    act_on(actor, client_id)
    return phones.current(client_id)
