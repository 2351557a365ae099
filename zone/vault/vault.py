"""Secrets that must be read again (the vault) and passwords that must not (their hashes)."""

from __future__ import annotations

import hmac
import threading
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from argon2 import PasswordHasher, Type
from argon2.exceptions import VerifyMismatchError

from zone.clock import now
from zone.config import Argon2Cost
from zone.secret import Secret
from zone.storage import current_database
from zone.vault.envelope import Context, Envelope, Purpose, seal, unseal
from zone.vault.keyring import Keyring, KeysUnusable, WrappedKey
from zone.vault.models import VaultEntry

ENTRIES = """SELECT client_id, version, key_id, wrapped_key, ciphertext FROM vault_entry
    WHERE purpose = {mark} AND client_id IN ({clients}) AND version IN ({versions})"""


class NotInVault(Exception):
    """There is no such entry; it was never made, or it was destroyed."""


class Busy(Exception):
    """Too many passwords are being checked at this moment; the caller may come back in a few seconds."""


class Vault:
    """The keyring at work: `put`, `get` and `destroy` entries; `hash`, `verify` and `mac` passwords.

    `put` and `destroy` belong in a transaction; `hash` and `verify` never do: they take tens of milliseconds.
    """

    def __init__(self, keyring: Keyring, cost: Argon2Cost) -> None:
        self._keyring = keyring
        self._argon2 = PasswordHasher(
            time_cost=cost.rounds, memory_cost=cost.memory_kib, parallelism=cost.lanes, type=Type.ID
        )
        self._room = threading.BoundedSemaphore(cost.at_once)
        self._queue = threading.BoundedSemaphore(cost.at_once + cost.waiting)
        # Checked in place of an account that does not exist, so that both take the same time.
        self._nobody = self._argon2.hash("nobody")

    def put(self, context: Context, plaintext: bytes) -> None:
        """Seal `plaintext` under `context`; a second one for the same context is an integrity error."""
        VaultEntry.insert(self._entry(context, plaintext)).execute()

    def put_first(self, context: Context, plaintext: bytes) -> bytes:
        """Seal `plaintext` under `context` unless there is an entry; returns the plaintext that is there now."""
        VaultEntry.insert(self._entry(context, plaintext)).on_conflict_ignore().execute()
        return self.get(context)

    def get(self, context: Context) -> bytes:
        """The plaintext; raises `NotInVault`, or `CannotOpen` when it was tampered with."""
        found = self.get_versions(context.purpose, context.client_id, [context.version])
        if not found:
            raise NotInVault(f"{context.purpose} {context.version} of client {context.client_id}")
        return found[context.version]

    def get_of_clients(self, purpose: Purpose, client_ids: Collection[int], version: int) -> dict[int, bytes]:
        """The plaintexts by client, of those who have such an entry; raises `CannotOpen`."""
        found = self._opened(purpose, client_ids, [version])
        return {context.client_id: text for context, text in found}

    def get_versions(self, purpose: Purpose, client_id: int, versions: Collection[int]) -> dict[int, bytes]:
        """The plaintexts of those of the client's entries that are there, by version; raises `CannotOpen`."""
        found = self._opened(purpose, [client_id], versions)
        return {context.version: text for context, text in found}

    def has(self, context: Context) -> bool:
        """Whether there is such an entry; it is not opened."""
        return bool(VaultEntry.select().where(*_where(context)).exists())

    def versions(self, purpose: Purpose, client_id: int) -> list[int]:
        """Of which versions the client has entries for that purpose; none is opened."""
        entries = VaultEntry.select(VaultEntry.version)
        mine = entries.where(VaultEntry.purpose == purpose, VaultEntry.client_id == client_id)
        return [entry.version for entry in mine]

    def destroy(self, context: Context) -> None:
        """Remove the entry and with it the only key to its secret."""
        VaultEntry.delete().where(*_where(context)).execute()

    def destroy_all(self, client_id: int) -> int:
        """Remove all that is kept of this client. Returns how many entries there were."""
        return int(VaultEntry.delete().where(VaultEntry.client_id == client_id).execute())

    def refuse_foreign(self) -> None:
        """Raises `KeysUnusable` when the current database holds secrets that this keyring cannot open."""
        used = [entry.key_id for entry in VaultEntry.select(VaultEntry.key_id).distinct()]
        if not all(self._keyring.has(key_id) for key_id in used):
            raise KeysUnusable(
                "the keyring of ZONE_KEYS_URL is not the one that this database was sealed under; "
                "restore it from its backup"
            )

    def hash(self, purpose: str, password: Secret) -> str:
        """Argon2id (RFC 9106) over an HMAC with the pepper. Raises `Busy`."""
        with self._turn():
            return self._argon2.hash(self._peppered(purpose, password))

    def verify(self, purpose: str, password: Secret, hashed: str | None) -> bool:
        """Whether `hashed` is of `password`; None is never right, and takes as long. Raises `Busy`."""
        with self._turn():
            try:
                self._argon2.verify(hashed or self._nobody, self._peppered(purpose, password))
            except VerifyMismatchError:
                return False
        return hashed is not None

    def outdated(self, hashed: str) -> bool:
        """Whether `hashed` was made with other parameters than today's."""
        return self._argon2.check_needs_rehash(hashed)

    def mac(self, purpose: str, data: bytes) -> bytes:
        """A keyed hash: fast, and worth nothing to who lacks the pepper."""
        return self._keyring.mac(purpose, data)

    def sign(self, data: bytes) -> bytes:
        """Ed25519 over `data`, by the installation's signing key; 64 bytes. Raises `NoSigningKey`."""
        return self._keyring.sign(data)

    def signing_key_id(self) -> str:
        """The name of the key that `sign` uses. Raises `NoSigningKey`."""
        return self._keyring.signing_key_id()

    def public_keys(self) -> Mapping[str, bytes]:
        """The public half of every signing key by its name, 32 bytes each, the one in use last."""
        return self._keyring.public_keys()

    def _entry(self, context: Context, plaintext: bytes) -> dict[str, object]:
        envelope = seal(self._keyring, context, plaintext)
        return {
            "purpose": context.purpose,
            "client_id": context.client_id,
            "version": context.version,
            "key_id": envelope.key.key_id,
            "wrapped_key": envelope.key.blob,
            "ciphertext": envelope.ciphertext,
            "created_at": now(),
        }

    def _opened(
        self, purpose: Purpose, client_ids: Collection[int], versions: Collection[int]
    ) -> Iterator[tuple[Context, bytes]]:
        """Written out, as each act asks for a key of the trail: building it would take several times as long."""
        if not client_ids or not versions:
            return
        database: Any = current_database()  # peewee's types lack execute_sql's cursor
        clients, numbers = (", ".join([database.param] * len(some)) for some in (client_ids, versions))
        statement = ENTRIES.format(mark=database.param, clients=clients, versions=numbers)
        rows = database.execute_sql(statement, [purpose.value, *client_ids, *versions]).fetchall()
        for client_id, version, key_id, wrapped_key, ciphertext in rows:
            context = Context(purpose, client_id, version)
            envelope = Envelope(WrappedKey(key_id, bytes(wrapped_key)), bytes(ciphertext))
            yield context, unseal(self._keyring, context, envelope)

    def _peppered(self, purpose: str, password: Secret) -> bytes:
        return hmac.digest(
            self._keyring.mac("password", purpose.encode()), password.reveal().encode(), "sha256"
        )

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Wait for a place: unbounded hashing eats memory, unbounded waiting every thread of the server."""
        if not self._queue.acquire(blocking=False):
            raise Busy("too many passwords are being checked")
        try:
            with self._room:
                yield
        finally:
            self._queue.release()


def _where(context: Context) -> tuple[object, ...]:
    return (
        VaultEntry.client_id == context.client_id,
        VaultEntry.purpose == context.purpose,
        VaultEntry.version == context.version,
    )
