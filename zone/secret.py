"""A plaintext that must not leak."""

from __future__ import annotations

import hmac
from typing import NoReturn

REDACTED = "‹secret›"


class Secret:
    """Plaintext of a password, birth number, SMS or key.

    It prints as ``‹secret›``, compares in constant time, and refuses to be hashed, pickled, formatted into
    a string or put in JSON. `reveal` is the only way out, so that every use can be found by name.
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The plaintext. Hand it straight to what needs it; keep it in no structure that lives on."""
        return self._value

    def __repr__(self) -> str:
        return REDACTED

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        raise TypeError("a secret cannot be formatted into a string")

    # With it Python takes `__hash__` away: a secret is no dictionary key.
    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self._value.encode(), other._value.encode())

    def __bool__(self) -> bool:
        return bool(self._value)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret cannot be pickled")
