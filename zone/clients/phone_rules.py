"""Whether a letter password may go to a phone (rule 7 of DESIGN.md)."""

from __future__ import annotations

from datetime import datetime

from zone.audit import PEOPLE, Actor
from zone.clients import holds
from zone.clients.models import Phone
from zone.clients.phone_unfit import PhoneUnfit
from zone.config import Limits
from zone.language import N_


class PhoneMissing(PhoneUnfit):
    """There is no number on file."""

    message = N_(
        "We have no mobile number for you, so no SMS can be sent. Please contact our support to add one."
    )
    for_others = N_("We have no mobile number for this client, so no SMS can be sent. Put one on file first.")


class PhoneNotConfirmed(PhoneUnfit):
    """The number was never confirmed, or too long ago."""

    message = N_(
        "Your phone number has not been confirmed for a long time, so we cannot be sure that it is still "
        "yours. Confirm it with the code that we send to it, then ask for the password again."
    )
    for_others = N_(
        "The client's phone number has not been confirmed for a long time. Ask the client whether it is still theirs "
        "and confirm it, then ask for the password again."
    )


class PhoneChangedRecently(PhoneUnfit):
    """The number replaced another one a short time ago. `until` is from when a password may go to it."""

    message = N_(
        "Your phone number was changed a short time ago. To protect you, no password goes to it before "
        "%(until)s. If you did not change it, please call us."
    )
    for_others = N_(
        "The client's phone number was changed a short time ago. To protect the client, no password goes to it before "
        "%(until)s."
    )


class PhoneAddedRecently(PhoneChangedRecently):
    """A broker or a support agent put it on file a short time ago, and there was none before."""

    message = N_(
        "Your phone number was put on file a short time ago. To protect you, no password goes to it before "
        "%(until)s. If it is not yours, please call us."
    )
    for_others = N_(
        "The client's phone number was put on file a short time ago. To protect the client, no password goes to it "
        "before %(until)s."
    )


class PhoneChangedByYou(PhoneChangedRecently):
    """Who put the number on file a short time ago is the one who asks for the password."""

    message = N_(
        "You put this phone number on file yourself. To protect the client, no password goes to it before %(until)s."
    )
    for_others = message  # nobody else is told so


def check_fit_for_password(
    phone: Phone | None, *, limits: Limits, at: datetime, actor: Actor | None = None
) -> None:
    """See that a password may go to `phone` at `at`, by request of `actor`.

    Raises what `check_not_new` raises, or `PhoneNotConfirmed`.
    """
    check_confirmed(check_not_new(phone, limits=limits, at=at, actor=actor), limits=limits, at=at)


def check_confirmed(phone: Phone, *, limits: Limits, at: datetime) -> None:
    """See that the client was lately enough known to hold `phone`. Raises `PhoneNotConfirmed`."""
    if phone.confirmed_at is None or at > phone.confirmed_at + limits.phone_confirmation_valid:
        raise PhoneNotConfirmed


def check_not_new(phone: Phone | None, *, limits: Limits, at: datetime, actor: Actor | None = None) -> Phone:
    """See that nobody can have slipped in `phone` a short time ago. Returns it.

    A first number that the insurer's own system brings is no change: there was none that an attacker could have
    replaced. From a person it is held like one: a broker could give a client who has none their own.
    Raises `PhoneMissing`, `OnHold`, or one of `PhoneChangedRecently`.
    """
    if phone is None:
        raise PhoneMissing
    holds.check(phone.client_id)
    held_until = phone.set_at + limits.phone_change_hold
    if at >= held_until:
        return phone
    if phone.set_by_role in PEOPLE and _set_by(phone, actor):
        raise PhoneChangedByYou(until=held_until)
    if _replaced_another(phone):
        raise PhoneChangedRecently(until=held_until)
    if phone.set_by_role in PEOPLE:
        raise PhoneAddedRecently(until=held_until)
    return phone


def _set_by(phone: Phone, actor: Actor | None) -> bool:
    return actor is not None and (phone.set_by_role, phone.set_by_account) == (actor.role, actor.account_id)


def _replaced_another(phone: Phone) -> bool:
    return Phone.select().where(Phone.client == phone.client_id, Phone.id < phone.id).exists()
