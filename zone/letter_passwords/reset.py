"""Going back to the default letter password, or to a new generated one (rule 6 of DESIGN.md)."""

from __future__ import annotations

from collections.abc import Callable

from zone.audit import STAFF, Actor, Tag, record
from zone.clients import birth_numbers, holds
from zone.clients.acting import act_on
from zone.clients.models import Client
from zone.clock import now
from zone.config import Limits
from zone.letter_passwords import first
from zone.letter_passwords.models import LetterPassword, Origin
from zone.letter_passwords.resend import resend
from zone.letter_passwords.set_own import DOUBLE_CLICK, own_data
from zone.letter_passwords.versions import Superseded, current, replace
from zone.storage import transaction
from zone.vault import Vault


def _nothing() -> None: ...


def reset(
    vault: Vault,
    actor: Actor,
    client_id: int,
    *,
    limits: Limits,
    also: Callable[[], object] = _nothing,
) -> LetterPassword:
    """Put the default in force; without a birth number a new generated password, by SMS in the same act.

    A client who is on the default already keeps that version, and a double click makes one generated password.
    What is `also` to be done is done in the same transaction, or neither is; it may be begun more than once.
    While a hold stands, nobody but the client puts a weaker password in force: raises `OnHold`. Raises what `resend`
    raises as well, and `vault.Busy`.
    """
    old = current(client_id)
    if old.origin == Origin.DEFAULT or _just_generated(old, actor):
        with transaction():
            _take(actor, client_id)
            also()
        return old
    client = Client.get_by_id(client_id)
    birth_number = birth_numbers.load(vault, client_id)
    own = own_data(vault, client_id)
    fallback = first.prepare(vault, birth_number=birth_number, language=client.language, own=own)
    try:
        with transaction():
            _take(actor, client_id)
            version = replace(vault, actor, client_id, fallback, expected=old)
            if birth_numbers.load(vault, client_id) != birth_number:
                raise Superseded
            record(
                Tag.PASSWORD_RESET, actor, client_id=client_id, version=version.number, origin=version.origin
            )
            if version.origin == Origin.GENERATED:
                resend(actor, client_id, language=client.language, limits=limits)
            also()
            return version
    except Superseded:
        return reset(vault, actor, client_id, limits=limits, also=also)


def _take(actor: Actor, client_id: int) -> None:
    act_on(actor, client_id)
    if actor.role in STAFF:
        holds.check(client_id)


def _just_generated(version: LetterPassword, actor: Actor) -> bool:
    generated = version.origin == Origin.GENERATED and version.set_by_account == actor.account_id
    return generated and version.set_at > now() - DOUBLE_CLICK
