"""A broker or a support agent puts a new number on file, by a code that goes to it (rule 7 of DESIGN.md).

The client reads the code to who asked for it. The old number and the e-mail are told of the change, and no password
goes to the new number for a while: whoever has slipped in a number of their own is found out before it is of use.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from peewee import Expression

from zone.audit import Actor, Role, Tag, record
from zone.clients import phone_codes, phone_notices, phones
from zone.clients.acting import act_on
from zone.clients.models import Phone, PhoneCode, Purpose
from zone.clients.phone_codes import CodeExpired, CodeRefused, Right, check_may_ask
from zone.clients.phones import How
from zone.clock import now
from zone.config import Limits
from zone.language import N_, Refusal
from zone.messages.models import Message
from zone.secret import Secret
from zone.storage import transaction
from zone.vault import Vault


class SameNumber(Refusal):
    """The number is on file already."""

    message = N_("This number is on file already. If the client says that it is theirs, confirm it.")


@dataclass(frozen=True)
class Proposal:
    """A new number that waits for its code, which `by` asked for and may type."""

    number_masked: str
    message: Message
    asked_at: datetime
    expires_at: datetime
    by: Actor


def propose(
    actor: Actor, client_id: int, number: str, *, limits: Limits, language: str, countries: frozenset[str]
) -> Message:
    """The SMS with a code to the new number, `number` as it was typed: within a minute the one under way.

    An earlier proposal for this client, whoever made it, ends. Raises `BadPhone`, `SameNumber`, `TooManyCodes`;
    `PermissionError` for all but brokers and support.
    """
    check_may_ask(actor, Purpose.CHANGE)
    to = phones.parse_mobile(number, countries)
    with transaction():
        act_on(actor, client_id)
        on_file = phones.current(client_id)
        if on_file is not None and on_file.number == to:
            raise SameNumber
        mine = phone_codes.newest(actor, client_id, Purpose.CHANGE)
        standing = phone_codes.under_way(mine if mine and mine.number == to else None)
        if standing is not None:
            return standing
        phone_codes.void(_proposals(client_id))
        return phone_codes.draw(actor, client_id, Purpose.CHANGE, to, limits=limits, language=language)


def waiting(client_id: int) -> Proposal | None:
    """The new number whose code can still be typed, if there is one."""
    code = phone_codes.last(_proposals(client_id))
    message = phone_codes.waiting_message(code)
    if code is None or message is None:
        return None
    return Proposal(
        number_masked=message.to_masked,
        message=message,
        asked_at=code.created_at,
        expires_at=code.expires_at,
        by=Actor(Role(code.asked_by_role), code.asked_by_account),
    )


def confirm(vault: Vault, actor: Actor, client_id: int, typed: Secret) -> Phone:
    """Put the number on file to which this actor had the code sent, and tell the client. Returns the phone.

    Raises `CodeWrong`, `CodeExpired` or `CodeUsedUp` after the try was counted and committed. An outer
    transaction would take the count back, so let there be none. `PermissionError` for all but brokers and support.
    """
    check_may_ask(actor, Purpose.CHANGE)
    with transaction():
        act_on(actor, client_id)
        code = phone_codes.newest(actor, client_id, Purpose.CHANGE)
        if code is None:
            raise CodeExpired
        outcome = phone_codes.attempt(vault, actor, code, typed)
        if outcome is Right.NOW:
            code.phone, code.number = _put_on_file(actor, client_id, str(code.number)), None
            code.save(only=(PhoneCode.phone, PhoneCode.number))
    if isinstance(outcome, CodeRefused):
        raise outcome
    return Phone.get(Phone.id == code.phone_id)


def withdraw(actor: Actor, client_id: int) -> None:
    """End the proposal that waits, if there is one. `PermissionError` for all but brokers and support."""
    check_may_ask(actor, Purpose.CHANGE)
    with transaction():
        act_on(actor, client_id)
        proposal = waiting(client_id)
        if proposal is not None:
            phone_codes.void(_proposals(client_id))
            facts = {"message": proposal.message.reference, "to": proposal.number_masked}
            record(Tag.PHONE_WITHDRAWN, actor, client_id=client_id, **facts)


def forget_expired() -> int:
    """Forget the numbers of proposals whose time is over. Returns how many; a chore of the worker."""
    over = PhoneCode.number.is_null(False) & (PhoneCode.expires_at <= now())
    return int(PhoneCode.update(number=None).where(over).execute())


def _put_on_file(actor: Actor, client_id: int, number: str) -> Phone:
    at = now()
    old = phones.current(client_id)
    if old is not None and old.number == number:  # the insurer's own system was faster
        phones.mark_confirmed(actor, old, at=at, how=How.CODE)
        return old
    new = phones.replace(actor, client_id, old, number, at=at, confirmed_at=at)
    phone_notices.tell(actor, old, new)
    return new


def _proposals(client_id: int) -> Expression:
    return (PhoneCode.client == client_id) & (PhoneCode.purpose == Purpose.CHANGE)
