"""An act that was refused, in words that a person can act on."""

from __future__ import annotations

from datetime import datetime

from zone.language.language import Language


class Refusal(Exception):
    """Base of what capabilities raise when a person may not or cannot do something.

    `message` is an English text of the catalogue, with `%(name)s` for each of `facts`. Neither holds a secret.
    `for_others` is the same for who acts for a client, where the message speaks to the client of what is theirs.
    """

    message: str = ""
    for_others: str = ""

    def __init__(self, message: str | None = None, **facts: str | int | datetime) -> None:
        if message is not None:
            self.message, self.for_others = message, ""
        self.facts = facts
        super().__init__(self.message)

    def in_words(self, words: Language, *, for_others: bool = False) -> str:
        """The message in the reader's language, moments as people say them; `for_others` to who acts for the client."""
        facts = {
            name: words.minute(fact) if isinstance(fact, datetime) else fact
            for name, fact in self.facts.items()
        }
        message = self.for_others if for_others and self.for_others else self.message
        return words.gettext(message) % facts


class Away(Refusal):
    """Something that is needed does not do its work at this moment. The same may be tried again later; nothing is lost.

    `detail` is for the operator: a code or the kind of error, without personal data.
    """

    def __init__(self, detail: str) -> None:
        super().__init__()
        self.detail = detail
