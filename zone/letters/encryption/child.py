"""The child process: takes foreign PDFs apart and hands them back encrypted.

It confines itself before it reads a byte, gets the key of one letter at a time, never a password, and speaks
on its pipes alone: what stands in the arguments or the environment could be read by the neighbours.

In: ``task``, the name of one of `TASKS`, and its arguments; the PDF.
Out: ``pages``, ``engine`` and ``reason``, in an examination ``removed``, and a PDF; or ``problem`` by the name of an
`errors.Problem`, and ``detail``.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from codecs import lookup
from collections.abc import Callable
from functools import partial
from importlib import import_module
from math import ceil
from typing import Any, BinaryIO, Final

from zone.config import Handling
from zone.letters.encryption.errors import CannotEncrypt, Problem
from zone.letters.encryption.examination import Rules
from zone.letters.encryption.examination import examine as look_through
from zone.letters.encryption.file_key import FileKey
from zone.letters.encryption.locking import Locked, lock
from zone.letters.encryption.messages import PREFIX, prefixed

# What processor time a child may use in all: far more than it ever should, but not without end.
LONGEST_LIFE: Final = 3600
STANDARD_STREAMS: Final = 3

# By class name, nearest ancestor first: malformed input makes pypdf raise nearly anything.
PROBLEMS: Final = {
    "LimitReachedError": Problem.FAILED,
    "MemoryError": Problem.TOO_MUCH_MEMORY,
    "RecursionError": Problem.DAMAGED,
    "PyPdfError": Problem.DAMAGED,
    "PanicException": Problem.TOO_MUCH_MEMORY,  # Rust, within `cryptography`, where it gets no memory
    "BaseException": Problem.FAILED,
}


# What Python and pypdf would else load in the midst of a letter, from files that cannot be opened any more.
LATE_MODULES: Final = ("pypdf.filters", "pypdf._codecs._codecs")
LATE_CODECS: Final = ("ascii", "charmap", "latin-1", "unicode_escape", "utf-16", "utf-16-be", "utf-16-le")


def preload() -> None:
    """Load what the letters are going to need."""
    for module in LATE_MODULES:
        import_module(module)
    for codec in LATE_CODECS:
        lookup(codec)


def confine(cpu_seconds: int, memory_bytes: int) -> None:
    """Take from this process what a hostile document could use up.

    Nothing can be written but to its pipes, nothing opened beside them, and no process started (unless as root).
    What remains possible says `Encryptor`.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (STANDARD_STREAMS, STANDARD_STREAMS))
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, LONGEST_LIFE))


def allow(cpu_seconds: int) -> None:
    """So much processor time from now on, whatever the letters before have used."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    used = ceil(usage.ru_utime + usage.ru_stime)
    resource.setrlimit(resource.RLIMIT_CPU, (min(used + cpu_seconds, hard), hard))


def encrypt(source: bytes, key: dict[str, str]) -> tuple[dict[str, Any], bytes]:
    """The letter under that key."""
    locked = lock(source, FileKey.from_hex(key))
    return _said(locked), locked.content


def examine(
    source: bytes, max_pages: int, active_content: str, signatures: str
) -> tuple[dict[str, Any], bytes]:
    """The letter as it may come in; nothing instead of the very source."""
    looked = look_through(source, Rules(max_pages, Handling(active_content), Handling(signatures)))
    return _said(looked.locked) | {"removed": looked.removed}, looked.content if looked.removed else b""


def _said(locked: Locked) -> dict[str, Any]:
    return {"pages": locked.pages, "engine": locked.engine, "reason": locked.reason}


TASKS: Final[dict[str, Callable[..., tuple[dict[str, Any], bytes]]]] = {
    "encrypt": encrypt,
    "examine": examine,
}


def answer(read_source: Callable[[], bytes], task: str, **how: Any) -> tuple[dict[str, Any], bytes]:
    """What goes back to the parent, whatever the document does."""
    try:
        return TASKS[task](read_source(), **how)
    except CannotEncrypt as refused:
        return {"problem": refused.problem.name, "detail": refused.detail}, b""
    except BaseException as error:  # noqa: BLE001 - a Rust panic in `cryptography` is no Exception
        # Its message could quote the letter, its class cannot.
        ancestry = [ancestor.__name__ for ancestor in type(error).__mro__]
        problem = next(PROBLEMS[name] for name in ancestry if name in PROBLEMS)
        return {"problem": problem.name, "detail": ancestry[0]}, b""


def serve(limits: dict[str, int], questions: BinaryIO, answers: BinaryIO) -> None:
    """Answer one letter after another, until the parent closes the pipe."""
    while prefix := questions.read(PREFIX.size):
        header_size, size = PREFIX.unpack(prefix)
        question = json.loads(questions.read(header_size))
        allow(limits["cpu_seconds"])
        header, content = answer(partial(questions.read, size), **question)
        answers.write(prefixed(header, len(content)))
        answers.write(content)
        answers.flush()
        del content  # or it would wait here for the next letter


def main() -> None:
    limits = json.loads(sys.argv[1])
    preload()
    confine(**limits)
    serve(limits, sys.stdin.buffer, sys.stdout.buffer)
    os._exit(0)  # nothing to clean up, and the parent waits
