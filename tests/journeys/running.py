"""A zone of a journey's own: the real processes, as `make demo` starts them, on a free port and in a fresh folder."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from tests.journeys.leaks import leaks
from zone.config import PROJECT

Found = TypeVar("Found")
# How the demo's two processes are known by their command lines.
WEB, WORKER = "zone.commands.tied gunicorn", "zone.commands.tied flask --app wsgi worker"
FLASK = (sys.executable, "-m", "flask", "--app", "wsgi")
PATIENCE = 30.0  # seconds; generous, as two cores may run two browsers at once
SETTLED = 6.0  # seconds after which the demo takes a process's end for an accident


@dataclass(frozen=True)
class Persona:
    """Somebody of `/demo/`."""

    name: str
    email: str
    password: str
    phone: str | None


class Zone:
    """One running demo."""

    def __init__(self, var: Path) -> None:
        self._port = _free_port()
        self.url = f"http://127.0.0.1:{self._port}"
        self._environment = {**os.environ, "ZONE_MODE": "demo", "ZONE_VAR": str(var), "PORT": str(self._port)}
        self._database = var / "zone.db"
        self._log = var.with_name(f"{var.name}.log")
        self._demo: subprocess.Popen[bytes] | None = None
        self._frozen: list[int] = []
        self._since = 0.0

    def start(self) -> None:
        """Begin, and wait until `/healthz` answers."""
        with self._log.open("wb") as log:
            self._demo = subprocess.Popen(
                [*FLASK, "demo", "run"],
                cwd=PROJECT,
                env=self._environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        until(self._is_ready, f"the demo to start; it said {self._log}")
        self._since = time.monotonic()

    def stop(self) -> None:
        """End all of it, as Ctrl-C does, and see that it leaves no secret behind."""
        assert self._demo is not None
        self.thaw()
        texts = [sms["text"] for sms in self.read("/demo/phone")]
        self._demo.send_signal(signal.SIGINT)
        assert self._demo.wait(PATIENCE) == 0, self._log.read_text()
        assert leaks(self._database.parent, self.said(), texts) == []

    def said(self) -> str:
        """What the processes have printed."""
        return self._log.read_text()

    def persona(self, name: str) -> Persona:
        """Who is called so."""
        people = {person["name"]: person for person in self.read("/demo/")}
        return Persona(**{key: people[name][key] for key in ("name", "email", "password", "phone")})

    def texts(self, number: str | None) -> list[str]:
        """The SMS on the phone with that number, newest first."""
        return [sms["text"] for sms in self.read(f"/demo/phone?{urlencode({'number': number})}")]

    def next_text(self, number: str | None, *, after: int = 0) -> str:
        """The newest SMS on that phone, once there are more than `after`."""

        def arrived() -> str | None:
            texts = self.texts(number)
            return texts[0] if len(texts) > after else None

        return until(arrived, f"an SMS to {number}")

    def letters(self, email: str) -> list[bytes]:
        """The attachments in the mailbox of that address, newest first."""
        mails = self.read(f"/demo/mailbox?{urlencode({'to': email})}")
        return [self._get(file["url"], "*/*") for mail in mails for file in mail["attachments"]]

    def next_letter(self, email: str, *, after: int = 0) -> bytes:
        """The newest letter in that mailbox, once there are more than `after`."""

        def arrived() -> bytes | None:
            letters = self.letters(email)
            return letters[0] if len(letters) > after else None

        return until(arrived, f"a letter to {email}")

    def has_sent_everything(self) -> bool:
        """Whether nothing is left in the outbox."""
        return self._count("message WHERE status IN ('queued', 'sending')") == 0

    def events(self, tag: str) -> int:
        """How many of that kind are in the trail."""
        return self._count("event WHERE tag = ?", tag)

    def client_id(self, name: str) -> int:
        """The row number of the client who is called so, by which support's pages know them."""
        with closing(sqlite3.connect(self._database)) as database:
            return int(database.execute("SELECT id FROM client WHERE name = ?", (name,)).fetchone()[0])

    def change(self, statement: str, *values: str) -> None:
        """Have the database say something else, as if time had passed."""
        with closing(sqlite3.connect(self._database, timeout=PATIENCE)) as database, database:
            database.execute(statement, values)

    def run(self, *arguments: str) -> str:
        """What `flask --app wsgi …` prints."""
        done = subprocess.run(
            [*FLASK, *arguments],
            cwd=PROJECT,
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def freeze(self, program: str) -> None:
        """Stop the `WEB` or the `WORKER` where it is, as a machine under too much load does."""
        until(lambda: self._freeze(program), f"the {program} to hold no lock")

    def thaw(self) -> None:
        """Let what was frozen go on."""
        for pid in self._frozen:
            os.kill(pid, signal.SIGCONT)
        self._frozen = []

    def kill(self, program: str) -> None:
        """End the `WEB` or the `WORKER` in the midst of what it does, and wait for the demo to start another."""
        time.sleep(max(0.0, self._since + SETTLED - time.monotonic()))
        victims = self._processes(program)
        for pid in victims:
            os.kill(pid, signal.SIGKILL)
        self._frozen = [pid for pid in self._frozen if pid not in victims]
        until(lambda: set(self._processes(program)) - set(victims), f"another {program}")
        until(self._is_ready, "the demo to answer again")
        self._since = time.monotonic()

    def read(self, path: str) -> Any:
        """The JSON at `path`."""
        return json.loads(self._get(path, "application/json"))

    def _count(self, rows: str, *values: str) -> int:
        with closing(sqlite3.connect(self._database)) as database:
            return int(database.execute(f"SELECT COUNT(*) FROM {rows}", values).fetchone()[0])

    def _get(self, path: str, accept: str) -> bytes:
        url = path if path.startswith("http") else self.url + path
        with urlopen(Request(url, headers={"Accept": accept}), timeout=PATIENCE) as response:
            content: bytes = response.read()
        return content

    def _freeze(self, program: str) -> bool:
        """Not within a transaction, or everybody else would freeze with it."""
        self._frozen = self._processes(program)
        assert self._frozen, program
        for pid in self._frozen:
            os.kill(pid, signal.SIGSTOP)
        with closing(sqlite3.connect(self._database, timeout=0, isolation_level=None)) as database:
            try:
                database.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                self.thaw()
                return False
        return True

    def _processes(self, program: str) -> list[int]:
        """The demo's processes whose command line names `program`, and what those have started."""
        assert self._demo is not None
        command = ["ps", "-axww", "-o", "pid=,ppid=,command="]
        listed = subprocess.run(command, capture_output=True, text=True, check=True)
        rows = [line.split(maxsplit=2) for line in listed.stdout.splitlines()]
        ours = {int(pid) for pid, parent, line in rows if int(parent) == self._demo.pid and program in line}
        return [int(pid) for pid, parent, _ in rows if ours & {int(pid), int(parent)}]

    def _is_ready(self) -> bool:
        assert self._demo is not None
        assert self._demo.poll() is None, self._log.read_text()
        try:
            return bool(self.read("/healthz")["ready"])
        except (URLError, ConnectionError, TimeoutError):
            return False


def make_template(folder: Path) -> None:
    """Make `folder` what a demo leaves behind once its letters have arrived."""
    folder.mkdir()
    zone = Zone(folder)
    zone.start()
    until(zone.has_sent_everything, "the first letters to go out")
    zone.stop()


def begin_from(template: Path, var: Path) -> Zone:
    """A started zone on a copy of `template`."""
    shutil.copytree(template, var)
    zone = Zone(var)
    zone.start()
    return zone


def until(ask: Callable[[], Found | None], what: str) -> Found:
    """The first answer that is not empty."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if answer := ask():
            return answer
        time.sleep(0.05)
    raise AssertionError(f"waited {PATIENCE:.0f} s in vain for {what}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
