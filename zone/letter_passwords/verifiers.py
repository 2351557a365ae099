"""How a letter password is recognised without being read.

Own and generated passwords: Argon2id over an HMAC with the pepper. Defaults: a salted keyed hash. Ten thousand
endings fall to any hash in minutes once the pepper is known, and stand behind any keyed hash until then, so
Argon2 would buy nothing and make an import of a million clients take a day.
"""

from __future__ import annotations

import hmac
import secrets

from zone.letter_passwords.models import LetterPassword, Origin
from zone.secret import Secret
from zone.vault import Vault

PURPOSE = "letter_password"
DEFAULT_PURPOSE = "letter_password_default"
SCHEME = "mac$"
# Argon2id takes any length; nobody remembers a longer one, and a form must not feed it megabytes.
LONGEST = 128


def slow(vault: Vault, password: Secret) -> str:
    """The verifier of an own or generated password. Takes tens of milliseconds; raises `vault.Busy`."""
    return vault.hash(PURPOSE, password)


def quick(vault: Vault, password: Secret) -> str:
    """The verifier of a default password."""
    return _mac(vault, password, secrets.token_hex(16))


def matches(vault: Vault, version: LetterPassword, candidate: Secret) -> bool:
    """Whether `candidate` is the password of `version`. Never opens the vault; raises `vault.Busy`."""
    if len(candidate.reveal()) > LONGEST:
        return False
    if version.origin != Origin.DEFAULT:
        return vault.verify(PURPOSE, candidate, version.verifier)
    return is_default(vault, version.verifier, candidate)


def is_default(vault: Vault, verifier: str, candidate: Secret) -> bool:
    """Whether the default whose verifier this is equals `candidate`."""
    salt = verifier.removeprefix(SCHEME).partition("$")[0]
    return hmac.compare_digest(verifier, _mac(vault, candidate, salt))


def _mac(vault: Vault, password: Secret, salt: str) -> str:
    return f"{SCHEME}{salt}${vault.mac(DEFAULT_PURPOSE, f'{salt}:{password.reveal()}'.encode()).hex()}"
