"""Entries and hashes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from threading import Event

import pytest
from peewee import Database, IntegrityError

from zone.config import Argon2Cost
from zone.secret import Secret
from zone.storage import transaction
from zone.vault import Busy, CannotOpen, Context, KeysUnusable, NotInVault, Purpose, Vault
from zone.vault.keyring import FileKeyring, create_file
from zone.vault.models import VaultEntry

CONTEXT = Context(Purpose.LETTER_PASSWORD, 7, 3)
PASSWORD = Secret("Žltý kôň úpel")


def test_an_entry_is_kept_until_it_is_destroyed(database: Database, vault: Vault) -> None:
    vault.put(CONTEXT, b"secret")
    assert vault.get(CONTEXT) == b"secret"
    with pytest.raises(IntegrityError), transaction():
        vault.put(CONTEXT, b"another")
    vault.destroy(CONTEXT)
    with pytest.raises(NotInVault):
        vault.get(CONTEXT)
    assert VaultEntry.select().count() == 0


def test_all_of_one_client_is_destroyed_at_once_and_nobody_elses(database: Database, vault: Vault) -> None:
    others = replace(CONTEXT, client_id=8)
    for context in (CONTEXT, replace(CONTEXT, version=4), Context(Purpose.BIRTH_NUMBER, 7, 1), others):
        vault.put(context, b"secret")
    assert vault.destroy_all(7) == 3
    assert vault.destroy_all(7) == 0
    assert vault.get(others) == b"secret"


def test_some_are_read_at_once_and_no_others(database: Database, vault: Vault) -> None:
    for client_id in (7, 8, 9):
        for version in (1, 2, 3):
            vault.put(Context(Purpose.LETTER_PASSWORD, client_id, version), b"%d/%d" % (client_id, version))
    vault.put(Context(Purpose.BIRTH_NUMBER, 7, 1), b"other")
    assert vault.get_of_clients(Purpose.LETTER_PASSWORD, [7, 9, 10], 1) == {7: b"7/1", 9: b"9/1"}
    assert vault.get_versions(Purpose.LETTER_PASSWORD, 7, [1, 3, 4]) == {1: b"7/1", 3: b"7/3"}


def test_a_keyring_of_another_installation_is_refused(
    database: Database, vault: Vault, tmp_path: Path
) -> None:
    create_file(tmp_path / "other.json", made_for="demo")
    other = Vault(FileKeyring(tmp_path / "other.json"), Argon2Cost(memory_kib=8, rounds=1))
    other.refuse_foreign()
    with transaction():
        vault.put(Context(Purpose.BIRTH_NUMBER, 1, 1), b"secret")
    vault.refuse_foreign()
    with pytest.raises(KeysUnusable, match="backup"):
        other.refuse_foreign()


@pytest.mark.parametrize(
    "elsewhere",
    [
        replace(CONTEXT, client_id=8),
        replace(CONTEXT, version=4),
        replace(CONTEXT, purpose=Purpose.BIRTH_NUMBER),
    ],
)
def test_a_row_that_was_moved_does_not_open(database: Database, vault: Vault, elsewhere: Context) -> None:
    vault.put(CONTEXT, b"secret")
    VaultEntry.update(asdict(elsewhere)).execute()
    with pytest.raises(CannotOpen):
        vault.get(elsewhere)


@pytest.mark.parametrize("column", ["ciphertext", "wrapped_key"])
@pytest.mark.parametrize("content", [b"", b"x", b"x" * 100])
def test_a_row_that_was_altered_does_not_open(
    database: Database, vault: Vault, column: str, content: bytes
) -> None:
    vault.put(CONTEXT, b"secret")
    VaultEntry.update({column: content}).execute()
    with pytest.raises(CannotOpen):
        vault.get(CONTEXT)


def test_a_hash_is_of_one_password_one_purpose_and_one_pepper(vault: Vault, tmp_path: Path) -> None:
    hashed = vault.hash("letter_password", PASSWORD)
    assert hashed.startswith("$argon2id$")
    assert vault.verify("letter_password", PASSWORD, hashed)
    assert not vault.verify("letter_password", Secret("Zltý kôň úpel"), hashed)
    assert not vault.verify("sign_in", PASSWORD, hashed)
    assert vault.hash("letter_password", PASSWORD) != hashed
    create_file(tmp_path / "other.json", made_for="demo")
    other = Vault(FileKeyring(tmp_path / "other.json"), Argon2Cost(memory_kib=8, rounds=1))
    assert not other.verify("letter_password", PASSWORD, hashed)


@pytest.mark.parametrize("candidate", ["nobody", "", "Žltý kôň úpel"])
def test_nothing_matches_nobody(vault: Vault, candidate: str) -> None:
    assert not vault.verify("sign_in", Secret(candidate), None)


def test_a_hash_of_yesterdays_parameters_is_outdated(vault: Vault, tmp_path: Path) -> None:
    dearer = Vault(FileKeyring(tmp_path / "keys.json"), Argon2Cost(memory_kib=16, rounds=2))
    hashed = vault.hash("sign_in", PASSWORD)
    assert (vault.outdated(hashed), dearer.outdated(hashed)) == (False, True)
    assert dearer.verify("sign_in", PASSWORD, hashed)


class HeldKeyring(FileKeyring):
    """Makes whoever hashes wait for `go`, and says when somebody does."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.entered, self.go = Event(), Event()

    def mac(self, purpose: str, data: bytes) -> bytes:
        self.entered.set()
        assert self.go.wait(30)
        return super().mac(purpose, data)


def test_who_finds_the_queue_full_is_sent_away_at_once_and_places_come_back(tmp_path: Path) -> None:
    create_file(tmp_path / "keys.json", made_for="demo")
    keyring = HeldKeyring(tmp_path / "keys.json")
    vault = Vault(keyring, Argon2Cost(memory_kib=8, rounds=1, at_once=1, waiting=2))
    hashing = partial(vault.hash, "sign_in", PASSWORD)
    with ThreadPoolExecutor(3) as pool:
        first = pool.submit(hashing)
        assert keyring.entered.wait(30)
        others = [pool.submit(hashing) for _ in range(2)]
        while vault._queue._value:  # both have taken their place in the queue
            Event().wait(0.005)
        for act in (hashing, partial(vault.verify, "sign_in", PASSWORD, None)):
            with pytest.raises(Busy):
                act()
        keyring.go.set()
        assert all(each.result(30) for each in (first, *others))
    assert vault.verify("sign_in", PASSWORD, first.result())
