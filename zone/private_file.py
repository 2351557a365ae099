"""Files that only their owner may read."""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path

OWNER_ONLY = 0o600


def create(path: Path, content: bytes) -> None:
    """Write a new file whole or not at all; raises `FileExistsError` rather than replace one."""
    unfinished = _write(path, content)
    try:
        path.hardlink_to(unfinished)  # unlike a rename it fails where the name is taken
    finally:
        unfinished.unlink()
    sync(path.parent)


def put(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, in place of what was there. It outlives a power failure."""
    _write(path, content).replace(path)
    sync(path.parent)


def is_private(folder: Path) -> bool:
    """Whether it is a folder of ours that nobody else can enter, and no link to one."""
    try:
        found = folder.lstat()
    except FileNotFoundError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & 0o077


def sync(folder: Path) -> None:
    """See the folder's names onto the disk: a new file or folder in it is only lasting once its name is."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write(path: Path, content: bytes) -> Path:
    """The content on the disk under a name of its own, beside `path`. Where that fails nothing is left."""
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        unfinished.unlink()
        raise
    return unfinished
