"""The versions of a client's letter password: the one in force, how it is replaced, how one is opened."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from zone.audit import Actor, Tag, record
from zone.clients import birth_numbers
from zone.clients.acting import act_on
from zone.clock import now
from zone.language import N_, Refusal
from zone.letter_passwords import verifiers
from zone.letter_passwords.letter_key import LetterKey
from zone.letter_passwords.models import LetterPassword, Origin
from zone.secret import Secret
from zone.vault import CannotOpen, Context, NotInVault, Purpose, Vault

log = logging.getLogger(__name__)


class Superseded(Exception):
    """Another act replaced the password between looking and acting; look again."""


class NoLongerKept(Refusal):
    """The password of this version can no longer be had: its vault entry or its birth number is gone."""

    message = N_("This password is no longer kept. Reset the password to get a new one.")


@dataclass(frozen=True)
class NewVersion:
    """A version about to come into force. `secret` and `letter_key` go into the vault; a default brings neither."""

    origin: Origin
    verifier: str
    digits: int | None = None
    secret: Secret | None = None
    letter_key: LetterKey | None = None


def find_current(client_id: int) -> LetterPassword | None:
    """The version in force; none only for a client whose making is under way."""
    return LetterPassword.get_or_none(
        LetterPassword.client == client_id, LetterPassword.replaced_at.is_null()
    )


def current(client_id: int) -> LetterPassword:
    """The version in force (rule 1: there is exactly one). Raises `LetterPassword.DoesNotExist`."""
    return LetterPassword.get(LetterPassword.client == client_id, LetterPassword.replaced_at.is_null())


def replace(
    vault: Vault, actor: Actor, client_id: int, new: NewVersion, *, expected: LetterPassword | None
) -> LetterPassword:
    """Put `new` in force in place of `expected`, in the caller's transaction, with its vault entry.

    Raises `Superseded` when something else is in force by now.
    """
    act_on(actor, client_id)
    old = find_current(client_id)
    if (old and old.id) != (expected and expected.id):
        raise Superseded
    at = now()
    if old is not None:
        LetterPassword.update(replaced_at=at).where(LetterPassword.id == old.id).execute()
    version = LetterPassword.create(
        client=client_id,
        number=old.number + 1 if old else 1,
        origin=new.origin,
        digits=new.digits,
        verifier=new.verifier,
        set_at=at,
        set_by_role=actor.role,
        set_by_account=actor.account_id,
    )
    if new.secret is not None:
        vault.put(_context(version), new.secret.reveal().encode())
    if new.letter_key is not None:
        vault.put(key_context(version), new.letter_key.to_bytes())
    return version


def open_password(vault: Vault, actor: Actor, version: LetterPassword, *, use: str) -> Secret:
    """The plaintext, for `use` ("sms", "letter key") alone; leaves an event. Raises `NoLongerKept`."""
    record(Tag.PASSWORD_OPENED, actor, client_id=version.client_id, version=version.number, use=use)
    if version.origin == Origin.DEFAULT:
        return _default(vault, version)
    try:
        return Secret(vault.get(_context(version)).decode())
    except NotInVault as error:
        raise NoLongerKept from error


def is_kept(vault: Vault, version: LetterPassword) -> bool:
    """Whether the password of this version can still be had. Opens nothing but a birth number.

    One whose vault entry does not open, as it was tampered with or damaged, cannot; the log tells the operator.
    """
    if version.origin != Origin.DEFAULT:
        return vault.has(_context(version))
    try:
        _default(vault, version)
    except NoLongerKept:
        return False
    except CannotOpen as error:
        log.error("birth number of client %s: %s", version.client_id, error)
        return False
    return True


def key_context(version: LetterPassword) -> Context:
    """Where the vault keeps the version's letter key."""
    return Context(Purpose.LETTER_KEY, version.client_id, version.number)


def _default(vault: Vault, version: LetterPassword) -> Secret:
    number = birth_numbers.load(vault, version.client_id)
    if number is None:
        raise NoLongerKept
    password = birth_numbers.default_password(number)
    # A birth number that was corrected since gives another default than the one that opens these letters.
    if not verifiers.is_default(vault, version.verifier, password):
        raise NoLongerKept
    return password


def _context(version: LetterPassword) -> Context:
    return Context(Purpose.LETTER_PASSWORD, version.client_id, version.number)
