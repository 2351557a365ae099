"""`flask --app wsgi letters watch`."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask

from tests.commands.letter_doors import NOTHING, Run, app, came_in, inbox, kept, letters, pdf, var
from tests.messages.outbox_parts import until
from tests.people import JANA, PETER
from zone.config import PROJECT

__all__ = ["app", "inbox", "letters", "var"]


def put(inbox: Path, name: str, text: str | None = None, **said: object) -> None:
    """As a sender does: whole files, the JSON last."""
    (inbox / f"{name}.pdf.part").write_bytes(pdf(text or name))
    (inbox / f"{name}.pdf.part").rename(inbox / f"{name}.pdf")
    (inbox / f"{name}.json.part").write_text(json.dumps({"client": JANA.reference} | said))
    (inbox / f"{name}.json.part").rename(inbox / f"{name}.json")


def lying(inbox: Path) -> list[str]:
    """Every file that lies there, but for the lock."""
    files = [path for path in inbox.rglob("*") if not path.is_dir() and path.name != ".lock"]
    return sorted(str(path.relative_to(inbox)) for path in files)


def why(inbox: Path, name: str) -> str:
    return (inbox / "failed" / name / "reason.txt").read_text()


@contextmanager
def watching(inbox: Path, var: Path) -> Iterator[subprocess.Popen[str]]:
    """The command as an operator starts it."""
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "letters", "watch", str(inbox)]
    settings = {"ZONE_MODE": "demo", "ZONE_VAR": str(var)}
    with subprocess.Popen(
        command, cwd=PROJECT, env=settings, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        yield process
        if process.poll() is None:
            process.kill()


def test_what_is_in_no_longer_lies_about(app: Flask, letters: Run, inbox: Path) -> None:
    put(inbox, "1", subject="Výpis", kind="statement", date="2026-05-31", policy=None, external_id="A/1")
    put(inbox, "2", client=PETER.reference)
    result = letters("watch", inbox, "--once")
    assert result.stdout == "2 taken, 0 waits, 0 in already, 0 rejected, 0 failed.\n"
    assert (result.exit_code, lying(inbox), kept(app)) == (0, [], (2, 2, 2, 2, 2))
    assert came_in(app) == [(JANA.reference, "Výpis", "kept"), (PETER.reference, "2", "kept")]


def test_the_same_again_is_known_and_goes_as_well(app: Flask, letters: Run, inbox: Path) -> None:
    for _ in range(2):
        put(inbox, "1")
        result = letters("watch", inbox, "--once")
    assert result.stdout.startswith("0 taken, 0 waits, 1 in already")
    assert (lying(inbox), kept(app)[0]) == ([], 1)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('{"client": "nobody"}', "There is no client with this reference."),
        ('{"client": ""}', "client: This must not be empty."),
        ('{"client": 1001, "date": ["2026"]}', "must be text in quotation marks: client, date."),
        ('{"client": "K-1001", "\\ud800\\n": "x"}', "A field of the JSON file is none of: client, subject"),
        ('{"client": "K-1001", "kind": "poem"}', "kind: Write contract, premium"),
        ('["K-1001"]', "must be one small object"),
        ('{"client": "K-1001", "subject": "\\ud800"}', "subject: There are invisible characters"),
        (json.dumps({"client": "x" * 70_000}), "must be one small object"),
        ("{", "is not JSON, or only half of one."),
        ("", "is not JSON, or only half of one."),
        ("[" * 60_000, "is not JSON, or only half of one."),
        (b"\xff\xfe\xfa", "is not JSON, or only half of one."),
    ],
)
def test_json_that_cannot_be_taken_goes_aside_with_its_reason(
    app: Flask, letters: Run, inbox: Path, content: str | bytes, said: str
) -> None:
    put(inbox, "1")
    (inbox / "1.json").write_bytes(content.encode() if isinstance(content, str) else content)
    put(inbox, "2")
    result = letters("watch", inbox, "--once", "--grace", 0)
    assert result.exit_code == 1
    assert result.stderr.startswith("1: failed: ")
    assert said in why(inbox, "1")
    assert lying(inbox) == ["failed/1/1.json", "failed/1/1.pdf", "failed/1/reason.txt"]
    assert (inbox / "failed").stat().st_mode & 0o777 == 0o700
    assert kept(app)[0] == 1


def test_a_pdf_that_cannot_be_encrypted_is_rejected(app: Flask, letters: Run, inbox: Path) -> None:
    put(inbox, "1")
    (inbox / "1.pdf").write_bytes(b"")
    assert letters("watch", inbox, "--once").exit_code == 1
    assert why(inbox, "1").startswith("rejected: This is not a PDF file.")
    assert came_in(app) == [(JANA.reference, "1", "rejected")]


def test_what_is_no_file_goes_aside_without_being_opened(
    app: Flask, letters: Run, inbox: Path, tmp_path: Path
) -> None:
    (tmp_path / "secret.pdf").write_bytes(pdf())
    (tmp_path / "secret.json").write_text(json.dumps({"client": JANA.reference}))
    for name in ("folder", "link", "pipe", "told-by-link", "told-by-pipe"):
        put(inbox, name)
    for name in ("folder.pdf", "link.pdf", "pipe.pdf", "told-by-link.json", "told-by-pipe.json"):
        (inbox / name).unlink()
    (inbox / "folder.pdf").mkdir()
    (inbox / "link.pdf").symlink_to(tmp_path / "secret.pdf")
    os.mkfifo(inbox / "pipe.pdf")
    (inbox / "told-by-link.json").symlink_to(tmp_path / "secret.json")
    os.mkfifo(inbox / "told-by-pipe.json")
    result = letters("watch", inbox, "--once", "--grace", 0)
    assert result.stdout.endswith("5 failed.\n"), result.output
    assert kept(app) == NOTHING
    assert "Links are not followed" in why(inbox, "link")
    assert "Links are not followed" in why(inbox, "told-by-link")
    assert "a pipe or a device" in why(inbox, "pipe")
    assert "There is no PDF" in why(inbox, "folder")
    assert (tmp_path / "secret.pdf").exists()


def test_half_a_pair_is_waited_for_and_then_goes_aside(app: Flask, letters: Run, inbox: Path) -> None:
    put(inbox, "no-json")
    put(inbox, "no-pdf")
    put(inbox, "half")
    (inbox / "no-json.json").unlink()
    (inbox / "no-pdf.pdf").unlink()
    (inbox / "half.json").write_text('{"client": "K-10')
    before = lying(inbox)
    assert letters("watch", inbox, "--once").exit_code == 0
    assert lying(inbox) == before
    assert letters("watch", inbox, "--once", "--grace", 0).stdout.endswith("3 failed.\n")
    assert "no JSON beside" in why(inbox, "no-json")
    assert "no PDF beside" in why(inbox, "no-pdf")
    assert kept(app) == NOTHING


def test_half_a_pair_that_becomes_whole_comes_in(app: Flask, inbox: Path, var: Path) -> None:
    put(inbox, "1")
    (inbox / "1.json").write_text('{"client": "K-10')
    with watching(inbox, var) as process:
        until(lambda: (inbox / "failed").exists())
        put(inbox, "1")
        put(inbox, "2")
        until(lambda: kept(app)[0] == 2)
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
        assert process.stdout is not None
        assert process.stdout.read().startswith("2 taken, ")
    assert lying(inbox) == []


def test_others_files_and_unfinished_ones_are_left_alone(letters: Run, inbox: Path) -> None:
    names = [".1.json", ".1.pdf", "1.json.part", "1.pdf.part", "readme.txt"]
    for name in names:
        (inbox / name).touch()
    assert letters("watch", inbox, "--once", "--grace", 0).exit_code == 0
    assert lying(inbox) == names


def test_a_name_that_failed_before_may_fail_again(letters: Run, inbox: Path) -> None:
    for _ in range(2):
        put(inbox, "1", client="nobody")
        letters("watch", inbox, "--once")
    assert sorted(path.name for path in (inbox / "failed").iterdir()) == ["1", "1.2"]


def test_what_went_aside_comes_in_when_it_is_mended_and_put_back(
    app: Flask, letters: Run, inbox: Path
) -> None:
    put(inbox, "1", client="nobody")
    letters("watch", inbox, "--once")
    for path in sorted((inbox / "failed" / "1").glob("1.*")):
        path.rename(inbox / path.name)
    (inbox / "1.json").write_text(json.dumps({"client": JANA.reference}))
    assert letters("watch", inbox, "--once").exit_code == 0
    assert kept(app)[0] == 1


def test_a_folder_that_everybody_can_reach_is_refused(letters: Run, inbox: Path) -> None:
    inbox.chmod(0o755)
    assert "chmod o=" in letters("watch", inbox, "--once").stderr
    inbox.chmod(0o770)
    assert letters("watch", inbox, "--once").exit_code == 0


def test_a_folder_within_that_is_not_ours_alone_is_refused(letters: Run, inbox: Path, tmp_path: Path) -> None:
    """Somebody who may write here must not have us delete something else."""
    (tmp_path / "precious" / "files").mkdir(parents=True)
    (inbox / "done").symlink_to(tmp_path / "precious")
    result = letters("watch", inbox, "--once")
    assert "must be a folder that its owner alone can enter" in result.stderr
    assert (tmp_path / "precious" / "files").exists()


def test_a_store_that_is_away_keeps_the_letter_until_it_is_back(
    app: Flask, letters: Run, inbox: Path, var: Path
) -> None:
    put(inbox, "1")
    (var / "letters").rename(var / "away")
    (var / "letters").touch()
    result = letters("watch", inbox, "--once")
    assert (result.exit_code, kept(app)) == (1, NOTHING)
    assert "the folder is not mounted" in result.stderr
    (var / "letters").unlink()
    (var / "away").rename(var / "letters")
    assert letters("watch", inbox, "--once").exit_code == 0
    assert (lying(inbox), kept(app)[0]) == ([], 1)


def test_another_watcher_stands_by_and_takes_over(app: Flask, inbox: Path, var: Path) -> None:
    """Between looks the folder is free; while one is at a letter, the other waits."""
    with watching(inbox, var) as first, watching(inbox, var) as second:
        for number in range(20):
            put(inbox, f"{number}")
        until(lambda: kept(app)[0] > 3)
        first.kill()
        until(lambda: kept(app)[0] == 20 and lying(inbox) == [])
        second.send_signal(signal.SIGTERM)
        assert second.wait(10) == 0
    assert kept(app)[:4] == (20,) * 4  # a kill may leave a file that nobody can open
