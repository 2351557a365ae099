"""Clients as the insurer's own system tells of them, put in force."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from zone.audit import Actor, Tag, record
from zone.clients import birth_numbers, phone_notices, phones, policies
from zone.clients.birth_numbers import BirthNumber
from zone.clients.models import AT_ONCE, Client, ClientKind, Phone, hold_all
from zone.clients.phones import How
from zone.clients.search_index import gathered, reindex
from zone.language import DEFAULT, N_, Refusal
from zone.storage import locked
from zone.vault import Vault


class UnknownClient(Refusal):
    """No client has this reference."""

    message = N_("There is no client with this reference. Check it, or bring the client in first.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientDetails:
    """All there is to say of one client, and at most one of their policies. None means that there is none.

    `phone` is E.164, `phone_confirmed` when the client was last known to hold it. Without `language` the
    present one stays.
    """

    reference: str
    kind: ClientKind
    name: str
    email: str
    phone: str | None = None
    phone_confirmed: datetime | None = None
    birth_number: BirthNumber | None = None
    language: str | None = None
    policy_number: str | None = None
    product: str | None = None


@dataclass(frozen=True)
class Upserted:
    """What became of a client: whether new, and the names of the details that are different now."""

    client: Client
    created: bool
    changed: frozenset[str]


def upsert(
    vault: Vault, actor: Actor, details: ClientDetails, *, at: datetime, tell: bool = False
) -> Upserted:
    """Make or change the client with this reference, in the caller's transaction.

    With `tell` a client whose number was confirmed hears of another one, on the old number and by e-mail. Raises
    `PolicyOfAnother`.
    """
    client = _create(actor, details, at)
    created = client is not None
    if client is None:
        client = locked(Client.select().where(Client.reference == details.reference)).get()
    with gathered():
        changed = frozenset() if created else _change_columns(client, details)
        changed |= _change_belongings(vault, actor, client, details, created=created, at=at, tell=tell)
        if created or changed & {"name", "email"}:
            reindex(client.id)
    if changed and not created:
        record(Tag.CLIENT_CHANGED, actor, client_id=client.id, fields=", ".join(sorted(changed)))
    return Upserted(client, created, changed)


def hold_known(references: Iterable[str]) -> None:
    """Take the turns of those of them who are there already, in the caller's transaction.

    For who changes many in an order of their own: two such would wait for each other.
    """
    names = sorted(set(references))
    chunks = [names[start : start + AT_ONCE] for start in range(0, len(names), AT_ONCE)]
    query = Client.select(Client.id)
    hold_all(client.id for chunk in chunks for client in query.where(Client.reference.in_(chunk)))


def find(reference: str) -> Client:
    """The client with this reference. Raises `UnknownClient`."""
    client: Client | None = Client.get_or_none(Client.reference == reference)
    if client is None:
        raise UnknownClient
    return client


def by_id(client_id: int) -> Client:
    """The client of this row. Raises `UnknownClient`."""
    client: Client | None = Client.get_or_none(Client.id == client_id)
    if client is None:
        raise UnknownClient
    return client


def by_ids(client_ids: Iterable[int]) -> dict[int, Client]:
    """Those of these clients who are still there, by their row's number."""
    return {client.id: client for client in Client.select().where(Client.id.in_(set(client_ids)))}


def _create(actor: Actor, details: ClientDetails, at: datetime) -> Client | None:
    """The client, made now; none where there is one already, also one that another has just made."""
    made: list[Client] = list(
        Client.insert(
            reference=details.reference,
            kind=details.kind,
            name=details.name,
            email=details.email,
            language=details.language or DEFAULT,
            created_at=at,
        )
        .on_conflict_ignore()
        .returning(Client)
        .execute()
    )
    if not made:
        return None
    record(Tag.CLIENT_CREATED, actor, client_id=made[0].id, kind=details.kind)
    return made[0]


def _change_columns(client: Client, details: ClientDetails) -> frozenset[str]:
    new = {"kind": details.kind, "name": details.name, "email": details.email}
    if details.language is not None:
        new["language"] = details.language
    different = {name: value for name, value in new.items() if getattr(client, name) != value}
    if different:
        Client.update(different).where(Client.id == client.id).execute()
        for name, value in different.items():
            setattr(client, name, value)
    return frozenset(different)


def _change_belongings(
    vault: Vault,
    actor: Actor,
    client: Client,
    details: ClientDetails,
    *,
    created: bool,
    at: datetime,
    tell: bool,
) -> frozenset[str]:
    phone = None if created else phones.current(client.id)
    birth_number = None if created else birth_numbers.load(vault, client.id)
    changed = {
        "phone": _change_phone(actor, client.id, phone, details, at, tell=tell),
        "birth_number": _change_birth_number(vault, client.id, birth_number, details.birth_number),
        "policy_number": details.policy_number is not None
        and policies.upsert(client.id, details.policy_number, details.product or "", at=at),
    }
    return frozenset(name for name, different in changed.items() if different)


def _change_phone(
    actor: Actor, client_id: int, old: Phone | None, details: ClientDetails, at: datetime, *, tell: bool
) -> bool:
    number, confirmed = details.phone, details.phone_confirmed
    if number is None:
        if old is not None:
            phones.remove(actor, old, at=at)
        return old is not None
    if old is None or old.number != number:
        new = phones.replace(actor, client_id, old, number, at=at, confirmed_at=confirmed)
        # A number that was never confirmed may not be the client's: a stranger would hear of them.
        if tell and old is not None and old.confirmed_at is not None:
            phone_notices.tell(actor, old, new)
        return True
    if confirmed and (old.confirmed_at is None or confirmed > old.confirmed_at):
        phones.mark_confirmed(actor, old, at=confirmed, how=How.RECORD)
    return False


def _change_birth_number(
    vault: Vault, client_id: int, old: BirthNumber | None, new: BirthNumber | None
) -> bool:
    if new == old:
        return False
    if old is not None:
        birth_numbers.forget(vault, client_id)
    if new is not None:
        birth_numbers.store(vault, client_id, new)
    return True
