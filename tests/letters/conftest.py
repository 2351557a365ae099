"""What taking a letter in needs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from peewee import Database

from tests.people import COMPANY, JANA, give_mandate, make_client
from zone.clients.models import Client
from zone.config import LetterRules, Limits
from zone.letters.encryption import Encryptor
from zone.letters.intake import Intake
from zone.letters.store import FolderStore
from zone.vault import Vault

LIMITS = Limits()


class ObservedStore(FolderStore):
    """A real folder; what the test wants happens once, just before the first file is written or read."""

    meanwhile: Callable[[], object] | None = None
    before_get: Callable[[], object] | None = None
    reads = 0

    def get(self, name: str) -> bytes:
        self.reads += 1
        happening, self.before_get = self.before_get, None
        if happening:
            happening()
        return super().get(name)

    def put(self, name: str, content: bytes) -> None:
        happening, self.meanwhile = self.meanwhile, None
        if happening:
            happening()
        super().put(name, content)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "letters"


@pytest.fixture
def store(folder: Path) -> ObservedStore:
    return ObservedStore(folder)


@pytest.fixture
def intake(vault: Vault, store: ObservedStore, encryptor: Encryptor) -> Intake:
    return Intake(vault, store, encryptor, LetterRules(), LIMITS)


@pytest.fixture(scope="session")
def encryptor() -> Iterator[Encryptor]:
    """One for all tests of a process: to start a child takes longer than most of them."""
    with Encryptor(LetterRules()) as running:
        yield running


@pytest.fixture
def jana(database: Database, vault: Vault) -> Client:
    """On the default of a ten-digit birth number; the account 2 is her broker."""
    client = make_client(vault, JANA)
    give_mandate(client, 2)
    return client


@pytest.fixture
def company(database: Database, vault: Vault) -> Client:
    """No birth number, so its password is generated."""
    return make_client(vault, COMPANY)
