"""Every vault in this room's tests is watchful."""

from __future__ import annotations

from pathlib import Path

import pytest
from peewee import Database

from tests.conftest import CHEAP
from tests.letter_passwords.watchful import WatchfulVault
from tests.people import COMPANY, JANA, give_mandate, make_client
from zone.clients.models import Client
from zone.vault import Keyring
from zone.vault.keyring import FileKeyring


@pytest.fixture
def keyring(keys: Path) -> Keyring:
    return FileKeyring(keys)


@pytest.fixture
def vault(keyring: Keyring) -> WatchfulVault:
    return WatchfulVault(keyring, CHEAP)


@pytest.fixture
def jana(database: Database, vault: WatchfulVault) -> Client:
    """On the default of a ten-digit birth number; the accounts 2 and 3 are her brokers."""
    return _with_brokers(make_client(vault, JANA))


@pytest.fixture
def company(database: Database, vault: WatchfulVault) -> Client:
    """No birth number, so its password is generated; the same brokers."""
    return _with_brokers(make_client(vault, COMPANY))


def _with_brokers(client: Client) -> Client:
    give_mandate(client, 2, 3)
    return client
