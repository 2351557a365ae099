"""Letters that went out before are sent again, under the password that is now in force."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from zone.audit import PEOPLE, Actor, Tag, record
from zone.clients.acting import act_on
from zone.clock import now
from zone.config import Limits
from zone.language import N_, Refusal
from zone.letter_passwords.models import LetterPassword
from zone.letter_passwords.versions import current
from zone.letters import archive, dispatch
from zone.letters.models import Copy, Letter
from zone.messages.handover import Status
from zone.messages.states import HANDED_OVER
from zone.storage import transaction
from zone.vault import Vault

# The same letter again within this time is a double click.
DOUBLE_CLICK = timedelta(minutes=1)


class NothingChosen(Refusal):
    """No letter was chosen."""

    message = N_("Choose at least one letter.")


class TooManyLetters(Refusal):
    """More letters than may be sent in one act."""

    message = N_("That is too many letters at once. Choose at most %(most)s.")


class TooManyToday(Refusal):
    """More letters than may be sent again in one day."""

    message = N_("Very many letters were sent again today. Please send the rest tomorrow.")


def send_again(
    vault: Vault, actor: Actor, client_id: int, references: Collection[str], *, limits: Limits
) -> list[Copy]:
    """Have these letters sent to the client once more: a copy of each, all of them or none.

    A letter that is on its way already is not sent twice. Raises `NothingChosen`, `TooManyLetters`,
    `TooManyToday` and `NoSuchLetter`.
    """
    wanted = set(references)
    if not wanted:
        raise NothingChosen
    if len(wanted) > limits.letters_at_once:
        raise TooManyLetters(most=limits.letters_at_once)
    with transaction():
        act_on(actor, client_id)
        letters = archive.find(client_id, wanted)
        last = archive.last_copies(letters)
        version = current(client_id)
        new = [letter for letter in letters if not _under_way(last.get(letter.id), version)]
        _check_quota(client_id, len(new), limits)
        copies = {letter.id: dispatch.send(vault, actor, letter, limits=limits) for letter in new}
        for letter in new:
            record(Tag.LETTER_SENT_AGAIN, actor, client_id=client_id, letter=letter.reference)
        return [copies.get(letter.id) or last[letter.id] for letter in letters]


def _under_way(copy: Copy | None, version: LetterPassword) -> bool:
    """Whether this copy will go, or just went, under `version`.

    What waits, or is queued, is encrypted when it goes; unless a worker has it in hand and has done so.
    """
    if copy is None:
        return False
    if copy.message is None:
        return True
    if copy.message.status == Status.QUEUED:
        return copy.message.worker is None or copy.password_id in (None, version.id)
    sending = copy.message.status == Status.SENDING or (
        copy.message.status in HANDED_OVER and copy.asked_at > now() - DOUBLE_CLICK
    )
    return sending and copy.password_id == version.id


def _check_quota(client_id: int, more: int, limits: Limits) -> None:
    asked = Copy.asked_at > now() - timedelta(days=1), Copy.actor_role.in_(PEOPLE)
    sent = Copy.select().join(Letter).where(Letter.client == client_id, *asked).count()
    if sent + more > limits.letters_again_per_day:
        raise TooManyToday
