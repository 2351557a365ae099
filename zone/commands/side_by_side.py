"""Work that is shared out among processes, because one is bound by the interpreter and by the disk."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from threading import Event
from typing import TypeVar

import click

# Seconds within which `stop` is noticed.
LOOK_EVERY = 0.5

T = TypeVar("T")
Share = Callable[[], Iterator[T]]


class EndedEarly(click.ClickException):
    """A process did not come to its end."""


def side_by_side(shares: Sequence[Share[T]], stop: Event) -> Iterator[T]:
    """What the `shares` yield, as it comes, each in a process of its own that is forked off here.

    No connection may be open. They get SIGTERM when `stop` is set, and when one of them fails: a `ClickException` is
    raised here. When this process is killed, they end at their next result.
    """
    running: dict[Connection, BaseProcess] = {}
    context = get_context("fork")
    try:
        for share in shares:
            reader, writer = context.Pipe(duplex=False)
            running[reader] = context.Process(target=_work, args=(share, writer, os.getpid()))
            running[reader].start()
            writer.close()
        yield from _results(dict(running), stop)
    finally:
        for reader, process in running.items():
            process.terminate()
            reader.close()
        for process in running.values():
            process.join()


def _results(working: dict[Connection, BaseProcess], stop: Event) -> Iterator[T]:
    while working:
        if stop.is_set():
            for process in working.values():
                process.terminate()
        ready = wait(list(working), LOOK_EVERY)
        for reader in [reader for reader in working if reader in ready]:
            try:
                result = reader.recv()
            except EOFError:
                _joined(working.pop(reader))
                continue
            if isinstance(result, click.ClickException):
                raise result
            yield result


def _joined(process: BaseProcess) -> None:
    process.join()
    if process.exitcode:
        raise EndedEarly(f"One of the processes ended early (status {process.exitcode}).")


def _work(share: Share[T], writer: Connection, parent: int) -> None:
    try:
        for result in share():
            writer.send(result)
            if os.getppid() != parent:
                return
    except click.ClickException as error:
        writer.send(error)
    except BrokenPipeError:
        return  # the parent is gone
