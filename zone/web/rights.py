"""What each of the client's routes is to a support agent who acts for them: one table of words for every lock."""

from __future__ import annotations

from enum import Enum

from zone.language import N_


class Impersonated(Enum):
    """What a route of the client's is under impersonation. All but the first two are locks, each with its reason."""

    LOOK = "look"
    ACT = "act"
    PASSWORD = "password"
    CONTACT = "contact"
    ACCESS = "access"
    LETTER = "letter"  # open where the installation says so


# Why each of them is locked, as the agent reads it and may read it to the client.
LOCKED = {
    Impersonated.PASSWORD: N_(
        "Only the client sets, sees or tries a letter password. You can have it sent to their phone, or reset it."
    ),
    Impersonated.CONTACT: N_(
        "Only the client confirms a phone number or changes how we reach them, signed in themselves."
    ),
    Impersonated.ACCESS: N_(
        "Only the client takes their access history home, signs out elsewhere or says what was not them."
    ),
    Impersonated.LETTER: N_(
        "What a letter says is for the client alone. You can have it sent to them again."
    ),
}
