"""What a password that is being typed would be worth, said before it is set."""

from __future__ import annotations

from dataclasses import dataclass

from zone.language import Language
from zone.letter_passwords import acceptance, sms, strength
from zone.letter_passwords.acceptance import NotAccepted
from zone.letter_passwords.set_own import own_data
from zone.letter_passwords.strength import Strength
from zone.messages.sms.text import SmsParts
from zone.secret import Secret
from zone.vault import Vault


@dataclass(frozen=True)
class Assessment:
    """How long guessing takes, why it would not be accepted (if so), and how its SMS would go out."""

    strength: Strength
    said: str
    refusal: str | None
    sms: SmsParts


def assess(vault: Vault, client_id: int, typed: Secret, words: Language) -> Assessment | None:
    """The assessment of `typed`; none of nothing."""
    if not typed:
        return None
    own = own_data(vault, client_id)
    try:
        acceptance.check(typed, own)
        refusal = None
    except NotAccepted as error:
        refusal = error.in_words(words)
    worth = strength.estimate(typed, own_words=own.names)
    return Assessment(worth, _say(worth, words), refusal, sms.preview(typed, words))


def _say(worth: Strength, words: Language) -> str:
    said = words.gettext(
        "%(level)s: whoever has the letter guesses it on one graphics card in about %(time)s."
    )
    return said % {
        "level": strength.level_in_words(worth.level, words),
        "time": strength.in_words(worth, words),
    }
