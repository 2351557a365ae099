"""Letters are kept for the time of their kind. Then the key is destroyed, and with it the document."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from itertools import islice

from peewee import DoesNotExist, ModelSelect

from zone.audit import SYSTEM, Tag, record
from zone.clients.models import hold
from zone.letters.intake import source_context
from zone.letters.models import Copy, Letter, State
from zone.letters.store import FileGone, LetterStore
from zone.messages import outbox
from zone.messages.models import Message
from zone.storage import transaction
from zone.vault import Vault

# Of one client in one transaction.
AT_ONCE = 100
# A file is written before its letter; a day is far longer than that can take, or clocks can differ.
GRACE = timedelta(days=1)
LOOKED_UP = 500


class StrangeStore(Exception):
    """The store lacks the newest letter: it is another installation's, or files were lost. Nothing was deleted."""


def purge(store: LetterStore, vault: Vault, *, at: datetime, most: int) -> int:
    """End the letters that were to be kept until `at`, client by client, at most `most`. Returns how many.

    All keys go before the first file, so a store that is away keeps nothing readable: its `StoreAway` leaves files
    without a key to `sweep`.
    """
    ended: list[Letter] = []
    while len(ended) < most and (oldest := _due(at).first()) is not None:
        with suppress(DoesNotExist):  # erased meanwhile, and the letter too
            ended += _end(vault, oldest.client_id, at, min(AT_ONCE, most - len(ended)))
    for letter in ended:
        if letter.file is not None:
            store.delete(letter.file)
    return len(ended)


def sweep(store: LetterStore, *, at: datetime) -> int:
    """Delete files that no letter names: what acts that failed or were killed left. Returns how many.

    Only those that are older than a day, and than the newest letter: a database that was restored from a backup, or
    copied, does not know what came in since. While it has no letter nothing is swept.
    Raises `StrangeStore` and `StoreAway`.
    """
    newest = Letter.select().where(Letter.state == State.KEPT).order_by(Letter.id.desc()).first()
    if newest is None:
        return 0
    try:
        store.get(newest.file)
    except FileGone as error:
        raise StrangeStore(
            f"the letter store lacks letter {newest.reference}; nothing was deleted"
        ) from error
    swept = 0
    names = store.names(before=min(at - GRACE, newest.received_at))
    while some := list(islice(names, LOOKED_UP)):
        named = {letter.file for letter in Letter.select(Letter.file).where(Letter.file.in_(some))}
        for name in set(some) - named:
            store.delete(name)
            swept += 1
    return swept


def _due(at: datetime) -> ModelSelect[Letter]:
    return (
        Letter.select()
        .where(Letter.state != State.PURGED, Letter.keep_until <= at)
        .order_by(Letter.keep_until)
    )


def _end(vault: Vault, client_id: int, at: datetime, most: int) -> list[Letter]:
    """What is due of one client, as it was before."""
    with transaction():
        hold(client_id)
        letters = list(_due(at).where(Letter.client == client_id).limit(most))
        for letter in letters:
            vault.destroy(source_context(letter))
            _cancel(letter)
            # The sender's names stay, so that a repeat is still known for one.
            gone = {"state": State.PURGED, "subject": "", "file": None, "read_at": None}
            Letter.update(gone).where(Letter.id == letter.id).execute()
            record(Tag.LETTER_PURGED, SYSTEM, client_id=client_id, letter=letter.reference)
    return letters


def _cancel(letter: Letter) -> None:
    """Nothing more of it goes out, but for what is being handed over."""
    mine = Copy.letter == letter
    outbox.withdraw(Message.id.in_(Copy.select(Copy.message).where(mine)))
    Copy.delete().where(mine, Copy.message.is_null()).execute()
