"""The child: what it says of faulty letters, and how it is confined while it works."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given, settings

from tests.letters.encryption.hostile import slow, stream
from tests.letters.encryption.mutations import mutated_letters
from tests.letters.encryption.structures import NOT_SPLICEABLE, hello
from tests.letters.samples import letter_pdf
from zone.config import LetterRules
from zone.letter_passwords.letter_key import derive
from zone.letters.encryption import CannotEncrypt, Encryptor, EncryptorAway, Problem, child
from zone.letters.encryption.file_key import fresh_file_key
from zone.secret import Secret

PASSWORD = "canary-Čerešňa"
KEY = derive(Secret(PASSWORD))
USUAL = LetterRules()


@settings(max_examples=200)
@given(source=mutated_letters())
def test_the_answer_is_a_known_problem_or_a_letter_that_opens(source: bytes) -> None:
    assert_answered(source)


@pytest.mark.parametrize("kind", NOT_SPLICEABLE)
def test_an_unusual_structure_ends_as_a_known_problem_or_a_letter_that_opens(kind: str) -> None:
    assert_answered(NOT_SPLICEABLE[kind]())


def assert_answered(source: bytes) -> None:
    header, content = child.answer(lambda: source, "encrypt", key=fresh_file_key(KEY).to_hex())
    if "problem" in header:
        assert header["problem"] in Problem.__members__
        return
    with pikepdf.open(BytesIO(content), password=PASSWORD) as opened:
        assert len(opened.pages) == header["pages"]


class Working:
    """An examination under way, its child, and how it ended."""

    def __init__(self, rules: LetterRules = USUAL) -> None:
        self.problem: Problem | None = None
        self.away = False
        self.detail = ""
        self._rules = rules
        self._others = _scripts_of(os.getpid())  # of encryptors that another test has left open
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
        self.child = _child_of(os.getpid(), but=self._others)

    def _run(self) -> None:
        try:
            with Encryptor(self._rules) as encryptor:
                encryptor.examine(slow())
        except CannotEncrypt as refused:
            self.problem, self.detail = refused.problem, refused.detail
        except EncryptorAway as away:
            self.away, self.detail = True, away.detail

    def end(self, number: signal.Signals) -> None:
        os.kill(self.child, number)
        self._thread.join()

    def kill(self) -> None:
        """The child, and the fresh one that is asked after it."""
        os.kill(self.child, signal.SIGKILL)
        os.kill(_child_of(os.getpid(), but={*self._others, self.child}), signal.SIGKILL)
        self._thread.join()


def _child_of(parent: int, but: Collection[int] = ()) -> int:
    """The number of the one further child script that this process runs, as soon as it has confined itself."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        for pid in _scripts_of(parent).difference(but):
            if _is_confined(pid):
                return pid
        time.sleep(0.01)
    raise AssertionError("no child has come up")


def _scripts_of(parent: int) -> set[int]:
    """The numbers of all child scripts that this process runs."""
    everybody = (int(process.name) for process in Path("/proc").glob("[0-9]*"))
    return {pid for pid in everybody if _parent(pid) == parent and b"encryption.child" in _shown(pid)}


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
    return _limits(pid).get("Max address space") == str(USUAL.memory_mib * 1024 * 1024)


def test_the_working_child_is_confined_and_shows_the_password_to_no_neighbour() -> None:
    working = Working()
    limits, shown = _limits(working.child), _shown(working.child)
    working.kill()
    assert limits["Max core file size"] == limits["Max file size"] == "0"
    assert 20 <= int(limits["Max cpu time"]) <= 23  # what it took to start is not counted
    assert limits["Max open files"] == "3"
    assert limits["Max processes"] == "0"
    assert b"encryption.child" in shown
    assert b"canary" not in shown


def test_who_kills_two_fresh_children_says_nothing_of_the_letter() -> None:
    working = Working()
    working.kill()
    assert (working.problem, working.away, working.detail) == (None, True, "signal 9")


def test_a_child_killed_by_a_fault_of_its_own_is_a_verdict() -> None:
    working = Working()
    working.end(signal.SIGSEGV)
    assert (working.problem, working.detail) == (Problem.FAILED, "signal 11")


def test_no_child_to_be_had_says_nothing_of_the_letter() -> None:
    letter = letter_pdf()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with Encryptor() as encryptor:
        resource.setrlimit(resource.RLIMIT_NOFILE, (3, hard))
        try:
            with pytest.raises(EncryptorAway):
                encryptor.examine(letter)
            with pytest.raises(EncryptorAway):
                encryptor.encrypt(letter, KEY)
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        assert encryptor.encrypt(letter, KEY).pages == 1


def test_a_letter_that_was_let_in_is_not_condemned_for_what_the_machine_lacks() -> None:
    with Encryptor(LetterRules(cpu_seconds=1)) as encryptor, pytest.raises(EncryptorAway) as away:
        encryptor.encrypt(slow(), KEY)
    assert away.value.detail.startswith("TOOK_TOO_LONG: ")


def test_there_are_never_more_children_than_places() -> None:
    before, most = _children(), 0
    with Encryptor(most_children=2) as encryptor, ThreadPoolExecutor(8) as threads:
        letters = [threads.submit(encryptor.encrypt, letter_pdf(), KEY) for _ in range(40)]
        while not all(letter.done() for letter in letters):
            most = max(most, len(_children() - before))
        assert {letter.result().pages for letter in letters} == {1}
        assert 0 < len(_children() - before) <= 2
    assert most == 2


def test_who_waits_too_long_for_a_child_is_told_to_come_again() -> None:
    with Encryptor(LetterRules(cpu_seconds=2), most_children=1, longest_wait=0.2) as encryptor:
        with ThreadPoolExecutor(1) as thread:
            busy = thread.submit(encryptor.examine, slow())
            _child_of(os.getpid())
            with pytest.raises(EncryptorAway) as away:
                encryptor.encrypt(letter_pdf(), KEY)
        assert isinstance(busy.exception(), CannotEncrypt)
    assert away.value.detail == "all 1 children were busy for 0.2 s"


def test_a_child_that_does_not_get_on_is_given_up() -> None:
    working = Working(LetterRules(cpu_seconds=1))
    working.end(signal.SIGSTOP)
    assert (working.problem, working.detail) == (Problem.TOOK_TOO_LONG, "2.0 s")


def test_the_child_dies_with_an_interrupted_parent() -> None:
    script = """
from tests.letters.encryption.hostile import slow
from tests.letters.encryption.test_child import KEY
from zone.config import LetterRules
from zone.letters.encryption import Encryptor
Encryptor(LetterRules(cpu_seconds=600)).encrypt(slow(), KEY)
"""
    command = [sys.executable, "-c", script]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as parent:
        grandchild = _child_of(parent.pid)
        parent.send_signal(signal.SIGINT)
        parent.wait(timeout=60)  # long on a busy machine, and far shorter than the letter would take
    assert not _shown(grandchild)


def test_a_child_serves_many_letters_and_gives_each_its_own_time() -> None:
    with Encryptor(LetterRules(cpu_seconds=1)) as encryptor:
        before = _children()
        assert encryptor.encrypt(letter_pdf(), KEY).engine == "splice"
        (pid,) = _children() - before
        begun, large = time.monotonic(), hello(stream(bytes(10_000_000)))
        while _processor_seconds(pid) < 1.5 and time.monotonic() - begun < 60:
            assert encryptor.encrypt(large, KEY).engine == "splice"
        assert _children() - before == {pid}
    assert not _children() - before


@pytest.mark.parametrize("odd", [b"no PDF", hello(trailer=b"/Info<<>>")])
def test_a_child_that_met_an_odd_letter_meets_no_other(odd: bytes) -> None:
    with Encryptor() as encryptor:
        before = _children()
        encryptor.encrypt(letter_pdf(), KEY)
        with suppress(CannotEncrypt):
            assert encryptor.encrypt(odd, KEY).engine == "pypdf"
        assert not _children() - before
        assert encryptor.encrypt(letter_pdf(), KEY).engine == "splice"


def test_a_child_that_died_between_two_letters_costs_none_of_them() -> None:
    with Encryptor() as encryptor:
        before = _children()
        encryptor.encrypt(letter_pdf(), KEY)
        (pid,) = _children() - before
        os.kill(pid, signal.SIGKILL)
        assert encryptor.encrypt(letter_pdf(), KEY).pages == 1


def test_a_forked_process_asks_children_of_its_own() -> None:
    with Encryptor() as encryptor:
        before, others = _children(), _open_pipes()
        encryptor.encrypt(letter_pdf(), KEY)
        (mine,) = _children() - before
        pipes = _open_pipes() - others
        forked = os.fork()
        if forked == 0:
            left = not pipes & _open_pipes()
            encrypted = encryptor.encrypt(letter_pdf(), KEY).pages == 1
            encryptor.close()
            os._exit(0 if left and encrypted else 1)
        assert os.waitpid(forked, 0)[1] == 0
        assert encryptor.encrypt(letter_pdf(), KEY).engine == "splice"
        assert _children() - before == {mine}


def _open_pipes() -> set[str]:
    paths = (str(path.readlink()) for path in Path("/proc/self/fd").iterdir() if path.is_symlink())
    return {path for path in paths if path.startswith("pipe:")}


def _children() -> set[int]:
    return {int(path.name) for path in Path("/proc").glob("[0-9]*") if _parent(int(path.name)) == os.getpid()}


def _processor_seconds(pid: int) -> float:
    ticks = _read(Path(f"/proc/{pid}/stat")).rpartition(b")")[2].split()[11:13]
    return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")
