"""Why a letter cannot be encrypted, or not just now."""

from __future__ import annotations

from enum import Enum

from zone.language import N_, Away, Refusal


class Problem(Enum):
    """A reason, with a message that the sender of the letter can act on.

    The child process names a reason by its member's name (`child.py`), so the names are a protocol.
    """

    NOT_A_PDF = N_("This is not a PDF file. Export the letter as PDF.")
    ALREADY_ENCRYPTED = N_("The PDF is already encrypted. Export it without a password and restrictions.")
    SIGNED = N_("The PDF carries an electronic signature, which encryption would break. Send it unsigned.")
    ACTIVE_CONTENT = N_(
        "The PDF holds scripts or actions that reach beyond the letter. Export it without them."
    )
    DAMAGED = N_("The PDF is damaged or incomplete. Export the letter again.")
    NO_PAGES = N_("The PDF has no pages.")
    TOO_MANY_PAGES = N_("The PDF has too many pages for a letter. Split it.")
    TOO_LARGE = N_("The PDF is too large for a letter. Reduce its images or split it.")
    TOOK_TOO_LONG = N_("Encrypting the PDF takes too long. Export it in a simpler form.")
    TOO_MUCH_MEMORY = N_("Encrypting the PDF takes too much memory. Export it in a simpler form.")
    FAILED = N_("The PDF cannot be encrypted. Export it in a simpler form.")


class CannotEncrypt(Refusal):
    """The letter must not be sent. `detail` is for the operator; it quotes neither letter nor password."""

    def __init__(self, problem: Problem, detail: str = "") -> None:
        super().__init__(problem.value)
        self.problem = problem
        self.detail = detail


class EncryptorAway(Away):
    """Letters cannot be encrypted at this moment, through no fault of theirs. `detail` is what became of the child."""

    message = N_("Letters cannot be encrypted just now. Please try again in a few minutes.")
