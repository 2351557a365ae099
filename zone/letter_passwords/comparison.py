"""Versions compared: whose password is the same as that in force, and which other one can still be had."""

from __future__ import annotations

from zone.clients import birth_numbers
from zone.letter_passwords import verifiers
from zone.letter_passwords.models import LetterPassword, Origin
from zone.vault import Purpose, Vault


def same_as(vault: Vault, version: LetterPassword) -> set[int]:
    """The versions (by id) whose password is that of `version`, which is in force.

    After own ones a client may be back on the default that opened the first letters.
    """
    if version.origin != Origin.DEFAULT or version.number == 1:
        return {version.id}
    return {version.id} | same_as_default(vault, version.client_id)


def same_as_default(vault: Vault, client_id: int) -> set[int]:
    """The versions (by id) whose password is the default of today's birth number."""
    number = birth_numbers.load(vault, client_id)
    if number is None:
        return set()
    password = birth_numbers.default_password(number)
    defaults = LetterPassword.select().where(
        LetterPassword.client == client_id, LetterPassword.origin == Origin.DEFAULT
    )
    return {each.id for each in defaults if verifiers.is_default(vault, each.verifier, password)}


def to_be_had(vault: Vault, version: LetterPassword) -> set[int]:
    """The versions (by id) whose password is kept and is not that of `version`, which is in force."""
    numbers = vault.versions(Purpose.LETTER_PASSWORD, version.client_id)
    mine = LetterPassword.select(LetterPassword.id).where(
        LetterPassword.client == version.client_id, LetterPassword.number.in_(numbers)
    )
    kept = {each.id for each in mine} | same_as_default(vault, version.client_id)
    return kept - same_as(vault, version)
