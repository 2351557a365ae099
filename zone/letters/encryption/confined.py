"""One child process, seen from outside: asked letter by letter, and killed when it does not answer in time."""

from __future__ import annotations

import json
import os
import selectors
import signal
import subprocess
import sys
from collections.abc import Iterator
from time import monotonic
from typing import IO, Any, Final, cast

from zone.config import PROJECT, LetterRules
from zone.letters.encryption.errors import CannotEncrypt, EncryptorAway, Problem
from zone.letters.encryption.messages import PREFIX, prefixed

MEBIBYTE: Final = 1024 * 1024
CHUNK_BYTES: Final = 256 * 1024
LARGEST_HEADER: Final = 64 * 1024

# How long a letter may take, by the processor time that it may take: a machine has other work too.
WALL_TO_CPU: Final = 2.0

# An object stream that comes out unpacked makes a letter larger, never this much.
GROWTH: Final = 4

UNINTELLIGIBLE: Final = "unintelligible answer"

# By which signals a letter ends its child. Rust, within `cryptography`, aborts where it gets no memory. All others
# come from elsewhere: a kernel that has no memory left, a container that is stopped.
PROBLEM_OF_SIGNAL: Final[dict[int, Problem]] = {
    signal.SIGXCPU: Problem.TOOK_TOO_LONG,
    signal.SIGABRT: Problem.TOO_MUCH_MEMORY,
    signal.SIGSEGV: Problem.FAILED,
    signal.SIGBUS: Problem.FAILED,
    signal.SIGILL: Problem.FAILED,
    signal.SIGFPE: Problem.FAILED,
}

# Isolated from the user's environment and packages; the project is the one thing added to its path.
START: Final = (
    "import sys; sys.path.insert(0, sys.argv.pop(1)); from zone.letters.encryption.child import main; main()"
)


class Confined:
    """A running child. Raises `EncryptorAway` if none can be started."""

    def __init__(self, rules: LetterRules) -> None:
        self.letters = 0
        self._wall_seconds = WALL_TO_CPU * rules.cpu_seconds
        self._most_bytes = GROWTH * rules.max_bytes
        confined = json.dumps({"cpu_seconds": rules.cpu_seconds, "memory_bytes": rules.memory_mib * MEBIBYTE})
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and script, no shell
                [sys.executable, "-I", "-c", START, str(PROJECT), confined],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,  # pypdf's warnings quote the letter
                bufsize=0,
                cwd="/",
                env={},
                start_new_session=True,
            )
        except OSError as error:
            raise EncryptorAway(f"no child: {error.strerror}") from error
        os.set_blocking(self._stdin.fileno(), False)

    def ask(self, header: dict[str, Any], body: bytes) -> tuple[dict[str, Any], bytes]:
        """The child's answer, which is not to be trusted: a hostile document may have taken it over.

        Raises `CannotEncrypt`, or `EncryptorAway` if the child was ended from elsewhere or there is no file
        descriptor to wait with. Whatever is raised, the child is dead.
        """
        self.letters += 1
        try:
            return self._exchange([memoryview(prefixed(header, len(body))), memoryview(body)])
        except OSError as error:
            self.kill()
            raise EncryptorAway(f"no exchange: {error.strerror}") from error
        except BaseException:
            self.kill()
            raise

    def kill(self) -> None:
        """End the child, at once."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self.leave()

    def leave(self) -> None:
        """Let go of the pipes, and of nothing else."""
        self._process.poll()  # or Popen would complain of a process that it has lost
        self._stdin.close()
        self._stdout.close()

    @property
    def _stdin(self) -> IO[bytes]:
        return cast("IO[bytes]", self._process.stdin)

    @property
    def _stdout(self) -> IO[bytes]:
        return cast("IO[bytes]", self._process.stdout)

    def _exchange(self, unsent: list[memoryview]) -> tuple[dict[str, Any], bytes]:
        """Write the question and read the answer at the same time, so that neither side can block the other."""
        answer = bytearray()
        with selectors.DefaultSelector() as pipes:
            pipes.register(self._stdin, selectors.EVENT_WRITE)
            pipes.register(self._stdout, selectors.EVENT_READ)
            for pipe in self._ready(pipes):
                if pipe == self._stdin.fileno():
                    unsent = _send(pipe, unsent)
                    if not unsent:
                        pipes.unregister(self._stdin)
                elif chunk := os.read(pipe, CHUNK_BYTES):
                    answer += chunk
                    if (size := self._size(answer)) is not None and len(answer) >= size:
                        return _understood(answer, size)
                else:
                    raise self._death()
        raise AssertionError("unreachable")

    def _ready(self, pipes: selectors.BaseSelector) -> Iterator[int]:
        """The pipes that can be written to or read from, until the time of this letter is over."""
        deadline = monotonic() + self._wall_seconds
        while (left := deadline - monotonic()) > 0:
            for key, _ in pipes.select(left):
                yield key.fd
        raise CannotEncrypt(Problem.TOOK_TOO_LONG, f"{self._wall_seconds} s")

    def _size(self, answer: bytearray) -> int | None:
        """How long the answer is going to be, once that is known."""
        if len(answer) < PREFIX.size:
            return None
        header, body = PREFIX.unpack_from(answer)
        if body > self._most_bytes:
            raise CannotEncrypt(Problem.TOO_LARGE, "after encryption")
        if header > LARGEST_HEADER:
            raise CannotEncrypt(Problem.FAILED, UNINTELLIGIBLE)
        return PREFIX.size + int(header) + int(body)

    def _death(self) -> CannotEncrypt | EncryptorAway:
        try:
            code = self._process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            return EncryptorAway("no answer")
        if code >= 0:
            return EncryptorAway(f"exit status {code}")
        problem, detail = PROBLEM_OF_SIGNAL.get(-code), f"signal {-code}"
        return EncryptorAway(detail) if problem is None else CannotEncrypt(problem, detail)


def _send(pipe: int, unsent: list[memoryview]) -> list[memoryview]:
    """Write what the pipe takes now; nothing remains for a child that is gone."""
    try:
        written = os.write(pipe, unsent[0][:CHUNK_BYTES])
    except BrokenPipeError:
        return []
    return [unsent[0][written:], *unsent[1:]] if written < len(unsent[0]) else unsent[1:]


def _understood(answer: bytearray, size: int) -> tuple[dict[str, Any], bytes]:
    body = PREFIX.size + PREFIX.unpack_from(answer)[0]
    try:
        header = json.loads(answer[PREFIX.size : body])
    except ValueError as error:
        raise CannotEncrypt(Problem.FAILED, UNINTELLIGIBLE) from error
    if len(answer) > size or not isinstance(header, dict):
        raise CannotEncrypt(Problem.FAILED, UNINTELLIGIBLE)
    return header, bytes(memoryview(answer)[body:])
