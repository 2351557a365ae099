"""Reading a file that somebody else names or writes: never a pipe, a device or a link, and never more than wanted."""

from __future__ import annotations

import os
import stat
from contextlib import ExitStack
from errno import ELOOP, ENOTDIR
from pathlib import Path, PurePosixPath

# Without waiting: to open a pipe would hang until somebody writes into it.
READ = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC
FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


class BadFile(Exception):
    """The file cannot be taken. The message says why; it does not repeat the name."""


def read(path: Path, most: int) -> bytes:
    """The file at a path that the operator names; links are followed. At most `most` bytes. Raises `BadFile`."""
    try:
        return _content(os.open(path, READ), most)
    except OSError as error:
        raise BadFile(_words(error)) from error


def read_within(folder: Path, name: str, most: int) -> bytes:
    """The file at the relative path `name` below `folder`, of which no step is a link. Raises `BadFile`."""
    *way, last = steps = PurePosixPath(name).parts or ("",)
    if PurePosixPath(name).is_absolute() or ".." in steps or "\0" in name or not last:
        raise BadFile("Write the file's path from the folder on, as letters/1.pdf.")
    try:
        with ExitStack() as opened:
            below = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            opened.callback(os.close, below)
            for step in way:
                below = os.open(step, FOLDER, dir_fd=below)
                opened.callback(os.close, below)
            return _content(os.open(last, READ | os.O_NOFOLLOW, dir_fd=below), most)
    except OSError as error:
        raise BadFile(_words(error)) from error


def _content(descriptor: int, most: int) -> bytes:
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise BadFile("This is no file that could be read, but a folder, a pipe or a device.")
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            return file.read(most)
    finally:
        os.close(descriptor)


def _words(error: OSError) -> str:
    if error.errno in (ELOOP, ENOTDIR):
        return "There is a symbolic link on the way, or no folder. Links are not followed."
    return f"{error.strerror}."
