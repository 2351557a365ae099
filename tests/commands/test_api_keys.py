"""`flask --app wsgi api-keys`."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from click.testing import Result
from flask import Flask
from peewee import Database

from zone.accounts.api_keys import admit
from zone.commands.api_keys import api_keys
from zone.secret import Secret
from zone.vault import Vault

Run = Callable[..., Result]


@pytest.fixture
def run(database: Database) -> Run:
    app = Flask("zone")
    app.extensions["zone"] = SimpleNamespace(database=database)
    return lambda *arguments: app.test_cli_runner().invoke(api_keys, arguments)


def test_the_key_alone_goes_to_standard_output_this_once(run: Run, vault: Vault) -> None:
    made = run("create", "billing", "--scope", "letters:write", "--scope", "letters:read")
    assert made.exit_code == 0, made.output
    key = made.stdout.strip()
    assert admit(vault, Secret(key), address="").scopes == {"letters:read", "letters:write"}
    assert "not shown again" in made.stderr
    assert key not in run("list").output


def test_the_list_tells_what_each_key_may_do_and_which_is_revoked(run: Run) -> None:
    run("create", "crm", "--scope", "clients:write")
    run("create", "billing", "--scope", "letters:write")
    assert run("revoke", "crm").stdout == "crm is revoked.\n"
    billing, crm = run("list").stdout.splitlines()
    assert billing.startswith("billing: letters:write; made 20")
    assert "revoked" not in billing
    assert ", revoked 20" in crm


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("create", "billing"), 2, "--scope"),
        (("create", "billing", "--scope", "all"), 2, "'all' is not one of"),
        (("create", "two words", "--scope", "letters:read"), 1, "a name has 1 to 64"),
        (("create", "there", "--scope", "letters:read"), 1, "take another name"),
        (("revoke", "nobody"), 1, "no key called nobody is in force"),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(
    run: Run, arguments: tuple[str, ...], code: int, message: str
) -> None:
    run("create", "there", "--scope", "letters:read")
    result = run(*arguments)
    assert result.exit_code == code
    assert message in result.stderr
    assert result.stdout == ""
