"""A batch and the worker beside it are killed again and again: each letter once, none lost, none in clear."""

from __future__ import annotations

import logging
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import IO

import pikepdf
import pytest
from peewee import Database
from reportlab.pdfgen.canvas import Canvas

from tests.disguises import disguises
from tests.everything import snapshot
from tests.messages.outbox_parts import until
from tests.people import JANA, MARIA, PETER, make_client
from tests.smtp_server import SmtpServer, running
from tests.torture.test_kills import nothing_is_open
from zone.app import create_app
from zone.config import PROJECT
from zone.environment import load
from zone.letters.intake import source_of
from zone.letters.models import Copy, Letter
from zone.messages.handover import Status
from zone.messages.models import Message
from zone.parts import Parts
from zone.storage import accompany

log = logging.getLogger(__name__)

PASSWORDS = {JANA.reference: "2375", PETER.reference: "3744", MARIA.reference: "417"}
MARK = "KANARIK-V-LISTE"
SLOWEST_KILL = 0.02
PATIENCE = 5.0


@dataclass
class Lives:
    """Orders to a nursery of batches and workers."""

    orders: IO[str]
    answers: IO[str]

    def order(self, what: str) -> int:
        self.orders.write(f"{what}\n")
        self.orders.flush()
        return int(self.answers.readline())


@contextmanager
def nursery(folder: Path, settings: dict[str, str]) -> Iterator[Lives]:
    command = [sys.executable, "-m", "tests.torture.batch_nursery"]
    command += [str(folder / "manifest.csv"), str(folder / "log")]
    with subprocess.Popen(
        command, cwd=PROJECT, env=settings, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield Lives(process.stdin, process.stdout)


@pytest.mark.parametrize(("letters", "kills"), [(30, 6), pytest.param(2000, 300, marks=pytest.mark.torture)])
def test_kills_during_a_batch(
    database: Database, database_url: str, tmp_path: Path, letters: int, kills: int
) -> None:
    with running(SmtpServer(), None) as server:
        settings = {
            "ZONE_MODE": "demo",
            "ZONE_VAR": str(tmp_path / "var"),
            "ZONE_DATABASE_URL": database_url,
            "ZONE_MAIL_URL": f"smtp://127.0.0.1:{server.port}?tls=off",
        }
        parts: Parts = create_app(load(settings)).extensions["zone"]
        accompany(database, parts.vault)
        for person in (JANA, PETER, MARIA):
            make_client(parts.vault, person)
        write_batch(tmp_path, letters)
        with nursery(tmp_path, settings) as lives:
            torment(lives, letters, kills)
            assert lives.order(f"end {lives.order('batch')} 0") == 0, (tmp_path / "log").read_text()
            worker = lives.order("work")
            until(nothing_is_open, seconds=30 + letters / 10)
            lives.order(f"end {worker} {int(signal.SIGKILL)}")
    mails = {reference_of(mail.content): mail.content for mail in server.mails}
    assert len(mails) == len(server.mails), "a message was handed over twice"
    check_outcomes(mails, letters, kills)
    check_contents(parts, mails)
    check_nothing_is_in_clear(database, tmp_path, mails)


def torment(lives: Lives, letters: int, kills: int) -> None:
    """A batch and a worker at a time, one of which is killed every moment until about all letters are through."""
    living = {what: lives.order(what) for what in ("batch", "work")}
    for _ in range(kills):
        far = progress() + random.randint(0, 4 * letters // kills)
        end = time.monotonic() + random.uniform(0, PATIENCE)
        while progress() < far and time.monotonic() < end:
            time.sleep(0.002)
        time.sleep(random.uniform(0, SLOWEST_KILL))
        what = random.choice(list(living))
        lives.order(f"end {living[what]} {int(signal.SIGKILL)}")
        living[what] = lives.order(what)
    for pid in living.values():
        lives.order(f"end {pid} {int(signal.SIGKILL)}")


def progress() -> int:
    """Letters in, and letters out."""
    return Letter.select().count() + Message.select().where(Message.status == Status.SENT).count()


def write_batch(folder: Path, letters: int) -> None:
    """Letters that say in clear whose they are, every other one with a name of its own."""
    rows = ["file;client;external_id"]
    for number in range(letters):
        client = list(PASSWORDS)[number % 3]
        (folder / f"{number}.pdf").write_bytes(document(text(client, number)))
        rows.append(f"{number}.pdf;{client};{f'E-{number}' if number % 2 else ''}")
    (folder / "manifest.csv").write_text("\n".join(rows))


def text(client: str, number: int) -> str:
    return f"{MARK} {client} {number:06}"


def document(said: str) -> bytes:
    """A PDF that holds these words, of 22 letters and digits, as they are."""
    place = "?" * len(text(JANA.reference, 0))
    assert len(said) == len(place)
    return template(place).replace(place.encode(), said.encode())


@cache
def template(place: str) -> bytes:
    result = BytesIO()
    canvas = Canvas(result, pageCompression=0)
    canvas.setTitle(place)
    canvas.drawString(70, 770, place)
    canvas.save()
    assert result.getvalue().count(place.encode()) == 2
    return result.getvalue()


def reference_of(mail: bytes) -> str:
    return str(message_from_bytes(mail)["Message-ID"]).strip("<>").partition("@")[0]


def check_outcomes(mails: dict[str, bytes], letters: int, kills: int) -> None:
    """Each letter is in once and has one copy; what was sent arrived, and what is unknown perhaps."""
    assert sorted(letter.subject for letter in Letter.select()) == sorted(map(str, range(letters)))
    copies = Copy.select(Copy, Letter, Message).join_from(Copy, Letter).join_from(Copy, Message)
    assert {copy.letter_id for copy in copies} == {letter.id for letter in Letter.select()}
    messages = [copy.message for copy in copies if copy.message]
    outcomes = Counter((message.status, message.reference in mails) for message in messages)
    log.warning("%d kills, %d letters: %s", kills, letters, dict(outcomes))
    assert sum(outcomes.values()) == Message.select().count() == letters
    assert outcomes.keys() <= {(Status.SENT, True), (Status.UNKNOWN, True), (Status.UNKNOWN, False)}
    assert len(mails) == outcomes[Status.SENT, True] + outcomes[Status.UNKNOWN, True]
    if kills >= 100:
        assert outcomes[Status.UNKNOWN, True] + outcomes[Status.UNKNOWN, False], "too tame"


def check_contents(parts: Parts, mails: dict[str, bytes]) -> None:
    """Each client gets their own letters, under their own password; what is kept is what came in."""
    for copy in Copy.select():
        client = copy.letter.client.reference
        said = text(client, int(copy.letter.subject))
        assert source_of(parts.intake, copy.letter) == document(said)
        assert copy.message is not None
        if mail := mails.get(copy.message.reference):
            attached = attachment(mail)
            with pytest.raises(pikepdf.PasswordError):
                pikepdf.open(BytesIO(attached))
            with pikepdf.open(BytesIO(attached), password=PASSWORDS[client]) as opened:
                assert said.encode() in opened.pages[0].Contents.read_bytes()


def attachment(mail: bytes) -> bytes:
    (content,) = [
        part.get_payload(decode=True)
        for part in message_from_bytes(mail).walk()
        if part.get_content_type() == "application/pdf"
    ]
    assert isinstance(content, bytes)
    return content


def check_nothing_is_in_clear(database: Database, folder: Path, mails: dict[str, bytes]) -> None:
    """Neither the letters' words nor a disguise of them in mails, letter store, database or logs."""
    needles = disguises(MARK)
    places = {f"mail {reference}": mail + attachment(mail) for reference, mail in mails.items()}
    places |= {str(path): path.read_bytes() for path in (folder / "var").rglob("*") if path.is_file()}
    places |= {name: (folder / name).read_bytes() for name in ("log", "zone.db") if (folder / name).exists()}
    places |= {table: "\n".join(rows).encode() for table, rows in snapshot(database).items()}
    assert [place for place, content in places.items() if any(needle in content for needle in needles)] == []
    assert len(places) > len(mails) * 2, "the letter store was not searched"
