"""`keys create` and `db …`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

from zone.app import create_app
from zone.commands.keys import make_app
from zone.config import PROJECT
from zone.environment import load
from zone.storage import using
from zone.storage.migrate import DIRECTORY
from zone.vault.keyring import FileKeyring


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    return create_app(load({"ZONE_MODE": "demo", "ZONE_VAR": str(tmp_path / "var")}))


def run(app: Flask, *arguments: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=arguments)
    return result.exit_code, result.output


def test_a_keyring_is_made_before_there_is_an_installation(tmp_path: Path) -> None:
    """The very command that the message of the missing keyring names, with no setting at all."""
    path = tmp_path / "keys" / "keys.json"
    command = [sys.executable, "-m", "flask", "--app", "zone.commands.keys", "keys", "create", str(path)]
    environ = {name: value for name, value in os.environ.items() if not name.startswith("ZONE_")}
    done = subprocess.run(command, cwd=PROJECT, env=environ, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert f"file:{path}" in done.stdout
    assert FileKeyring(path).made_for == "production"


def test_a_keyring_is_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    assert run(make_app(), "keys", "create", str(path))[0] == 0
    before = path.read_bytes()
    code, said = run(make_app(), "keys", "create", str(path))
    assert (code, path.read_bytes()) == (1, before)
    assert "never replaced" in said


def test_a_keyring_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    code, said = run(make_app(), "keys", "create", str(tmp_path / "file" / "keys.json"))
    assert code == 1
    assert "cannot be written" in said


def test_migrations_are_applied_once(app: Flask) -> None:
    steps = [path.stem for path in sorted(DIRECTORY.glob("0*.py"))]
    assert run(app, "db", "upgrade") == (0, "".join(f"{step}\n" for step in steps))
    assert run(app, "db", "upgrade") == (0, "nothing to do\n")
    assert run(app, "db", "check") == (0, "models and migrations agree\n")


def test_an_empty_database_is_checked_with_its_migrations(app: Flask) -> None:
    assert run(app, "db", "check") == (0, "models and migrations agree\n")


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        ("ALTER TABLE letter ADD COLUMN colour TEXT", "colour"),
        ("DROP INDEX letter_password_current_client", "letter_password"),
        ("DROP TABLE copy", "copy"),
    ],
)
def test_a_database_that_differs_is_told_apart(app: Flask, harm: str, said: str) -> None:
    run(app, "db", "upgrade")
    with using(app.extensions["zone"].database) as database:
        database.execute_sql(harm)
    code, output = run(app, "db", "check")
    assert code == 1
    assert said in output


def test_a_database_that_lacks_its_migrations_is_told_to_upgrade(app: Flask) -> None:
    with using(app.extensions["zone"].database) as database:
        database.execute_sql("CREATE TABLE anything (id INTEGER)")
    code, output = run(app, "db", "check")
    assert code == 1
    assert "db upgrade" in output
