"""What every test may ask for. Each fixture lives in a small file of its subject."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.databases import database, database_url, postgres, sqlite_template
from zone.config import Argon2Cost
from zone.vault import Vault
from zone.vault.keyring import FileKeyring, create_file

__all__ = ["database", "database_url", "postgres", "sqlite_template"]

CHEAP = Argon2Cost(memory_kib=8, rounds=1, waiting=200)


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    """A vault with a fresh keyring; its hashes are of the same kind as in production, but cheap."""
    create_file(tmp_path / "keys.json", made_for="demo")
    return Vault(FileKeyring(tmp_path / "keys.json"), CHEAP)
