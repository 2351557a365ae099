"""Having the current letter password sent by SMS (rules 7, 8 and 10 of DESIGN.md)."""

from __future__ import annotations

from datetime import timedelta

from zone.accounts.models import Account
from zone.audit import PEOPLE, Actor, Tag, record
from zone.clients import phones
from zone.clients.acting import act_on
from zone.clients.models import Phone
from zone.clients.phone_rules import PhoneMissing, check_fit_for_password
from zone.clock import now
from zone.config import Limits
from zone.language import N_, Refusal
from zone.letter_passwords.models import LetterPassword
from zone.letter_passwords.versions import NoLongerKept, current, is_kept
from zone.messages import outbox
from zone.messages.handover import Status
from zone.messages.models import PASSWORDS, Channel, Kind, Message
from zone.messages.states import MAY_BE_LOST
from zone.storage import full_until, locked, transaction
from zone.vault import Vault

LIFETIME = timedelta(minutes=30)
NOT_SENT_YET = (Status.QUEUED, Status.SENDING)


class EarlierNoLongerKept(NoLongerKept):
    """The password of a version that is not in force can no longer be had."""

    message = N_("This password is no longer kept. Have the letter sent again under your current one.")


class TooManyResends(Refusal):
    """A quota is used up. `until` is when the next message may be asked for."""

    message = N_("The password has been sent too many times. You can have it sent again after %(until)s.")


def resend(actor: Actor, client_id: int, *, language: str, limits: Limits) -> Message:
    """The message that brings the client the current password: a new one, or the one of the cool-down.

    Raises what `check_fit_for_password` raises, or `TooManyResends`.
    """
    with transaction():
        act_on(actor, client_id)
        phone = _fit_phone(actor, client_id, limits)
        version = current(client_id)
        standing = under_way(version, phone, limits=limits)
        return standing or _send(
            Kind.LETTER_PASSWORD, actor, version, phone, language=language, limits=limits
        )


def resend_earlier(
    vault: Vault, actor: Actor, client_id: int, number: int, *, language: str, limits: Limits
) -> Message:
    """The message that brings the client the password of version `number`, which opens older letters.

    Raises `NoLongerKept`, and what `resend` raises; the quotas are the same.
    """
    with transaction():
        act_on(actor, client_id)
        phone = _fit_phone(actor, client_id, limits)
        version = LetterPassword.get_or_none(
            LetterPassword.client == client_id, LetterPassword.number == number
        )
        if version is None or not is_kept(vault, version):
            raise EarlierNoLongerKept
        if version.replaced_at is None:
            return resend(actor, client_id, language=language, limits=limits)
        standing = under_way(version, phone, limits=limits, kind=Kind.EARLIER_PASSWORD)
        return standing or _send(
            Kind.EARLIER_PASSWORD, actor, version, phone, language=language, limits=limits
        )


def last_message(client_id: int, kind: Kind = Kind.LETTER_PASSWORD) -> Message | None:
    """The latest message with the letter password in force (or of another `kind`), whatever became of it."""
    sent = Message.select().where(Message.client_id == client_id, Message.kind == kind)
    last: Message | None = sent.order_by(Message.id.desc()).first()
    return last


def was_sent(version: LetterPassword) -> bool:
    """Whether a message brought this version to the client, or is about to, or may have."""
    carried = Message.kind == Kind.LETTER_PASSWORD, Message.subject_id == version.id
    return bool(Message.select().where(*carried, Message.status != Status.FAILED).exists())


def message_of(version: LetterPassword) -> Message | None:
    """The last message that was to bring this version to the client while it was in force."""
    last = last_message(version.client_id)
    return last if last is not None and last.subject_id == version.id else None


def under_way(
    version: LetterPassword, phone: Phone, *, limits: Limits, kind: Kind = Kind.LETTER_PASSWORD
) -> Message | None:
    """The message that will bring this version to this phone, or did so within the cool-down."""
    last = last_message(version.client_id, kind)
    if last is None or last.status in MAY_BE_LOST:
        return None
    if last.subject_id != version.id or last.address_id != phone.id:
        return None
    waits = last.status in NOT_SENT_YET and last.expires_at > now()
    return last if waits or last.queued_at > now() - limits.resend_cooldown else None


def _fit_phone(actor: Actor, client_id: int, limits: Limits) -> Phone:
    phone = phones.current(client_id)
    if phone is None:
        raise PhoneMissing
    check_fit_for_password(phone, limits=limits, at=now(), actor=actor)
    return phone


def _send(
    kind: Kind, actor: Actor, version: LetterPassword, phone: Phone, *, language: str, limits: Limits
) -> Message:
    _check_quotas(actor, version.client_id, limits)
    message = outbox.enqueue(
        channel=Channel.SMS,
        kind=kind,
        client_id=version.client_id,
        subject_id=version.id,
        address_id=phone.id,
        to_masked=phones.mask(phone.number),
        language=language,
        actor=actor,
        lifetime=LIFETIME,
    )
    record(
        Tag.PASSWORD_RESEND,
        actor,
        client_id=version.client_id,
        version=version.number,
        message=message.reference,
        to=message.to_masked,
    )
    return message


def _check_quotas(actor: Actor, client_id: int, limits: Limits) -> None:
    """See that one more may be sent in each of the sliding windows. Raises `TooManyResends`.

    A program or an operator who sends a night's letters has no quota of its own. Requests of several actors at one
    moment may pass the installation's quota together: it is a dam, not a scale.
    """
    quotas = [
        (Message.client_id == client_id, timedelta(days=1), limits.resends_per_client_day),
        (Message.id > 0, timedelta(hours=1), limits.resends_per_installation_hour),
    ]
    if actor.role in PEOPLE:
        locked(Account.select(Account.id).where(Account.id == actor.account_id)).get_or_none()
        by_actor = (Message.actor_role == actor.role) & (Message.actor_id == actor.account_id)
        quotas.append((by_actor, timedelta(hours=1), limits.resends_per_actor_hour))
    for scope, window, most in quotas:
        sent = Message.select(Message.queued_at).where(Message.kind.in_(PASSWORDS), scope)
        until = full_until(sent, Message.queued_at, window=window, most=most)
        if until is not None:
            raise TooManyResends(until=until)
