"""An installation with two clients, and what came into it, for the commands that take letters in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from tests.letters.samples import reportlab_letter
from tests.people import COMPANY, JANA, PETER, make_client
from zone.app import create_app
from zone.environment import load
from zone.letters.models import Copy, Letter, State
from zone.messages.models import Message
from zone.parts import Parts
from zone.storage import close_database, using
from zone.storage.migrate import upgrade
from zone.vault.models import VaultEntry

Run = Callable[..., Result]
NOTHING = (0, 0, 0, 0, 0)


@pytest.fixture
def var(tmp_path: Path) -> Path:
    return tmp_path / "var"


@pytest.fixture
def app(var: Path) -> Iterator[Flask]:
    """Jana and Peter can get letters; the company has no phone, so that its letters wait."""
    app = create_app(load({"ZONE_MODE": "demo", "ZONE_VAR": str(var)}))
    parts: Parts = app.extensions["zone"]
    with using(parts.database) as database:
        upgrade(database)
        make_client(parts.vault, JANA)
        make_client(parts.vault, PETER)
        make_client(parts.vault, COMPANY, phone=None)
    yield app
    parts.intake.encryptor.close()
    close_database(parts.database)


@pytest.fixture
def letters(app: Flask) -> Run:
    """`flask letters …`"""

    def run(*arguments: object) -> Result:
        return app.test_cli_runner().invoke(args=["letters", *map(str, arguments)])

    return run


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir(mode=0o700)
    return folder


@cache
def pdf(text: str = "Poistné je uhradené.") -> bytes:
    """A letter that says `text`."""
    return reportlab_letter(text=text)


def kept(app: Flask) -> tuple[int, int, int, int, int]:
    """Letters that were not rejected, copies, messages, keys of files, files."""
    parts: Parts = app.extensions["zone"]
    with using(parts.database):
        rows = (
            Letter.select().where(Letter.state == State.KEPT).count(),
            Copy.select().count(),
            Message.select().count(),
            VaultEntry.select().where(VaultEntry.purpose == "letter_source").count(),
        )
    return (*rows, len(list((parts.config.var / "letters").rglob("*.source"))))


def came_in(app: Flask) -> list[tuple[str, str, str]]:
    """Client, subject and state of each letter, in the order in which they came."""
    parts: Parts = app.extensions["zone"]
    with using(parts.database):
        found = Letter.select().order_by(Letter.id)
        return [(letter.client.reference, letter.subject, letter.state) for letter in found]
