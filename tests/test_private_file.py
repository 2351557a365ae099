"""Files that only their owner may read."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from zone import private_file

WAYS = [private_file.create, private_file.put]


@pytest.mark.parametrize("write", WAYS)
def test_only_the_owner_may_read_whatever_the_umask(
    tmp_path: Path, write: Callable[[Path, bytes], None]
) -> None:
    old = os.umask(0)
    try:
        write(tmp_path / "file", b"content")
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o600
    assert (tmp_path / "file").read_bytes() == b"content"
    assert list(tmp_path.iterdir()) == [tmp_path / "file"]


@pytest.mark.parametrize("write", WAYS)
def test_what_fails_leaves_nothing(tmp_path: Path, write: Callable[[Path, object], None]) -> None:
    with pytest.raises(TypeError):
        write(tmp_path / "file", "no bytes")
    assert list(tmp_path.iterdir()) == []


def test_create_replaces_nothing_and_put_replaces_all(tmp_path: Path) -> None:
    path = tmp_path / "file"
    private_file.create(path, b"first, and longer")
    with pytest.raises(FileExistsError):
        private_file.create(path, b"second")
    assert path.read_bytes() == b"first, and longer"
    private_file.put(path, b"third")
    assert path.read_bytes() == b"third"
    assert list(tmp_path.iterdir()) == [path]


def test_create_follows_no_link_that_somebody_laid(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(FileExistsError):
        private_file.create(tmp_path / "link", b"secret")
    assert not (tmp_path / "elsewhere").exists()
