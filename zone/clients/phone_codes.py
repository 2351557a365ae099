"""Codes sent to a phone, whatever the right one does: drawing, quotas, tries, double clicks (rule 7 of DESIGN.md).

A code is derived from its row and the pepper, and stored nowhere. It counts for who asked for it alone, as its SMS
says to whom it may be read; and of those only the newest counts. Every function runs in the transaction of the act.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from enum import Enum, auto

from peewee import Expression

from zone.audit import STAFF, Actor, Role, Tag, record
from zone.clients import phones
from zone.clients.models import Phone, PhoneCode, Purpose
from zone.clock import now
from zone.config import Limits
from zone.language import N_, Refusal
from zone.messages import outbox
from zone.messages.models import Channel, Kind, Message
from zone.messages.states import MAY_BE_LOST
from zone.secret import Secret
from zone.storage import full_until, take_turn
from zone.vault import Vault

DIGITS = 6
TRIES = 5
COOLDOWN = timedelta(seconds=60)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# The right code once more within this time is a double click, not a second use.
DOUBLE_CLICK = timedelta(minutes=1)

MAY_ASK = {
    Purpose.CONFIRM: {Role.CLIENT, *STAFF},
    Purpose.CHANGE: frozenset(STAFF),
    Purpose.CONSENT: frozenset({Role.SUPPORT}),
}


class TooManyCodes(Refusal):
    """A quota is used up. `until` is when the next code may be asked for."""

    message = N_("Too many codes were sent. You can ask for the next one after %(until)s.")


class CodeRefused(Refusal):
    """The code did nothing. The message says why and what to do."""


class CodeWrong(CodeRefused):
    """Another code was sent."""

    message = N_("This is not the code from the SMS. Look at the newest SMS and type its code again.")
    for_others = N_(
        "This is not the code from the SMS. Ask the client to read you the code of the newest SMS again."
    )


class CodeExpired(CodeRefused):
    """No code is waiting: none was sent, it was used, or its time is over."""

    message = N_("The code is no longer valid. Ask for a new one.")


class CodeUsedUp(CodeRefused):
    """The code was typed wrongly too many times."""

    message = N_("The code was typed wrongly too many times. Ask for a new one.")


class Right(Enum):
    """The code was right: for the first time, or once more by a double click."""

    NOW = auto()
    AGAIN = auto()


def check_may_ask(actor: Actor, purpose: Purpose) -> None:
    """Raises `PermissionError` for a role that gets no such code."""
    if actor.role not in MAY_ASK[purpose]:
        raise PermissionError(f"no code to {purpose} for a {actor.role}")


def draw(
    actor: Actor, client_id: int, purpose: Purpose, to: Phone | str, *, limits: Limits, language: str
) -> Message:
    """The SMS with a new code to `to`: a phone on file, or a number (E.164) that is not there yet.

    Raises `TooManyCodes`; `PermissionError` for a role that gets no such code.
    """
    check_may_ask(actor, purpose)
    _check_quotas(actor, client_id, limits)
    at = now()
    phone, number = (to, None) if isinstance(to, Phone) else (None, to)
    code = PhoneCode.create(
        client=client_id,
        purpose=purpose,
        phone=phone,
        number=number,
        asked_by_role=actor.role,
        asked_by_account=actor.account_id,
        created_at=at,
        expires_at=at + limits.phone_code_valid,
    )
    message = outbox.enqueue(
        channel=Channel.SMS,
        kind=Kind.PHONE_CODE,
        client_id=client_id,
        subject_id=code.id,
        address_id=phone.id if phone else None,
        to_masked=phones.mask(to.number if isinstance(to, Phone) else to),
        language=language,
        actor=actor,
        lifetime=limits.phone_code_valid,
    )
    facts = {"message": message.reference, "to": message.to_masked, "purpose": purpose}
    record(Tag.PHONE_CODE, actor, client_id=client_id, **facts)
    return message


def newest(asked_by: Actor, client_id: int, purpose: Purpose, phone: Phone | None = None) -> PhoneCode | None:
    """The last code that this actor asked for; with `phone`, only if it went there."""
    mine = (
        (PhoneCode.client == client_id)
        & (PhoneCode.purpose == purpose)
        & (PhoneCode.asked_by_role == asked_by.role)
        & (PhoneCode.asked_by_account == asked_by.account_id)
    )
    return last(mine if phone is None else mine & (PhoneCode.phone == phone))


def last(which: Expression) -> PhoneCode | None:
    """The newest of the codes that `which` finds."""
    found: PhoneCode | None = PhoneCode.select().where(which).order_by(PhoneCode.id.desc()).first()
    return found


def waits(code: PhoneCode) -> bool:
    """Whether its time is not over, and it was not used."""
    return code.used_at is None and code.expires_at > now()


def waiting_message(code: PhoneCode | None) -> Message | None:
    """The SMS with this code, if it can still be typed."""
    if code is None or not waits(code) or code.tries >= TRIES:
        return None
    mine = (Message.kind == Kind.PHONE_CODE) & (Message.subject_id == code.id)
    # Of the same client, whatever was kept of an older code of that number.
    newest_first = (
        Message.select().where(mine, Message.client_id == code.client_id).order_by(Message.id.desc())
    )
    found: Message | None = newest_first.first()
    return found


def under_way(code: PhoneCode | None) -> Message | None:
    """The SMS of a code that was asked for just now, can still be typed, and may have arrived."""
    message = waiting_message(code)
    if message is None or message.status in MAY_BE_LOST or message.queued_at <= now() - COOLDOWN:
        return None
    return message


def attempt(vault: Vault, actor: Actor, code: PhoneCode, typed: Secret) -> Right | CodeRefused:
    """Count and judge one try at `code`. A refusal is returned, so that the count is committed before it is raised."""
    right = Secret("".join(typed.reveal().split())) == digits(vault, code)
    if right and code.used_at is not None and code.used_at > now() - DOUBLE_CLICK:
        return Right.AGAIN
    if not waits(code):
        return CodeExpired()
    if code.tries >= TRIES:
        return CodeUsedUp()
    code.tries += 1
    if not right:
        code.save(only=(PhoneCode.tries,))
        tried = {"client_id": code.client_id, "tries": code.tries}
        record(Tag.PHONE_CODE_WRONG, actor, purpose=code.purpose, **tried)
        return CodeWrong() if code.tries < TRIES else CodeUsedUp()
    code.used_at = now()
    code.save(only=(PhoneCode.tries, PhoneCode.used_at))
    return Right.NOW


def void(which: Expression) -> None:
    """End the codes that `which` finds and that were not used, and forget the numbers that they were for."""
    unused = which & PhoneCode.used_at.is_null() & (PhoneCode.expires_at > now())
    PhoneCode.update(expires_at=now(), number=None).where(unused).execute()


def digits(vault: Vault, code: PhoneCode) -> Secret:
    """The code itself."""
    if code.purpose == Purpose.CONFIRM:
        row = f"{code.id}:{code.phone_id}"
    else:  # the phone of a new number is known once the code was used
        row = f"{code.id}:{code.purpose}:{code.client_id}"
    mac = vault.mac("phone_code", row.encode())
    return Secret(f"{int.from_bytes(mac) % 10**DIGITS:0{DIGITS}}")


def _check_quotas(actor: Actor, client_id: int, limits: Limits) -> None:
    """Sliding windows over all of the client's numbers, and over all clients of who helps them.

    Those who ask for one client take turns already; who helps many takes a turn of their own, or asks for many clients
    at once would all count before any of them is seen.
    """
    if actor.role in STAFF:
        take_turn(f"phone codes of {actor.role} {actor.account_id}")
    for scope, window, most in _quotas(actor, client_id, limits):
        asked = PhoneCode.select(PhoneCode.created_at).where(scope)
        until = full_until(asked, PhoneCode.created_at, window=window, most=most)
        if until is not None:
            raise TooManyCodes(until=until)


def _quotas(actor: Actor, client_id: int, limits: Limits) -> Iterator[tuple[Expression, timedelta, int]]:
    yield PhoneCode.client == client_id, DAY, limits.phone_codes_per_day
    if actor.role in STAFF:
        by_actor = (PhoneCode.asked_by_account == actor.account_id) & (PhoneCode.asked_by_role == actor.role)
        yield by_actor, HOUR, limits.phone_codes_per_actor_hour
