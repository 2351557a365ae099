"""`flask --app wsgi letters send` and `… report`."""

from __future__ import annotations

import os
import shutil
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from tests.commands.letter_doors import NOTHING, Run, app, came_in, kept, letters, pdf, var
from tests.people import COMPANY, JANA, PETER
from zone.clock import now
from zone.letter_passwords.letter_key import derive
from zone.letters.encryption import Encryptor
from zone.letters.models import Copy, Letter
from zone.parts import Parts
from zone.secret import Secret
from zone.storage import close_database, open_database, transaction, using
from zone.vault.models import VaultEntry

__all__ = ["app", "letters", "var"]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "Výpis k zmluve.pdf"
    path.write_bytes(pdf())
    return path


def test_a_letter_is_queued_under_its_files_name(app: Flask, letters: Run, file: Path) -> None:
    result = letters("send", file, "--client", JANA.reference)
    assert result.exit_code == 0, result.output
    assert result.output.startswith(f"{file}: taken, as ")
    assert kept(app) == (1, 1, 1, 1, 1)
    assert came_in(app) == [(JANA.reference, "Výpis k zmluve", "kept")]


def test_all_that_is_said_of_it_is_kept(app: Flask, letters: Run, file: Path) -> None:
    said = {
        "subject": "Predpis",
        "kind": "premium",
        "date": "2026-05-31",
        "policy": "PZ-2001",
        "external-id": "A/1",
    }
    options = [word for name, value in said.items() for word in (f"--{name}", value)]
    assert letters("send", file, "--client", JANA.reference, *options).exit_code == 0
    with using(app.extensions["zone"].database):
        letter = Letter.get()
        assert letter.policy is not None
        found = (letter.subject, letter.kind, str(letter.dated), letter.policy.number, letter.external_id)
    assert found == tuple(said.values())


def test_the_same_again_is_known(app: Flask, letters: Run, file: Path) -> None:
    letters("send", file, "--client", JANA.reference)
    again = letters("send", file, "--client", JANA.reference)
    assert (again.exit_code, kept(app)) == (0, (1, 1, 1, 1, 1))
    assert "in already" in again.output
    assert letters("send", file, "--client", PETER.reference).output.startswith(f"{file}: taken")


def test_a_letter_that_has_to_wait_is_in_and_says_for_what(app: Flask, letters: Run, file: Path) -> None:
    result = letters("send", file, "--client", COMPANY.reference)
    assert result.exit_code == 0
    assert "waits for no_phone" in result.output
    assert kept(app) == (1, 1, 0, 1, 1)


def encrypted() -> bytes:
    with Encryptor() as encryptor:
        return encryptor.encrypt(pdf(), derive(Secret("heslo"))).content


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (lambda: b"", "not a PDF"),
        (lambda: b"MZ\x90\x00 an .exe", "not a PDF"),
        (lambda: pdf()[: len(pdf()) // 2], "damaged"),
        (encrypted, "already encrypted"),
        (lambda: pdf() + b"\0" * 21 * 1024 * 1024, "too large"),
    ],
    ids=["empty", "no PDF", "half", "encrypted", "huge"],
)
def test_what_cannot_be_encrypted_is_rejected_in_words(
    app: Flask, letters: Run, file: Path, content: object, said: str
) -> None:
    assert callable(content)
    file.write_bytes(content())
    result = letters("send", file, "--client", JANA.reference)
    assert (result.exit_code, kept(app)) == (1, NOTHING)
    assert result.output.startswith(f"Error: {file}: rejected: ")
    assert said in result.output
    assert came_in(app) == [(JANA.reference, "Výpis k zmluve", "rejected")]


@pytest.mark.parametrize(
    ("client", "options", "said"),
    [
        ("nobody", (), "no client with this reference"),
        (JANA.reference, ("--subject", "x" * 201), "subject: This is too long"),
        (JANA.reference, ("--date", "31. 5. 2026"), "date: Write the day as 2026-05-31"),
        (JANA.reference, ("--policy", "PZ-2002"), "no policy with this number"),
    ],
)
def test_what_is_said_wrongly_is_told_and_nothing_comes_in(
    app: Flask, letters: Run, file: Path, client: str, options: tuple[str, ...], said: str
) -> None:
    result = letters("send", file, "--client", client, *options)
    assert (result.exit_code, kept(app), came_in(app)) == (1, NOTHING, [])
    assert said in result.output


def test_another_letter_under_the_same_id_is_refused(app: Flask, letters: Run, file: Path) -> None:
    send = ("send", file, "--client", JANA.reference, "--external-id", "A/1")
    assert letters(*send).exit_code == 0
    file.write_bytes(pdf("Poistné nie je uhradené."))
    result = letters(*send)
    assert (result.exit_code, kept(app)[0]) == (1, 1)
    assert "Another letter came in under this identifier" in result.output


def test_what_is_no_file_is_refused_at_once(app: Flask, letters: Run, tmp_path: Path) -> None:
    """To open a pipe into which nobody writes would hang."""
    (tmp_path / "folder.pdf").mkdir()
    os.mkfifo(tmp_path / "pipe.pdf")
    for name, said in (
        ("missing.pdf", "No such file"),
        ("folder.pdf", "a pipe or"),
        ("pipe.pdf", "a pipe or"),
    ):
        result = letters("send", tmp_path / name, "--client", JANA.reference)
        assert (result.exit_code, said in result.output) == (1, True), result.output


def test_a_store_that_cannot_be_written_leaves_nothing(
    app: Flask, letters: Run, file: Path, var: Path
) -> None:
    shutil.rmtree(var / "letters")
    (var / "letters").touch()
    result = letters("send", file, "--client", JANA.reference)
    (var / "letters").unlink()
    assert (result.exit_code, kept(app)) == (1, NOTHING)
    assert "the folder is not mounted" in result.output
    assert "Nothing was sent" in result.output


def test_it_works_while_the_web_reads_and_writes(app: Flask, letters: Run, file: Path) -> None:
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
    result = letters("send", file, "--client", JANA.reference)
    done.set()
    for thread in threads:
        thread.join(30)
    close_database(other)
    assert result.exit_code == 0, result.output
    assert kept(app) == (1, 1, 1, 1, 1)


def test_the_report_counts_by_engine_and_reason(app: Flask, letters: Run, file: Path) -> None:
    """A letter before that time does not count; whatever waits does."""
    for number in range(5):
        letters("send", file, "--client", JANA.reference, "--external-id", number)
    letters("send", file, "--client", COMPANY.reference)
    file.write_bytes(b"nothing")
    assert "rejected" in letters("send", file, "--client", JANA.reference).output
    parts: Parts = app.extensions["zone"]
    old = now() - timedelta(days=31)
    with using(parts.database):
        copies = list(Copy.select().order_by(Copy.id))
        for copy, engine in zip(copies[:4], ("splice", "splice", "pypdf", "splice"), strict=True):
            reason = "hybrid" if engine == "pypdf" else None
            Copy.update(engine=engine, engine_reason=reason).where(Copy.id == copy.id).execute()
        Copy.update(asked_at=old).where(Copy.id == copies[0].id).execute()
        Letter.update(received_at=old).where(Letter.id == copies[0].letter_id).execute()
    assert letters("report").output.splitlines() == [
        "taken in: 5",
        "        5  other",
        "encrypted: 3",
        "        2  splice",
        "        1  pypdf: hybrid",
        "taken in without: 0",
        "rejected: 1",
        "        1  NOT_A_PDF",
        "waiting: 1",
        "        1  no_phone",
    ]
    assert "taken in: 6" in letters("report", "--days", 40).output
