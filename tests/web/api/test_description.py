"""The OpenAPI document is true: schemathesis reads it, and tries to catch the API at something else."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.serving import make_server

from tests.web.api.conftest import V1, Program
from tests.web.people import Person
from zone.clients.people import ClientDetails
from zone.clients.rows import BadCell
from zone.letters import details
from zone.web.api import clients, letters

# What fits a schema may still be no birth number, no PDF, nobody's policy: that is 422.
RULES = """
[checks.positive_data_acceptance]
expected-statuses = ["2xx", "401", "403", "404", "409", "422"]
"""


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """Where the zone answers over HTTP."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}{V1}"
    server.shutdown()
    thread.join()


def test_the_tables_name_what_the_capabilities_know() -> None:
    assert letters.LETTER.keys() == details.FIELDS.keys()
    known = {field.name for field in fields(ClientDetails)}
    assert clients.CLIENT.keys() | clients.REFERENCE.keys() == known


@pytest.mark.parametrize("name", ["client", "subject", "policy", "external_id"])
def test_the_tables_say_the_lengths_that_the_capability_takes(name: str) -> None:
    longest = letters.LETTER[name].longest
    assert details.FIELDS[name]("x" * longest)
    with pytest.raises(BadCell):
        details.FIELDS[name]("x" * (longest + 1))


def test_schemathesis_finds_nothing(
    address: str, program: Program, jana: Person, broker: Person, tmp_path: Path
) -> None:
    assert [program.send(source).status_code for source in (None, b"no pdf")] == [201, 422]
    (tmp_path / "schemathesis.toml").write_text(RULES)
    run = subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli", "--config-file", "schemathesis.toml"),
            *("run", f"{address}/openapi.json", "--url", address),
            *("--header", f"Authorization: Bearer {program.key}", "--max-examples", "25", "--no-color"),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
