"""Phone first: nothing is asked for before the number on file is known to be the client's (rule 7 of DESIGN.md)."""

from __future__ import annotations

from zone.clients import phones
from zone.clients.models import Phone
from zone.clients.phone_rules import PhoneMissing, check_confirmed
from zone.clients.phone_unfit import PhoneUnfit
from zone.clock import now
from zone.config import Limits


def check_phone_current(client_id: int, *, limits: Limits) -> None:
    """See that the client's number was confirmed lately enough. Raises `PhoneMissing` or `PhoneNotConfirmed`."""
    _check(phones.current(client_id), limits)


def phone_is_current(client_id: int, *, limits: Limits) -> bool:
    """Whether the next step is open."""
    return is_current(phones.current(client_id), limits=limits)


def is_current(phone: Phone | None, *, limits: Limits) -> bool:
    """The same of the number on file, for who has read it."""
    try:
        _check(phone, limits)
    except PhoneUnfit:
        return False
    return True


def _check(phone: Phone | None, limits: Limits) -> None:
    if phone is None:
        raise PhoneMissing
    check_confirmed(phone, limits=limits, at=now())
