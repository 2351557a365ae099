"""What every test may ask for. Each fixture lives in a small file of its subject."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings

from tests.databases import CHEAP, database, database_url, keys, postgres, sqlite_template
from zone.vault import Vault
from zone.vault.keyring import FileKeyring

__all__ = ["CHEAP", "database", "database_url", "keys", "postgres", "sqlite_template"]

# How long an example takes says how busy the machine is; speed is measured in bench/.
settings.register_profile("zone", deadline=None)
settings.load_profile("zone")

MEMORY = Path("/dev/shm")
ROOM_IN_MEMORY = 4 * 2**30  # bytes: several times what a whole run holds at once


def pytest_configure() -> None:
    """Let everything that a run writes lie in memory, where the system offers it.

    A run makes thousands of databases, and most of its time would be waiting for a disk.
    """
    if "TMPDIR" not in os.environ and MEMORY.is_dir() and shutil.disk_usage(MEMORY).free >= ROOM_IN_MEMORY:
        os.environ["TMPDIR"] = str(MEMORY)
        tempfile.tempdir = None  # to be looked up anew


@pytest.fixture
def vault(keys: Path) -> Vault:
    """The vault of the test's keyring; its hashes are of the same kind as in production, but cheap."""
    return Vault(FileKeyring(keys), CHEAP)
