"""What became of letters, as the insurer's systems ask: each with its copies, in the order in which they came in."""

from __future__ import annotations

from dataclasses import dataclass

from peewee import JOIN, ModelSelect

from zone.clients.models import Client, Policy
from zone.language import N_, Refusal
from zone.letter_passwords.models import LetterPassword
from zone.letters.models import Copy, Letter, State
from zone.messages.models import Message
from zone.storage import settled

WAITING = "waiting"


class UnknownLetter(Refusal):
    """No letter has this reference."""

    message = N_("There is no letter with this reference.")


@dataclass(frozen=True)
class Standing:
    """A letter with its client and policy, and its copies with message and password, newest first."""

    letter: Letter
    copies: list[Copy]

    @property
    def status(self) -> str:
        """One word for it: the letter's state, or while it is kept the status of the newest copy."""
        if self.letter.state == State.KEPT and self.copies:
            return copy_status(self.copies[0])
        return str(self.letter.state)


@dataclass(frozen=True)
class Page:
    """Some letters, oldest first. `after` is where the next page begins; none when this is the last."""

    standings: list[Standing]
    after: int | None


def copy_status(copy: Copy) -> str:
    """`waiting`, or where its message is."""
    return str(copy.message.status) if copy.message else WAITING


def one(reference: str) -> Standing:
    """The letter called `reference`. Raises `UnknownLetter`."""
    found = _standings(_letters().where(Letter.reference == reference))
    if not found:
        raise UnknownLetter
    return found[0]


def page(*, after: int = 0, limit: int, external_id: str | None = None) -> Page:
    """At most `limit` letters that came in after the one with the id `after`, in few queries.

    None that commits later comes in before one of them. Raises `OperationalError` while that cannot be told.
    """
    query = _letters().where(Letter.id > after)
    if external_id is not None:
        query = query.where(Letter.external_id == external_id)
    elif (newest := settled(Letter)) is not None:
        query = query.where(Letter.id <= newest)
    standings = _standings(query.order_by(Letter.id).limit(limit + 1))
    return Page(standings[:limit], standings[limit - 1].letter.id if len(standings) > limit else None)


def _letters() -> ModelSelect[Letter]:
    return (
        Letter.select(Letter, Client, Policy)
        .join_from(Letter, Client)
        .join_from(Letter, Policy, JOIN.LEFT_OUTER)
    )


def _standings(letters: ModelSelect[Letter]) -> list[Standing]:
    found = {letter.id: Standing(letter, []) for letter in letters}
    copies = (
        Copy.select(Copy, Message, LetterPassword)
        .join_from(Copy, Message, JOIN.LEFT_OUTER)
        .join_from(Copy, LetterPassword, JOIN.LEFT_OUTER)
        .where(Copy.letter.in_(list(found)))
        .order_by(Copy.id.desc())
    )
    for copy in copies:
        found[copy.letter_id].copies.append(copy)
    return list(found.values())
