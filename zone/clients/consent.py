"""The client agrees that a support agent acts for them: by a code sent to the number on file, read to that agent."""

from __future__ import annotations

from zone.audit import Actor, Tag, record
from zone.clients import phone_codes, phones
from zone.clients.acting import act_on
from zone.clients.models import PhoneCode, Purpose
from zone.clients.phone_codes import CodeExpired, CodeRefused, Right, check_may_ask
from zone.clients.phone_rules import check_not_new
from zone.clock import now
from zone.config import Limits
from zone.messages.models import Message
from zone.secret import Secret
from zone.storage import transaction
from zone.vault import Vault


def send(actor: Actor, client_id: int, *, limits: Limits, language: str) -> Message:
    """The SMS with a code for this agent: a new one, or within a minute the one under way.

    A number that somebody may have slipped in a short time ago agrees to nothing: raises what `check_not_new` raises.
    Raises `TooManyCodes`; `PermissionError` for all but support.
    """
    check_may_ask(actor, Purpose.CONSENT)
    with transaction():
        act_on(actor, client_id)
        phone = check_not_new(phones.current(client_id), limits=limits, at=now(), actor=actor)
        standing = phone_codes.under_way(_newest(actor, client_id))
        return standing or phone_codes.draw(
            actor, client_id, Purpose.CONSENT, phone, limits=limits, language=language
        )


def check(vault: Vault, actor: Actor, client_id: int, typed: Secret) -> None:
    """See that the client agreed, by the code that this agent asked for. It is good once.

    Raises `CodeWrong`, `CodeExpired` or `CodeUsedUp` after the try was counted and committed, so let there be no
    outer transaction. `PermissionError` for all but support.
    """
    check_may_ask(actor, Purpose.CONSENT)
    with transaction():
        act_on(actor, client_id)
        code = _newest(actor, client_id)
        if code is None:
            raise CodeExpired
        outcome = phone_codes.attempt(vault, actor, code, typed)
        if outcome is Right.NOW:
            record(Tag.CONSENT_GIVEN, actor, client_id=client_id)
    if isinstance(outcome, CodeRefused):
        raise outcome


def _newest(actor: Actor, client_id: int) -> PhoneCode | None:
    """None too once the number on file is another."""
    phone = phones.current(client_id)
    return phone_codes.newest(actor, client_id, Purpose.CONSENT, phone) if phone else None
