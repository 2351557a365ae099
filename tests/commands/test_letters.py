"""`flask --app wsgi letters send`."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from tests.letters.samples import letter_pdf
from tests.people import COMPANY, JANA, make_client
from zone.app import create_app
from zone.clock import now
from zone.config import load
from zone.letters.encryption import Limits, encrypt
from zone.letters.models import Copy, Letter
from zone.messages.models import Message
from zone.parts import Parts
from zone.secret import Secret
from zone.storage import close_database, open_database, transaction, using
from zone.storage.migrate import upgrade
from zone.vault.models import VaultEntry

Send = Callable[..., Result]


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    app = create_app(load({"ZONE_MODE": "demo", "ZONE_VAR": str(tmp_path / "var")}))
    parts: Parts = app.extensions["zone"]
    with using(parts.database) as database:
        upgrade(database)
        make_client(parts.vault, JANA)
        make_client(parts.vault, COMPANY, phone=None)
    return app


@pytest.fixture
def send(app: Flask) -> Send:
    def run(file: Path, *options: str, client: str = JANA.reference) -> Result:
        arguments = ["letters", "send", "--client", client, str(file), *options]
        return app.test_cli_runner().invoke(args=arguments)

    return run


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "Výpis k zmluve.pdf"
    path.write_bytes(letter_pdf(pages=2))
    return path


def kept(app: Flask) -> tuple[int, int, int, int, int]:
    """Letters, copies, messages, keys of files, files."""
    parts: Parts = app.extensions["zone"]
    with using(parts.database):
        keys = VaultEntry.select().where(VaultEntry.purpose.in_(("letter_source", "letter_copy"))).count()
        rows = (Letter.select().count(), Copy.select().count(), Message.select().count())
    files = [path for path in (parts.config.var / "letters").rglob("*") if path.is_file()]
    return (*rows, keys, len(files))


def test_a_letter_is_queued_under_its_files_name(app: Flask, send: Send, file: Path) -> None:
    result = send(file)
    assert result.exit_code == 0, result.output
    assert "2 pages, queued as " in result.output
    assert kept(app) == (1, 1, 1, 2, 2)
    with using(app.extensions["zone"].database):
        assert Letter.get().subject == "Výpis k zmluve"


def test_or_under_the_subject_that_is_given(app: Flask, send: Send, file: Path) -> None:
    assert send(file, "--subject", "Predpis poistného").exit_code == 0
    with using(app.extensions["zone"].database):
        assert Letter.get().subject == "Predpis poistného"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "not a PDF"),
        (b"MZ\x90\x00 an .exe", "not a PDF"),
        (letter_pdf()[: len(letter_pdf()) // 2], "damaged"),
        (encrypt(letter_pdf(), Secret("heslo"), Limits()).content, "already encrypted"),
        (letter_pdf() + b"\0" * 21 * 1024 * 1024, "too large"),
    ],
    ids=["empty", "no PDF", "half", "encrypted", "huge"],
)
def test_what_cannot_be_encrypted_is_refused_in_words(
    app: Flask, send: Send, tmp_path: Path, content: bytes, said: str
) -> None:
    path = tmp_path / "list.pdf"
    path.write_bytes(content)
    result = send(path)
    assert (result.exit_code, kept(app)) == (1, (0, 0, 0, 0, 0))
    assert said in result.output
    assert result.output.startswith(f"Error: {path}: ")
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    ("client", "options", "said"),
    [
        ("nobody", (), "no client with this reference"),
        (JANA.reference, ("--subject", "x" * 201), "at most 200 characters"),
        (COMPANY.reference, (), "no mobile number"),
    ],
)
def test_who_cannot_get_it_is_refused_in_words(
    app: Flask, send: Send, file: Path, client: str, options: tuple[str, ...], said: str
) -> None:
    result = send(file, *options, client=client)
    assert (result.exit_code, kept(app)) == (1, (0, 0, 0, 0, 0))
    assert said in result.output


def test_a_file_that_is_not_there(send: Send, tmp_path: Path) -> None:
    assert send(tmp_path / "missing.pdf").exit_code == 2


def test_a_pipe_without_end_is_not_read_to_its_end(app: Flask, send: Send, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.pdf"
    os.mkfifo(pipe)

    def pour() -> None:
        with pipe.open("wb", buffering=0) as out:
            try:
                while True:
                    out.write(b"%PDF-1.7\n" * 100_000)
            except BrokenPipeError:
                return

    thread = threading.Thread(target=pour)
    thread.start()
    result = send(pipe)
    thread.join(30)
    assert not thread.is_alive()
    assert (result.exit_code, kept(app)) == (1, (0, 0, 0, 0, 0))
    assert "too large" in result.output


def test_a_store_that_cannot_be_written_leaves_nothing(app: Flask, send: Send, file: Path) -> None:
    letters = app.extensions["zone"].config.var / "letters"
    letters.rmdir()
    letters.touch()
    result = send(file)
    letters.unlink()
    assert (result.exit_code, kept(app)) == (1, (0, 0, 0, 0, 0))
    assert "nothing was sent" in result.output


def test_it_works_while_the_web_reads_and_writes(app: Flask, send: Send, file: Path) -> None:
    """Another connection holds an old view of the database open, and now and then the write lock."""
    other = open_database(app.extensions["zone"].config.database_url)
    reading, done = threading.Event(), threading.Event()

    def web() -> None:
        with using(other) as database, database.atomic("DEFERRED"):
            assert Letter.select().count() == 0
            reading.set()
            assert done.wait(30)
            assert Letter.select().count() == 0

    def write() -> None:
        with using(other):
            while not done.is_set():
                with transaction():
                    VaultEntry.update(created_at=now()).execute()
                done.wait(0.01)

    threads = [threading.Thread(target=act) for act in (web, write)]
    for thread in threads:
        thread.start()
    assert reading.wait(30)
    result = send(file)
    done.set()
    for thread in threads:
        thread.join(30)
    close_database(other)
    assert result.exit_code == 0, result.output
    assert kept(app) == (1, 1, 1, 2, 2)
