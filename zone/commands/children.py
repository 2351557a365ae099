"""Processes that live and end with the one that started them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from _thread import start_new_thread
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event

ENDS_WITHIN = 5.0  # seconds, after which a child is killed
SETTLED = 5.0  # seconds after which the end of a child is an accident, and not a fault of its start


class ChildFailed(Exception):
    """A child ended as soon as it had begun; the message names it."""


class Children:
    """Some Python modules (by name: the module and its arguments), each in a process of its own."""

    def __init__(
        self, modules: Mapping[str, Sequence[str]], *, folder: Path, keep_open: Iterable[int] = ()
    ) -> None:
        self._modules = modules
        self._folder = folder
        self._keep_open = tuple(keep_open)
        self._running: dict[str, tuple[subprocess.Popen[bytes], float]] = {}
        self._tie: int | None = None

    @contextmanager
    def running(self) -> Iterator[None]:
        """All of them are started, and ended at the end of the block, however it comes."""
        self._tie, end = os.pipe()
        try:
            for name in self._modules:
                self._start(name)
            yield
        finally:
            self._end()
            os.close(self._tie)
            os.close(end)

    def restart_ended(self) -> list[str]:
        """Start those again that have ended, and name them. Raises `ChildFailed`."""
        ended = []
        for name, (process, since) in list(self._running.items()):
            if process.poll() is None:
                continue
            if time.monotonic() - since < SETTLED:
                raise ChildFailed(f"the {name} ended as soon as it had started (status {process.returncode})")
            self._start(name)
            ended.append(name)
        return ended

    def _start(self, name: str) -> None:
        """In a session of its own: Ctrl-C is for the parent, which then ends its children in order."""
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and modules, no shell
            [sys.executable, "-m", "zone.commands.tied", *self._modules[name]],
            stdin=self._tie,
            cwd=self._folder,
            pass_fds=self._keep_open,
            start_new_session=True,
        )
        self._running[name] = process, time.monotonic()

    def _end(self) -> None:
        processes = [process for process, _ in self._running.values()]
        for process in processes:
            process.terminate()
        patience = time.monotonic() + ENDS_WITHIN
        for process in processes:
            try:
                process.wait(max(0.0, patience - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextmanager
def told_to_stop() -> Iterator[Event]:
    """An event that Ctrl-C and SIGTERM set instead of ending the process, for the length of the block.

    It is set from a thread: a handler interrupts whatever runs, even `stop.wait` while that holds the event's lock.
    """
    stop = Event()
    before = {
        number: signal.signal(number, lambda *_: start_new_thread(stop.set, ()))
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
