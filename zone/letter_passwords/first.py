"""The password of a client who has set none: the default, or without a birth number a generated one."""

from __future__ import annotations

from zone.audit import Actor, Tag, record
from zone.clients.birth_numbers import BirthNumber, default_digits, default_password
from zone.letter_passwords import passphrase, verifiers
from zone.letter_passwords.acceptance import OwnData
from zone.letter_passwords.letter_key import derive
from zone.letter_passwords.models import LetterPassword, Origin
from zone.letter_passwords.passphrase import NOTHING_KNOWN
from zone.letter_passwords.versions import NewVersion, find_current, replace
from zone.vault import Vault

TAGS = {Origin.DEFAULT: Tag.PASSWORD_DEFAULT, Origin.GENERATED: Tag.PASSWORD_GENERATED}


def prepare(
    vault: Vault, *, birth_number: BirthNumber | None, language: str, own: OwnData = NOTHING_KNOWN
) -> NewVersion:
    """The version to fall back to. Hashes when there is no birth number, so call it outside a transaction.

    A generated password holds nothing of the client's `own` data.
    """
    if birth_number is None:
        generated = passphrase.generate(language, own)
        return NewVersion(
            Origin.GENERATED,
            verifiers.slow(vault, generated),
            secret=generated,
            letter_key=derive(generated),
        )
    return NewVersion(
        Origin.DEFAULT,
        verifiers.quick(vault, default_password(birth_number)),
        digits=default_digits(birth_number),
    )


def ensure_current(
    vault: Vault, actor: Actor, client_id: int, fallback: NewVersion, birth_number: BirthNumber | None
) -> LetterPassword:
    """Put `fallback` in force for a new client, or for one whose default no longer fits the birth number.

    In the caller's transaction. An own password stays, and so does a generated one that the client has.
    """
    old = find_current(client_id)
    if old is not None and (old.origin != Origin.DEFAULT or _fits(vault, old, birth_number)):
        return old
    version = replace(vault, actor, client_id, fallback, expected=old)
    record(TAGS[fallback.origin], actor, client_id=client_id, version=version.number)
    return version


def _fits(vault: Vault, version: LetterPassword, birth_number: BirthNumber | None) -> bool:
    return birth_number is not None and verifiers.is_default(
        vault, version.verifier, default_password(birth_number)
    )
