"""Phone first: nothing is asked for before the number on file is known to be the client's (rule 7 of DESIGN.md)."""

from __future__ import annotations

from zone.clients import phones
from zone.clients.phone_rules import PhoneMissing, check_confirmed
from zone.clients.phone_unfit import PhoneUnfit
from zone.clock import now
from zone.config import Limits


def check_phone_current(client_id: int, *, limits: Limits) -> None:
    """See that the client's number was confirmed lately enough. Raises `PhoneMissing` or `PhoneNotConfirmed`."""
    phone = phones.current(client_id)
    if phone is None:
        raise PhoneMissing
    check_confirmed(phone, limits=limits, at=now())


def phone_is_current(client_id: int, *, limits: Limits) -> bool:
    """Whether the next step is open."""
    try:
        check_phone_current(client_id, limits=limits)
    except PhoneUnfit:
        return False
    return True
