"""The client sets a letter password of their own (rules 2 and 3 of DESIGN.md)."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from zone.accounts import throttle
from zone.accounts.accounts import matches_sign_in
from zone.audit import Actor, Role, Tag, record
from zone.clients import birth_numbers, phones
from zone.clients.models import Client, Policy
from zone.clock import now
from zone.letter_passwords import acceptance, passphrase, verifiers
from zone.letter_passwords.acceptance import NotAccepted, OwnData, Problem
from zone.letter_passwords.letter_key import derive
from zone.letter_passwords.models import LetterPassword, Origin
from zone.letter_passwords.versions import NewVersion, Superseded, current, replace
from zone.secret import Secret
from zone.storage import transaction
from zone.vault import Busy, Vault

# The same password again within this time is a double click, not a wish to keep the old one.
DOUBLE_CLICK = timedelta(minutes=1)


def set_own(vault: Vault, actor: Actor, client_id: int, password: Secret) -> LetterPassword:
    """Put `password` in force. Only the client may: anyone else is a programming error (`PermissionError`).

    Raises `NotAccepted` with the problem to mend, `TooManyAttempts` and `vault.Busy`.
    """
    if actor.role is not Role.CLIENT:
        raise PermissionError("nobody but the client sets a letter password")
    acceptance.check(password, own_data(vault, client_id))
    # From here on a refusal tells whether a guess was right, and each attempt costs some hashing.
    attempt = {throttle.key(vault, "set own", client_id): throttle.TRY_WAITS}
    throttle.begin(attempt)
    try:
        version = _put_in_force(vault, actor, client_id, password)
    except Busy:
        throttle.take_back(attempt)
        raise
    throttle.take_back(attempt)
    return version


def _put_in_force(vault: Vault, actor: Actor, client_id: int, password: Secret) -> LetterPassword:
    if matches_sign_in(vault, client_id, password):
        raise NotAccepted(Problem.SAME_AS_SIGN_IN)
    new = NewVersion(
        Origin.OWN, verifiers.slow(vault, password), secret=password, letter_key=derive(password)
    )
    while True:
        old = current(client_id)
        if verifiers.matches(vault, old, password):
            if old.origin == Origin.OWN and old.set_at > now() - DOUBLE_CLICK:
                return old
            raise NotAccepted(Problem.SAME_AS_CURRENT)
        with suppress(Superseded), transaction():
            version = replace(vault, actor, client_id, new, expected=old)
            record(Tag.PASSWORD_SET, actor, client_id=client_id, version=version.number)
            return version


def suggest(vault: Vault, client_id: int, language: str) -> Secret:
    """A generated password in `language` that the client may set as it is."""
    return passphrase.generate(language, own_data(vault, client_id))


def own_data(vault: Vault, client_id: int) -> OwnData:
    """What others may know of the client, and a password must therefore not contain."""
    client = Client.get_by_id(client_id)
    phone = phones.current(client_id)
    birth_number = birth_numbers.load(vault, client_id)
    policies = [policy.number for policy in Policy.select(Policy.number).where(Policy.client == client_id)]
    digits = [Secret(text) for text in (client.reference, *policies, phone.number if phone else "")]
    if birth_number is not None:
        digits.append(birth_number.digits)
    return OwnData(
        names=(client.name,),
        emails=(client.email,),
        digits=tuple(digits),
        birth_date=birth_number.born if birth_number else None,
    )
