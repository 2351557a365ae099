"""`flask --app wsgi letters purge` and `clients erase`."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from tests.letters.posted import bring
from tests.people import JANA, PETER, make_client
from zone import commands
from zone.app import create_app
from zone.clients.models import Client
from zone.clock import now
from zone.environment import load
from zone.letters.models import Letter, State
from zone.letters.store import FolderStore
from zone.parts import Parts
from zone.storage import using
from zone.storage.migrate import upgrade

Run = Callable[..., Result]


@pytest.fixture
def parts(tmp_path: Path) -> Iterator[Parts]:
    """Jana has two letters, one whose time is over; Peter has one. A file belongs to nobody."""
    app = create_app(load({"ZONE_MODE": "demo", "ZONE_VAR": str(tmp_path / "var")}))
    parts: Parts = app.extensions["zone"]
    with using(parts.database) as database:
        upgrade(database)
        make_client(parts.vault, JANA)
        make_client(parts.vault, PETER)
        over = bring(parts.intake)
        bring(parts.intake)
        bring(parts.intake, client=PETER.reference)
        Letter.update(keep_until=now()).where(Letter.id == over.id).execute()
        yield parts
    parts.intake.encryptor.close()


@pytest.fixture
def run(parts: Parts) -> Run:
    app = Flask("zone")
    app.extensions["zone"] = parts
    commands.register(app)

    def invoke(*arguments: str, **options: str) -> Result:
        return app.test_cli_runner().invoke(args=arguments, **options)

    return invoke


def kept() -> int:
    return Letter.select().where(Letter.state == State.KEPT).count()


def files(parts: Parts) -> int:
    return len(list((parts.config.var / "letters").rglob("*.source")))


def test_purge_ends_what_is_over_and_says_how_many(parts: Parts, run: Run) -> None:
    result = run("letters", "purge")
    assert (result.exit_code, result.output) == (
        0,
        "1 letters destroyed, 0 files without a letter deleted.\n",
    )
    assert (kept(), files(parts)) == (2, 2)
    assert run("letters", "purge").output.startswith("0 letters")


def test_purge_says_when_the_store_is_another_ones(parts: Parts, run: Run) -> None:
    shutil.rmtree(parts.config.var / "letters")
    FolderStore(parts.config.var / "letters")
    result = run("letters", "purge")
    assert result.exit_code == 1
    assert "Check ZONE_LETTERS_URL" in result.output


def test_purge_says_when_the_store_is_away(parts: Parts, run: Run) -> None:
    shutil.rmtree(parts.config.var / "letters")
    (parts.config.var / "letters").touch()
    result = run("letters", "purge")
    assert result.exit_code == 1
    assert "All keys are destroyed, but the letter store is away (.zone-letters is missing" in result.output
    assert kept() == 2


def test_erase_forgets_one_client_and_may_be_run_again(parts: Parts, run: Run) -> None:
    result = run("clients", "erase", JANA.reference, "--yes")
    assert result.exit_code == 0
    assert f"Client {JANA.reference} is erased: 2 letters, 2 messages, 4 secrets." in result.output
    assert [client.reference for client in Client.select()] == [PETER.reference]
    assert (kept(), files(parts)) == (1, 1)
    again = run("clients", "erase", JANA.reference, "--yes")
    assert (again.exit_code, again.output) == (0, f"Client {JANA.reference} was erased before.\n")


@pytest.mark.parametrize("answer", ["n\n", "\n", ""])
def test_erase_asks_first(parts: Parts, run: Run, answer: str) -> None:
    result = run("clients", "erase", JANA.reference, input=answer)
    assert result.exit_code == 1
    assert Client.select().count() == 2
    assert run("clients", "erase", JANA.reference, input="y\n").exit_code == 0
    assert Client.select().count() == 1


def test_erase_refuses_who_never_was(parts: Parts, run: Run) -> None:
    result = run("clients", "erase", "K-9", "--yes")
    assert result.exit_code == 1
    assert "There is no client with this reference" in result.output


def test_erase_is_done_though_the_store_is_away(parts: Parts, run: Run) -> None:
    shutil.rmtree(parts.config.var / "letters")
    (parts.config.var / "letters").touch()
    result = run("clients", "erase", JANA.reference, "--yes")
    assert result.exit_code == 0
    assert f"Client {JANA.reference} is erased. All keys are destroyed" in result.output
    assert Client.select().count() == 1
