"""`flask --app wsgi mandates import`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import Result
from flask import Flask
from peewee import Database

from tests.people import JANA, make_client
from zone.accounts.accounts import create
from zone.audit import OPERATOR, Role
from zone.clients import search
from zone.clients.models import Mandate
from zone.commands.mandates import mandates
from zone.vault import Vault

HEADER = "reference;policy;broker;starts;ends\n"
GOOD = "M-1;PZ-2001;b@example.org;2026-01-01T00:00:00Z;\n"
Import = Callable[[str], Result]


@pytest.fixture
def bring(database: Database, vault: Vault, tmp_path: Path) -> Import:
    make_client(vault, JANA)
    create(OPERATOR, email="b@example.org", role=Role.BROKER, name="B", password_hash="-", language="sk")
    app = Flask("zone")
    app.extensions["zone"] = SimpleNamespace(database=database)
    app.cli.add_command(mandates)

    def run(text: str) -> Result:
        (tmp_path / "mandates.csv").write_text(text, encoding="utf-8")
        return app.test_cli_runner().invoke(args=["mandates", "import", str(tmp_path / "mandates.csv")])

    return run


def test_a_broker_finds_the_client_from_then_on_and_the_same_file_changes_nothing(bring: Import) -> None:
    assert "1 mandates created, 0 changed" in bring(HEADER + GOOD).output
    mandate = Mandate.get()
    assert [row.policy.number for row in search.portfolio(mandate.broker_id, "").rows] == ["PZ-2001"]
    assert "0 mandates created, 1 changed" in bring(HEADER + GOOD).output
    assert Mandate.get() == mandate


def test_an_end_that_is_past_ends_it_at_once(bring: Import) -> None:
    bring(HEADER + GOOD)
    bring(HEADER + GOOD.replace("Z;\n", "Z;2026-02-01T00:00:00+01:00\n"))
    assert search.portfolio(Mandate.get().broker_id, "").rows == []


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("M-2;PZ-0;b@example.org;2026-01-01T00:00:00Z;", "policy: There is no policy"),
        ("M-2;PZ-2001;nobody@example.org;2026-01-01T00:00:00Z;", "broker: "),
        ("M-2;PZ-2001;b@example.org;2026-01-01;", "starts: write a moment"),
        ("M-2;PZ-2001;b@example.org;soon;", "starts: write a moment"),
        (
            "M-2;PZ-2001;b@example.org;2026-01-01T00:00:00Z;2025-01-01T00:00:00Z",
            "ends: The mandate would end",
        ),
        (";PZ-2001;b@example.org;2026-01-01T00:00:00Z;", "reference: write"),
        ("M-2;PZ-2001", "has 2 cells"),
    ],
)
def test_one_bad_row_keeps_the_whole_file_out_and_is_named(bring: Import, row: str, said: str) -> None:
    result = bring(HEADER + GOOD + row + "\n")
    assert result.exit_code == 1
    assert f"line 3: {said}" in result.output
    assert Mandate.select().count() == 0
