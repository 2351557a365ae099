"""Whether a letter password may go to a phone (rule 7 of DESIGN.md)."""

from __future__ import annotations

from datetime import datetime

from zone.clients.models import Phone
from zone.config import Limits
from zone.language import N_, Refusal


class PhoneUnfit(Refusal):
    """No password may go to the client's phone. The message says why and what to do."""


class PhoneMissing(PhoneUnfit):
    """There is no number on file."""

    message = N_(
        "We have no mobile number for you, so no SMS can be sent. Please contact our support to add one."
    )


class PhoneNotConfirmed(PhoneUnfit):
    """The number was never confirmed, or too long ago."""

    message = N_(
        "Your phone number has not been confirmed for a long time, so we cannot be sure that it is still "
        "yours. Confirm it with the code that we send to it, then ask for the password again."
    )


class PhoneChangedRecently(PhoneUnfit):
    """The number replaced another one a short time ago. `until` is from when a password may go to it."""

    message = N_(
        "Your phone number was changed a short time ago. To protect you, no password goes to it before "
        "%(until)s. If you did not change it, please call us."
    )


def check_fit_for_password(phone: Phone | None, *, limits: Limits, at: datetime) -> None:
    """See that a password may go to `phone` at `at`.

    Raises `PhoneMissing`, `PhoneChangedRecently` or `PhoneNotConfirmed`. A client's first number is no
    change: there was none that an attacker could have replaced.
    """
    if phone is None:
        raise PhoneMissing
    held_until = phone.set_at + limits.phone_change_hold
    if at < held_until and _replaced_another(phone):
        raise PhoneChangedRecently(until=held_until)
    if phone.confirmed_at is None or at > phone.confirmed_at + limits.phone_confirmation_valid:
        raise PhoneNotConfirmed


def _replaced_another(phone: Phone) -> bool:
    return Phone.select().where(Phone.client == phone.client_id, Phone.id < phone.id).exists()
