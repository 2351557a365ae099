"""All that a client (or who helps them) sees about the letter password at a glance; never the password."""

from __future__ import annotations

from dataclasses import dataclass

from zone.audit import Actor
from zone.clients import phones
from zone.clients.models import Phone
from zone.clients.phone_rules import check_fit_for_password
from zone.clients.phone_unfit import PhoneUnfit
from zone.clock import now
from zone.config import Limits
from zone.letter_passwords.models import LetterPassword, Origin
from zone.letter_passwords.resend import last_message
from zone.letter_passwords.versions import current
from zone.messages.models import Message


@dataclass(frozen=True)
class Overview:
    """The version in force, the phone that it would go to or why not, and the last message with one."""

    version: LetterPassword
    phone: Phone | None
    obstacle: PhoneUnfit | None
    last: Message | None

    @property
    def is_default(self) -> bool:
        """Whether nobody has set anything: digits of the birth number open the letters."""
        return self.version.origin == Origin.DEFAULT

    @property
    def phone_masked(self) -> str | None:
        """The number as it may be shown."""
        return phones.mask(self.phone.number) if self.phone else None

    @property
    def last_is_of_current(self) -> bool:
        """Whether the last message carried the password that is in force now."""
        return self.last is not None and self.last.subject_id == self.version.id


def overview(client_id: int, *, limits: Limits, actor: Actor | None = None) -> Overview:
    """The client's letter password at a glance; `actor` is who would ask for it, if not the client."""
    phone = phones.current(client_id)
    obstacle = None
    try:
        check_fit_for_password(phone, limits=limits, at=now(), actor=actor)
    except PhoneUnfit as refusal:
        obstacle = refusal
    return Overview(current(client_id), phone, obstacle, last_message(client_id))
