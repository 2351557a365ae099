"""One letter of many, from a file: brought in, and what became of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from zone.audit import OPERATOR
from zone.language import Away, Language, Refusal
from zone.letters import details as letter_details
from zone.letters.details import BadDetails
from zone.letters.encryption import CannotEncrypt, Problem
from zone.letters.from_files.source_file import BadFile
from zone.letters.intake import Intake, Rejected, receive, rehearse
from zone.letters.models import Copy
from zone.storage import DATABASE_LOST

# Not the letter's fault, whose own file is read apart: it may be brought again when the database, the store and the
# machine are well.
NOT_NOW = (Away, *DATABASE_LOST, OSError)


class Fate(StrEnum):
    """What became of a letter that was brought. The first three are in."""

    TAKEN = "taken"
    WAITS = "waits"
    REPEATED = "in already"
    REJECTED = "rejected"
    FAILED = "failed"


NOT_IN = (Fate.REJECTED, Fate.FAILED)


@dataclass(frozen=True)
class Brought:
    """A letter's fate, and why, for an operator: what is wrong, or what it waits for."""

    fate: Fate
    why: str = ""
    reference: str | None = None


@dataclass(frozen=True)
class Arrival:
    """A letter to be brought: its file, what is said of it, and on which line; or the `problem` with that line."""

    file: str
    values: Mapping[str, str]
    line: int | None = None
    problem: str = ""


Read = Callable[[], bytes]


def bring(intake: Intake, values: Mapping[str, str], read: Read, words: Language) -> Brought:
    """Take in the letter that `read` gives, unless it is in already; known by `external_id` or by content.

    Raises `NOT_NOW`; whatever else is wrong is told.
    """

    def act() -> Brought:
        details = letter_details.read(values)
        received = receive(intake, OPERATOR, details, read(), known_by_content=True)
        reference = received.letter.reference
        if received.repeated:
            return Brought(Fate.REPEATED, reference=reference)
        waits_for = Copy.select(Copy.waits_for).where(Copy.letter == received.letter).scalar()
        return Brought(Fate.WAITS if waits_for else Fate.TAKEN, waits_for or "", reference)

    return _told(act, words)


def try_out(intake: Intake, values: Mapping[str, str], read: Read, words: Language) -> Brought:
    """What `bring` would come to, as far as that can be told without changing anything. Raises `NOT_NOW`."""

    def act() -> Brought:
        details = letter_details.read(values)
        repeated = rehearse(intake, details, read(), known_by_content=True)
        return Brought(Fate.REPEATED if repeated else Fate.TAKEN)

    return _told(act, words)


def in_words(error: Exception, words: Language) -> str:
    """One of `NOT_NOW`, for an operator."""
    if isinstance(error, Away):
        return f"{error.in_words(words)} ({error.detail})"
    if isinstance(error, OSError):
        return f"{error.strerror or type(error).__name__}."
    return f"The database does not do its work: {error}."


def _told(act: Callable[[], Brought], words: Language) -> Brought:
    """What `act` comes to, in words where it fails."""
    try:
        return act()
    except BadDetails as error:
        return Brought(Fate.FAILED, "; ".join(_problems(error, words)))
    except BadFile as error:
        return Brought(Fate.FAILED, f"file: {error}")
    except Rejected as error:
        return Brought(Fate.REJECTED, _why(error.problem, error.detail, words), error.letter.reference)
    except CannotEncrypt as error:
        return Brought(Fate.REJECTED, _why(error.problem, error.detail, words))
    except Away:
        raise
    except Refusal as refusal:
        return Brought(Fate.FAILED, refusal.in_words(words))


def _problems(error: BadDetails, words: Language) -> Iterator[str]:
    for field, problem in error.problems.items():
        yield f"{field}: {words.gettext(problem)}"


def _why(problem: Problem, detail: str, words: Language) -> str:
    return words.gettext(problem.value) + (f" ({detail})" if detail else "")
