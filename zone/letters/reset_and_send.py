"""Reset and sending again are one act: old letters stay under the old password, so the client gets them anew."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from zone.audit import Actor
from zone.config import Limits
from zone.letter_passwords.comparison import same_as_default
from zone.letter_passwords.models import LetterPassword
from zone.letter_passwords.reset import reset
from zone.letters import archive
from zone.letters.models import Copy, Letter
from zone.letters.send_again import send_again
from zone.vault import Vault


def letters_to_send_again(vault: Vault, client_id: int) -> list[tuple[Letter, Copy]]:
    """Letters that the default will not open, with their last copies; unread ones first."""
    return archive.under_another_password(client_id, same_as_default(vault, client_id))


def _nothing(_: Sequence[Copy]) -> None: ...


def reset_and_send(
    vault: Vault,
    actor: Actor,
    client_id: int,
    references: Collection[str],
    *,
    limits: Limits,
    also: Callable[[Sequence[Copy]], object] = _nothing,
) -> tuple[LetterPassword, list[Copy]]:
    """Reset the client's letter password and send these letters again, both or neither (rule 6 of DESIGN.md).

    The letters are encrypted when they go, and so under the new password. `references` may be empty. What is `also` to
    be done with the copies is done in the same transaction; it may be begun more than once.
    Raises what `reset` and `send_again` raise.
    """
    copies: list[Copy] = []

    def send() -> None:
        copies[:] = send_again(vault, actor, client_id, references, limits=limits) if references else []
        also(copies)

    version = reset(vault, actor, client_id, limits=limits, also=send)
    return version, copies
