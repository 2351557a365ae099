"""The child: what it says of faulty letters, and how it is confined while it works."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from io import BytesIO
from pathlib import Path

import pikepdf
from hypothesis import given, settings

from tests.letters.encryption.hostile import slow
from tests.letters.encryption.mutations import mutated_letters
from zone.letters.encryption import CannotEncrypt, Limits, Problem, child, encrypt
from zone.secret import Secret

PASSWORD = "canary-Čerešňa"


@settings(max_examples=200, deadline=None)
@given(source=mutated_letters())
def test_the_answer_is_a_known_problem_or_a_letter_that_opens(source: bytes) -> None:
    answer = BytesIO(child.answer(BytesIO(source), PASSWORD, max_pages=10))
    header = child.read_header(answer)
    if "problem" in header:
        assert header["problem"] in Problem.__members__
        return
    with pikepdf.open(answer, password=PASSWORD) as opened:
        assert len(opened.pages) == header["pages"]


class Working:
    """An encryption under way, its child, and how it ended."""

    def __init__(self) -> None:
        self.problem: Problem | None = None
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
        self.child = _child_of(os.getpid())

    def _run(self) -> None:
        try:
            encrypt(slow(), Secret(PASSWORD))
        except CannotEncrypt as refused:
            self.problem = refused.problem

    def kill(self) -> None:
        os.kill(self.child, signal.SIGKILL)
        self._thread.join()


def _child_of(parent: int) -> int:
    """The number of the one child script that this process runs, as soon as it has confined itself."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        for process in Path("/proc").glob("[0-9]*"):
            pid = int(process.name)
            if _parent(pid) == parent and b"child.py" in _shown(pid) and _is_confined(pid):
                return pid
        time.sleep(0.01)
    raise AssertionError("no child has come up")


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except (FileNotFoundError, ProcessLookupError):  # it ended meanwhile
        return b""


def _parent(pid: int) -> int:
    after_name = _read(Path(f"/proc/{pid}/stat")).rpartition(b")")[2].split()
    return int(after_name[1]) if after_name else 0


def _shown(pid: int) -> bytes:
    """What every neighbour may read of a process; nothing once it is dead."""
    return _read(Path(f"/proc/{pid}/cmdline")) + _read(Path(f"/proc/{pid}/environ"))


def _limits(pid: int) -> dict[str, str]:
    rows = _read(Path(f"/proc/{pid}/limits")).decode().splitlines()[1:]
    return {row[:26].strip(): row[26:47].strip() for row in rows}


def _is_confined(pid: int) -> bool:
    """Whether the last of the limits is set."""
    return _limits(pid).get("Max address space") == str(Limits().memory_bytes)


def test_the_working_child_is_confined_and_shows_the_password_to_no_neighbour() -> None:
    working = Working()
    limits, shown = _limits(working.child), _shown(working.child)
    working.kill()
    assert limits["Max core file size"] == limits["Max file size"] == "0"
    assert limits["Max cpu time"] == "20"
    assert limits["Max open files"] == "16"
    assert b"child.py" in shown
    assert b"canary" not in shown


def test_a_child_killed_by_the_kernel_ran_out_of_memory() -> None:
    working = Working()
    working.kill()
    assert working.problem is Problem.TOO_MUCH_MEMORY


def test_the_child_dies_with_an_interrupted_parent() -> None:
    script = """
from tests.letters.encryption.hostile import slow
from zone.letters.encryption import encrypt
from zone.secret import Secret
encrypt(slow(), Secret("1234"))
"""
    command = [sys.executable, "-c", script]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as parent:
        grandchild = _child_of(parent.pid)
        parent.send_signal(signal.SIGINT)
        parent.wait(timeout=5)
    assert not _shown(grandchild)
