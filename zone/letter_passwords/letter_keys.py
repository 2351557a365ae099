"""The letter keys in the vault: whoever encrypts letters opens these, and never a password."""

from __future__ import annotations

from zone.audit import Actor
from zone.clients.models import hold
from zone.letter_passwords.letter_key import LetterKey, derive
from zone.letter_passwords.models import LetterPassword
from zone.letter_passwords.versions import is_kept, key_context, open_password
from zone.storage import transaction
from zone.vault import NotInVault, Vault


def open_key(vault: Vault, actor: Actor, version: LetterPassword) -> LetterKey:
    """What letters are encrypted with under `version`. Made here where it is first needed, as of a default.

    Making one takes some ten milliseconds, so call it outside a transaction. Raises `NoLongerKept`.
    """
    context = key_context(version)
    try:
        return LetterKey.from_bytes(vault.get(context))
    except NotInVault:
        with transaction():
            password = open_password(vault, actor, version, use="letter key")
    key = derive(password)
    with transaction():
        hold(version.client_id)
        if vault.has(context):  # somebody else was faster, and letters may be under that one
            return LetterKey.from_bytes(vault.get(context))
        vault.put(context, key.to_bytes())
    return key


def can_open(vault: Vault, version: LetterPassword) -> bool:
    """Whether `open_key` can give a key."""
    return vault.has(key_context(version)) or is_kept(vault, version)
