"""`flask --app wsgi letters batch` and `… folder`."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

from tests.commands.letter_doors import NOTHING, Run, app, came_in, inbox, kept, letters, pdf, var
from tests.messages.outbox_parts import until
from tests.people import COMPANY, JANA, PETER
from zone.config import PROJECT
from zone.letters.models import Letter, State
from zone.parts import Parts
from zone.storage import using

__all__ = ["app", "inbox", "letters", "var"]

GOOD = [("1.pdf", JANA.reference, "A/1"), ("2.pdf", PETER.reference, "A/2"), ("3.pdf", JANA.reference, "")]


def manifest(inbox: Path, rows: list[tuple[str, str, str]]) -> Path:
    """A manifest of file, client and external_id."""
    path = inbox / "manifest.csv"
    path.write_text("\n".join(["file;client;external_id", *(";".join(row) for row in rows), ""]))
    return path


def files(inbox: Path, count: int = 3) -> None:
    for number in range(1, count + 1):
        (inbox / f"{number}.pdf").write_bytes(pdf(f"{number}"))


def test_every_letter_of_a_manifest_comes_in(app: Flask, letters: Run, inbox: Path) -> None:
    files(inbox)
    result = letters("batch", manifest(inbox, GOOD))
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == "3 taken, 0 waits, 0 in already, 0 rejected, 0 failed; of 3.\n"
    assert kept(app) == (3, 3, 3, 3, 3)
    assert came_in(app)[0] == (JANA.reference, "1", "kept")


def test_the_same_again_takes_only_what_is_not_in(app: Flask, letters: Run, inbox: Path) -> None:
    files(inbox)
    letters("batch", manifest(inbox, GOOD[:2]))
    result = letters("batch", manifest(inbox, [*GOOD, *GOOD]))
    assert result.stdout == "1 taken, 0 waits, 5 in already, 0 rejected, 0 failed; of 6.\n"
    assert result.exit_code == 0
    assert kept(app) == (3, 3, 3, 3, 3)


def test_a_bad_row_keeps_no_other_out_and_is_told_with_its_reason(
    app: Flask, letters: Run, inbox: Path, tmp_path: Path
) -> None:
    files(inbox)
    (inbox / "empty.pdf").touch()
    (inbox / "link.pdf").symlink_to("1.pdf")
    os.mkfifo(inbox / "pipe.pdf")
    (tmp_path / "outside.pdf").write_bytes(pdf())
    bad = [
        ("missing.pdf", JANA.reference, ""),
        ("../outside.pdf", JANA.reference, ""),
        (str(tmp_path / "outside.pdf"), JANA.reference, ""),
        ("link.pdf", JANA.reference, ""),
        ("pipe.pdf", JANA.reference, ""),
        ("2.pdf", "nobody", ""),
        ("3.pdf", PETER.reference, "A/1"),
        ("2.pdf", "", "x" * 65),
        ("empty.pdf", JANA.reference, ""),
    ]
    said = [
        "failed: file: No such file or directory.",
        "failed: file: Write the file's path from the folder on",
        "failed: file: Write the file's path from the folder on",
        "failed: file: There is a symbolic link on the way",
        "failed: file: This is no file that could be read",
        "failed: There is no client with this reference.",
        "failed: Another letter came in under this identifier.",
        "failed: client: This must not be empty.; external_id: This is too long.",
        "rejected: This is not a PDF file.",
    ]
    report = tmp_path / "not-in.csv"
    path = manifest(inbox, [GOOD[0], *bad, *GOOD[1:]])
    result = letters("batch", path, "--report", report)
    assert result.stdout == "3 taken, 0 waits, 0 in already, 1 rejected, 8 failed; of 12.\n"
    assert (result.exit_code, kept(app)) == (1, (3, 3, 3, 3, 3))
    told = result.stderr.splitlines()
    with report.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file, delimiter=";")
    assert header == ["line", "file", "client", "what", "why"]
    for number, ((name, client, _), reason, line, row) in enumerate(
        zip(bad, said, told, rows, strict=True), start=3
    ):
        assert line.startswith(f"line {number}, {name}: {reason}")
        assert row[:3] == [str(number), name, client]
        assert f"{row[3]}: {row[4]}".startswith(reason)
    assert report.stat().st_mode & 0o777 == 0o600


def test_a_letter_that_waits_is_in(app: Flask, letters: Run, inbox: Path) -> None:
    files(inbox)
    result = letters("batch", manifest(inbox, [("1.pdf", COMPANY.reference, "")]))
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("0 taken, 1 waits,")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"file;reference\n1.pdf;K-1001\n",
        b'file;client\n1.pdf;K-1001\n"2.pdf;K-1002\n',
        "file;client\ná".encode("cp1250"),
    ],
    ids=["empty", "header", "quotes", "encoding"],
)
def test_what_is_no_manifest_takes_nothing_in(app: Flask, letters: Run, inbox: Path, content: bytes) -> None:
    files(inbox)
    path = inbox / "manifest.csv"
    path.write_bytes(content)
    result = letters("batch", path)
    assert (result.exit_code, kept(app)) == (1, NOTHING)
    assert "Nothing was taken in." in result.stderr


def test_a_manifest_or_report_that_cannot_be_used_is_refused_at_once(letters: Run, inbox: Path) -> None:
    files(inbox)
    path = manifest(inbox, GOOD)
    os.mkfifo(inbox / "pipe.csv")
    assert "must be a file" in letters("batch", inbox / "pipe.csv").stderr
    assert "would overwrite the manifest" in letters("batch", path, "--report", path).stderr
    result = letters("batch", path, "--report", inbox / "missing" / "report.csv")
    assert "No such file or directory. Nothing was taken in." in result.stderr
    assert letters("batch", inbox / "missing.csv").exit_code == 2


def test_a_dry_run_tells_all_that_is_wrong_and_changes_nothing(app: Flask, letters: Run, inbox: Path) -> None:
    files(inbox)
    letters("batch", manifest(inbox, GOOD[:1]))
    (inbox / "empty.pdf").touch()
    path = manifest(inbox, [*GOOD, ("empty.pdf", JANA.reference, ""), ("1.pdf", "nobody", "")])
    result = letters("batch", path, "--dry-run")
    assert result.stdout.startswith("2 taken, 0 waits, 1 in already, 1 rejected, 1 failed; of 5. This was")
    assert (result.exit_code, kept(app), len(came_in(app))) == (1, (1, 1, 1, 1, 1), 1)


def test_a_store_that_is_away_stops_the_batch_and_the_next_run_goes_on(
    app: Flask, letters: Run, inbox: Path, var: Path
) -> None:
    files(inbox)
    path = manifest(inbox, GOOD)
    (var / "letters").rename(var / "away")
    (var / "letters").touch()
    result = letters("batch", path)
    assert (result.exit_code, kept(app)) == (1, NOTHING)
    assert "the folder is not mounted" in result.stderr
    assert "run the same again" in result.stderr
    (var / "letters").unlink()
    (var / "away").rename(var / "letters")
    assert letters("batch", path).exit_code == 0


def test_processes_share_a_batch(app: Flask, var: Path, inbox: Path) -> None:
    files(inbox, 9)
    rows = [(f"{number}.pdf", JANA.reference, "") for number in range(1, 10)]
    path = manifest(inbox, [*rows, ("missing.pdf", JANA.reference, "")])
    result = subprocess.run(
        command(path, "--processes", "3"), cwd=PROJECT, env=settings(var), capture_output=True, text=True
    )
    assert result.stdout == "9 taken, 0 waits, 0 in already, 0 rejected, 1 failed; of 10.\n"
    assert (result.returncode, kept(app)) == (1, (9, 9, 9, 9, 9))
    assert "line 11, missing.pdf: failed" in result.stderr


@pytest.mark.parametrize("processes", [1, 2])
@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGKILL])
def test_a_batch_that_was_ended_goes_on_where_it_was(
    app: Flask, letters: Run, var: Path, inbox: Path, processes: int, by: signal.Signals
) -> None:
    count = 60
    files(inbox, count)
    path = manifest(inbox, [(f"{number}.pdf", JANA.reference, "") for number in range(1, count + 1)])
    whole = command(path, "--processes", str(processes))
    with subprocess.Popen(
        whole, cwd=PROJECT, env=settings(var), stderr=subprocess.PIPE, text=True
    ) as process:
        until(lambda: kept(app)[0] >= 3)
        process.send_signal(by)
        assert process.wait(20) == (1 if by == signal.SIGTERM else -by)
        assert process.stderr is not None
        # Read to the end: whoever holds the pipe, and be it a process that was forked off, has ended.
        assert ("Stopped before the end." in process.stderr.read()) == (by == signal.SIGTERM)
    before = kept(app)[0]
    assert before < count
    result = letters("batch", path)
    assert result.stdout.startswith(f"{count - before} taken, 0 waits, {before} in already")
    parts: Parts = app.extensions["zone"]
    with using(parts.database):
        assert Letter.select().where(Letter.state == State.KEPT).count() == count


def test_a_folder_comes_in_by_the_names_of_its_files(app: Flask, letters: Run, inbox: Path) -> None:
    for name in (
        f"{JANA.reference}_Výpis.pdf",
        f"{PETER.reference}_Predpis.pdf",
        f"{JANA.reference}_Iný.PDF",
    ):
        (inbox / name).write_bytes(pdf(name))
    (inbox / "notes.txt").write_text("not a letter")
    result = letters("folder", inbox, "--kind", "statement")
    assert result.stdout == "3 taken, 0 waits, 0 in already, 0 rejected, 0 failed; of 3.\n"
    assert {(client, subject) for client, subject, _ in came_in(app)} == {
        (JANA.reference, "Výpis"),
        (JANA.reference, "Iný"),
        (PETER.reference, "Predpis"),
    }
    (inbox / "nobody_x.pdf").write_bytes(pdf())
    again = letters("folder", inbox, "--kind", "statement")
    assert again.stdout == "0 taken, 0 waits, 3 in already, 0 rejected, 1 failed; of 4.\n"
    assert again.stderr.startswith("nobody_x.pdf: failed: There is no client")


def command(path: Path, *options: str) -> list[str]:
    return [sys.executable, "-m", "flask", "--app", "wsgi", "letters", "batch", str(path), *options]


def settings(var: Path) -> dict[str, str]:
    return {"ZONE_MODE": "demo", "ZONE_VAR": str(var)}
