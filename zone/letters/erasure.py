"""A client's right to be forgotten (Regulation (EU) 2016/679, article 17): keys first, and all else with them.

One transaction does it, so there is no half-erased client. Events stay, and their chain whole: they know the client by
a number that means nobody from then on, and what they said of the person is sealed under a key that is gone. Files of
letters are noise once their keys are gone; they are deleted afterwards, and what a crash leaves of them
`retention.sweep` takes.
"""

from __future__ import annotations

from dataclasses import dataclass

from zone.accounts.models import Impersonation
from zone.audit import Actor, Tag, record
from zone.audit.models import Event
from zone.clients.models import Client
from zone.language import N_, Refusal
from zone.letters.models import Letter
from zone.letters.store import LetterStore
from zone.messages.handover import Status
from zone.messages.models import Message
from zone.storage import locked, transaction
from zone.vault import Vault


class NobodyToErase(Refusal):
    """No client has this reference, and none had it who was erased."""

    message = N_("There is no client with this reference, and none was erased. Check it.")


@dataclass(frozen=True)
class Erased:
    """What was destroyed. `secrets` are passwords, keys, that of the trail too, and the birth number."""

    letters: int
    messages: int
    secrets: int


def erase(store: LetterStore, vault: Vault, actor: Actor, client_reference: str) -> Erased | None:
    """Forget this client for good; returns none where that was done before.

    A message that is being handed over at this moment ends as it ends, and holds nothing of the client any more.
    Raises `NobodyToErase`, and `StoreAway` when all is done but that files without a key are left to `retention.sweep`.
    """
    # Who erased whom can be shown afterwards, and nobody can read the reference from it.
    mark = vault.mac("erased client", client_reference.encode()).hex()
    with transaction():
        client = locked(Client.select().where(Client.reference == client_reference)).first()
        if client is None:
            _refuse_unknown(mark)
            return None
        files = [letter.file for letter in Letter.select(Letter.file).where(Letter.client == client)]
        secrets = vault.destroy_all(client.id)
        # Before the client, as copies keep hold of password versions. All else goes with the client.
        Letter.delete().where(Letter.client == client).execute()
        Client.delete().where(Client.id == client.id).execute()
        # Who acted for whom can always be told; the ticket may lead to a name.
        Impersonation.update(ticket="").where(Impersonation.client_id == client.id).execute()
        erased = Erased(len(files), _forget_messages(client.id), secrets)
        counts = {"letters": erased.letters, "messages": erased.messages, "secrets": erased.secrets}
        record(Tag.CLIENT_ERASED, actor, client_id=client.id, mark=mark, **counts)
    for file in files:
        if file is not None:
            store.delete(file)
    return erased


def _refuse_unknown(mark: str) -> None:
    if not Event.select().where(Event.tag == Tag.CLIENT_ERASED, Event.facts.contains(mark)).exists():
        raise NobodyToErase


def _forget_messages(client_id: int) -> int:
    """Delete them; one that a worker is handing over stays without any address until it has ended."""
    mine = Message.client_id == client_id
    deleted = Message.delete().where(mine, Message.status != Status.SENDING).execute()
    left = Message.update(to_masked="", address_id=None, detail=None).where(mine).execute()
    return int(deleted + left)
