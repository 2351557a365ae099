"""Mobile numbers: what is one, how it is shown, which one a client has."""

from __future__ import annotations

import re
from datetime import datetime
from enum import StrEnum

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

from zone.audit import Actor, Tag, record
from zone.clients.models import Phone, hold
from zone.clients.search_index import reindex
from zone.language import N_, Refusal
from zone.storage import transaction

HOME = "SK"
# `phonenumbers` would also read letters, extensions and tel: addresses.
PLAIN = re.compile(r"\+?[0-9 \u00a0()/.-]+")
# In some countries the number does not tell whether it is mobile; in Slovakia and Czechia it always does.
MOBILE = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)
HIDDEN = "•"

NOT_A_NUMBER = N_("This is not a complete phone number. Write it as 0912 345 678 or +421 912 345 678.")
FOREIGN = N_("We cannot send an SMS to numbers of this country. Give a mobile number of another country.")
NOT_MOBILE = N_("This number takes no SMS. Give a mobile number, not a landline or a special one.")


class How(StrEnum):
    """How it is known that the client holds a number."""

    CODE = "code"  # sent to it, and typed
    WORD = "word"  # the client said so to who helps them
    RECORD = "record"  # the insurer's own system says so


class BadPhone(Refusal):
    """No SMS can go to this number. The message says what to write instead, and never quotes it."""


def parse_mobile(text: str, countries: frozenset[str]) -> str:
    """The mobile number in `text` as E.164; without a prefix it is Slovak.

    `countries` are the ISO 3166 codes of those that SMS go to. Raises `BadPhone`.
    """
    if not PLAIN.fullmatch(text.strip()):
        raise BadPhone(NOT_A_NUMBER)
    try:
        number = phonenumbers.parse(text, HOME)
    except NumberParseException as error:
        raise BadPhone(NOT_A_NUMBER) from error
    if not phonenumbers.is_valid_number(number):
        raise BadPhone(NOT_A_NUMBER)
    if phonenumbers.region_code_for_number(number) not in countries:
        raise BadPhone(FOREIGN)
    if phonenumbers.number_type(number) not in MOBILE:
        raise BadPhone(NOT_MOBILE)
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def mask(number: str) -> str:
    """An E.164 number as it may be shown: `+421 9•• ••• 123`."""
    shown = phonenumbers.format_number(phonenumbers.parse(number), PhoneNumberFormat.INTERNATIONAL)
    country, _, national = shown.partition(" ")
    return f"{country} {national[0]}" + re.sub(r"\d(?=(?:\D*\d){3})", HIDDEN, national[1:])


def mask_email(email: str) -> str:
    """An e-mail address as it may be shown: `j•••@example.org`, whatever the length."""
    local, _, domain = email.rpartition("@")
    return f"{local[:1]}{HIDDEN * 3}@{domain}"


def current(client_id: int) -> Phone | None:
    """The number on file, if there is one."""
    return Phone.get_or_none(Phone.client == client_id, Phone.replaced_at.is_null())


def find(phone_id: int | None) -> Phone | None:
    """The number that a message was meant for, if it is still on file."""
    return Phone.get_or_none(Phone.id == phone_id, Phone.replaced_at.is_null())


def set_number(
    actor: Actor, client_id: int, number: str, *, at: datetime, confirmed_at: datetime | None = None
) -> Phone:
    """Put `number` (E.164) on file in place of the present one. The same number again changes nothing.

    `confirmed_at` is when the client was last known to hold it.
    """
    with transaction():
        hold(client_id)
        old = current(client_id)
        if old is not None and old.number == number:
            return old
        return replace(actor, client_id, old, number, at=at, confirmed_at=confirmed_at)


def replace(
    actor: Actor,
    client_id: int,
    old: Phone | None,
    number: str,
    *,
    at: datetime,
    confirmed_at: datetime | None,
) -> Phone:
    """Put `number` in place of `old`, the one on file, in the caller's transaction that holds the client."""
    if old is not None:
        _retire(old, at)
    phone = Phone.create(
        client=client_id,
        number=number,
        set_at=at,
        set_by_role=actor.role,
        set_by_account=actor.account_id,
        confirmed_at=confirmed_at,
        confirmed_by_role=actor.role if confirmed_at else None,
        confirmed_by_account=actor.account_id if confirmed_at else None,
    )
    before = mask(old.number) if old else None
    record(Tag.PHONE_CHANGED, actor, client_id=client_id, before=before, to=mask(number))
    reindex(client_id)
    return phone


def remove(actor: Actor, phone: Phone, *, at: datetime) -> None:
    """Take `phone` off file, in the caller's transaction that holds the client."""
    _retire(phone, at)
    record(Tag.PHONE_CHANGED, actor, client_id=phone.client_id, before=mask(phone.number), to=None)
    reindex(phone.client_id)


def mark_confirmed(actor: Actor, phone: Phone, *, at: datetime, how: How) -> None:
    """Note that the client was known to hold `phone` at `at`, in the caller's transaction."""
    phone.confirmed_at, phone.confirmed_by_role, phone.confirmed_by_account = at, actor.role, actor.account_id
    phone.save(only=(Phone.confirmed_at, Phone.confirmed_by_role, Phone.confirmed_by_account))
    record(Tag.PHONE_CONFIRMED, actor, client_id=phone.client_id, to=mask(phone.number), how=how)


def _retire(phone: Phone, at: datetime) -> None:
    Phone.update(replaced_at=at).where(Phone.id == phone.id).execute()
