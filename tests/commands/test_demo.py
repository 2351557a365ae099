"""The demo as a newcomer starts it: real processes on real ports."""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from zone.commands.children import ChildFailed, Children
from zone.config import PROJECT
from zone.demo.people import PEOPLE

PATIENCE = 30.0
DEMO = (sys.executable, "-m", "flask", "--app", "wsgi", "demo")


class Running:
    """One `demo run`, with its port and all that it prints."""

    def __init__(self, var: Path, port: int | None = None) -> None:
        self.port = port or _free_port()
        self.var = var
        self.process = subprocess.Popen(
            [*DEMO, "run"],
            cwd=PROJECT,
            env=_environment(var, self.port),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def is_ready(self) -> bool:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)) as connection:
            try:
                connection.request("GET", "/healthz")
                return connection.getresponse().status == 200
            except OSError:
                return False

    def begin(self) -> Running:
        _until(self.is_ready)
        return self

    def end(self, number: signal.Signals = signal.SIGINT) -> str:
        self.process.send_signal(number)
        said, _ = self.process.communicate(timeout=PATIENCE)
        return said.decode()

    def descendants(self) -> set[int]:
        listed = subprocess.run(
            ["ps", "-A", "-o", "pid=,ppid="], stdout=subprocess.PIPE, text=True, check=True
        ).stdout
        parents = {int(pid): int(parent) for pid, parent in map(str.split, listed.splitlines())}
        found = {self.process.pid}
        while more := {pid for pid, parent in parents.items() if parent in found} - found:
            found |= more
        return found - {self.process.pid}


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo's folder after its first seeding."""
    var = tmp_path_factory.mktemp("seeded") / "var"
    done = _demo(var, "seed")
    assert "here now" in done.stdout, done.stderr
    return var


@pytest.fixture
def var(seeded: Path, tmp_path: Path) -> Path:
    shutil.copytree(seeded, tmp_path / "var")
    return tmp_path / "var"


@pytest.fixture
def start() -> Iterator[Callable[..., Running]]:
    """Starts demos, and sees to it that none outlives the test."""
    started: list[Running] = []

    def run(var: Path, port: int | None = None) -> Running:
        started.append(Running(var, port))
        return started[-1]

    yield run
    for demo in started:
        if demo.process.poll() is None:
            demo.process.kill()
        demo.process.communicate()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_says_where_and_ends_with_all_that_it_started(
    var: Path, start: Callable[..., Running], number: signal.Signals
) -> None:
    demo = start(var).begin()
    children = demo.descendants()
    assert len(children) >= 3  # web with its worker process, and the worker
    time.sleep(0.5)
    began = time.monotonic()
    said = demo.end(number)
    assert demo.process.returncode == 0
    assert time.monotonic() - began < 8
    assert not _alive(children)
    assert f"http://127.0.0.1:{demo.port}/demo/" in said
    assert all(person.password in said for person in PEOPLE)


def test_the_letters_of_the_past_and_the_first_passwords_arrive_at_the_first_start(
    var: Path, start: Callable[..., Running]
) -> None:
    demo = start(var).begin()
    _until(lambda: len(list((var / "demo" / "mailbox").glob("*.eml"))) == 9)
    _until(lambda: len(list((var / "demo" / "phone").glob("*.json"))) == 2)
    demo.end()


def test_a_killed_demo_leaves_no_process_and_no_port_behind(var: Path, start: Callable[..., Running]) -> None:
    demo = start(var).begin()
    children = demo.descendants()
    demo.process.kill()
    demo.process.wait()
    _until(lambda: not _alive(children))
    start(var, demo.port).begin().end()


def test_two_run_side_by_side(seeded: Path, tmp_path: Path, start: Callable[..., Running]) -> None:
    demos = []
    for name in ("one", "two"):
        shutil.copytree(seeded, tmp_path / name)
        demos.append(start(tmp_path / name))
    for demo in demos:
        demo.begin()
    for demo in demos:
        demo.end()
        assert demo.process.returncode == 0


def test_a_taken_port_is_told_before_anything_is_done(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = _demo(tmp_path / "var", "run", port=port)
    assert done.returncode == 1
    assert f"Port {port} cannot be used" in done.stderr
    assert not _rows(tmp_path / "var", "sqlite_master")


def test_a_folder_in_use_is_neither_run_on_nor_thrown_away(var: Path, start: Callable[..., Running]) -> None:
    demo = start(var).begin()
    for command in ("run", "reset"):
        done = _demo(var, command)
        assert done.returncode == 1
        assert f"A demo is running on {var}" in done.stderr
    assert demo.is_ready()
    demo.end()


def test_a_reset_takes_all_of_the_demo_and_nothing_else(var: Path, start: Callable[..., Running]) -> None:
    start(var).begin().end()
    (var / "letters" / "mine.txt").write_text("not the demo's")
    (var / "notes").mkdir()
    assert _demo(var, "reset").returncode == 0
    assert sorted(path.relative_to(var).as_posix() for path in var.rglob("*")) == [
        "letters",
        "letters/mine.txt",
        "notes",
    ]
    assert "here now" in _demo(var, "seed").stdout


def test_a_reset_leaves_a_database_alone_that_lies_elsewhere(var: Path, tmp_path: Path) -> None:
    environment = {**_environment(var, 8000), "ZONE_DATABASE_URL": f"sqlite:///{tmp_path / 'other.db'}"}
    done = subprocess.run([*DEMO, "reset"], cwd=PROJECT, env=environment, capture_output=True, text=True)
    assert done.returncode == 1
    assert "empty it yourself" in done.stderr
    assert (var / "keys.json").exists()


@pytest.mark.parametrize("after", [1.3, 2.1])
def test_a_seeding_that_is_killed_begins_anew(tmp_path: Path, after: float) -> None:
    var = tmp_path / "var"
    first = subprocess.Popen(
        [*DEMO, "seed"], cwd=PROJECT, env=_environment(var, 8000), stdout=subprocess.DEVNULL
    )
    time.sleep(after)
    first.kill()
    first.wait()
    assert _demo(var, "seed").returncode == 0
    assert _rows(var, "account") == len(PEOPLE)
    assert _rows(var, "copy") == 13


def test_a_child_that_ends_at_once_ends_the_demo() -> None:
    children = Children({"web": ("__future__",)}, folder=PROJECT)
    with children.running(), pytest.raises(ChildFailed, match="the web"):
        _until(children.restart_ended)


def _environment(var: Path, port: int) -> dict[str, str]:
    return {**os.environ, "ZONE_MODE": "demo", "ZONE_VAR": str(var), "PORT": str(port)}


def _demo(var: Path, command: str, *, port: int | None = None) -> subprocess.CompletedProcess[str]:
    environment = _environment(var, port or _free_port())
    return subprocess.run(
        [*DEMO, command], cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=60
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _rows(var: Path, table: str) -> int:
    with closing(sqlite3.connect(var / "zone.db")) as database:
        return int(database.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def _alive(pids: set[int]) -> set[int]:
    """Those of `pids` that still run; a zombie waits for nothing but to be counted."""
    listed = subprocess.run(
        ["ps", "-A", "-o", "pid=,stat="], stdout=subprocess.PIPE, text=True, check=True
    ).stdout
    rows = [line.split() for line in listed.splitlines()]
    return {int(pid) for pid, state in rows if not state.startswith("Z")} & pids


def _until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)
