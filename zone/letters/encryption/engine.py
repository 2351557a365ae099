"""Encrypts letters, each in a child process of its own that cannot hang or eat the machine."""

from __future__ import annotations

import os
import selectors
import signal
import struct
import subprocess
import sys
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from time import monotonic
from typing import IO, Final, cast

from zone.letters.encryption import child
from zone.letters.encryption.errors import CannotEncrypt, Problem
from zone.secret import Secret

MEBIBYTE: Final = 1024 * 1024
CHUNK_BYTES: Final = 256 * 1024

# An object stream that comes out unpacked makes a letter larger, never this much.
GROWTH: Final = 4

# Rust, within `cryptography`, aborts where it gets no memory; a kill that is not ours comes from a kernel
# that has none left.
PROBLEM_OF_SIGNAL: Final[dict[int, Problem]] = {
    signal.SIGXCPU: Problem.TOOK_TOO_LONG,
    signal.SIGABRT: Problem.TOO_MUCH_MEMORY,
    signal.SIGKILL: Problem.TOO_MUCH_MEMORY,
}


@dataclass(frozen=True)
class Limits:
    """What one letter may cost; `memory_bytes` is address space.

    Measured: a letter takes under 160 MiB and 0.2 s, 19 MiB of images 192 MiB and 0.6 s, 90,000 objects
    in one MiB 640 MiB and 9 s.
    """

    max_bytes: int = 20 * MEBIBYTE
    max_pages: int = 1000
    cpu_seconds: int = 20
    wall_seconds: float = 30
    memory_bytes: int = 768 * MEBIBYTE


@dataclass(frozen=True)
class Encrypted:
    """A letter that only its password opens."""

    content: bytes
    pages: int


DEFAULT_LIMITS: Final = Limits()


def encrypt(source: bytes, password: Secret, limits: Limits = DEFAULT_LIMITS) -> Encrypted:
    """Encrypt a PDF with AES-256, revision 6, under the client's letter password (DESIGN.md, rule 11).

    Raises `CannotEncrypt`; the letter must then not be sent.
    """
    if len(source) > limits.max_bytes:
        raise CannotEncrypt(Problem.TOO_LARGE, f"{len(source)} bytes")
    header = {
        "password": password.reveal(),
        "max_pages": limits.max_pages,
        "cpu_seconds": limits.cpu_seconds,
        "memory_bytes": limits.memory_bytes,
    }
    return _understood(BytesIO(_ask_child(child.pack(header, source), limits)))


def _understood(answer: BytesIO) -> Encrypted:
    """What the child said. It is not trusted: a hostile document may have taken it over."""
    try:
        header = child.read_header(answer)
        if "problem" in header:
            raise CannotEncrypt(Problem[header["problem"]], str(header["detail"]))
        return Encrypted(content=answer.read(), pages=int(header["pages"]))
    except (struct.error, ValueError, KeyError, TypeError) as error:
        raise CannotEncrypt(Problem.FAILED, "unintelligible answer") from error


def _ask_child(question: bytes, limits: Limits) -> bytes:
    """Run the child on one message; whatever happens, it is dead on return."""
    deadline = monotonic() + limits.wall_seconds
    with subprocess.Popen(  # noqa: S603 - our own interpreter and script, no shell
        [sys.executable, "-I", str(Path(child.__file__).resolve())],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # pypdf's warnings quote the letter
        cwd="/",
        env={},
        start_new_session=True,
    ) as process:
        try:
            answer = _exchange(process, question, limits, deadline)
            code = process.wait(timeout=max(0.0, deadline - monotonic()))
        except subprocess.TimeoutExpired as error:
            raise CannotEncrypt(Problem.TOOK_TOO_LONG, f"{limits.wall_seconds} s") from error
        finally:
            if process.returncode is None:
                os.killpg(process.pid, signal.SIGKILL)
    if code < 0:
        raise CannotEncrypt(PROBLEM_OF_SIGNAL.get(-code, Problem.FAILED), f"signal {-code}")
    if code > 0:
        raise CannotEncrypt(Problem.FAILED, f"exit status {code}")
    return answer


def _exchange(process: subprocess.Popen[bytes], question: bytes, limits: Limits, deadline: float) -> bytes:
    """Write the question and read the answer at the same time, so that neither side can block the other."""
    stdin, stdout = cast("IO[bytes]", process.stdin), cast("IO[bytes]", process.stdout)
    unsent, answer = memoryview(question), bytearray()
    with selectors.DefaultSelector() as pipes:
        os.set_blocking(stdin.fileno(), False)
        pipes.register(stdin, selectors.EVENT_WRITE)
        pipes.register(stdout, selectors.EVENT_READ)
        while (left := deadline - monotonic()) > 0:
            for key, _ in pipes.select(left):
                if key.fileobj is stdin:
                    unsent = _send(key.fd, unsent)
                    if not unsent:
                        pipes.unregister(stdin)
                        stdin.close()
                elif chunk := os.read(key.fd, CHUNK_BYTES):
                    answer += chunk
                    if len(answer) > GROWTH * limits.max_bytes:
                        raise CannotEncrypt(Problem.TOO_LARGE, "after encryption")
                else:
                    return bytes(answer)
    raise subprocess.TimeoutExpired(process.args, limits.wall_seconds)


def _send(pipe: int, unsent: memoryview) -> memoryview:
    """Write what the pipe takes now; nothing remains for a child that is gone."""
    try:
        return unsent[os.write(pipe, unsent[:CHUNK_BYTES]) :]
    except BrokenPipeError:
        return unsent[:0]
