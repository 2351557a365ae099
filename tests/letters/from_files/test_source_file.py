"""Files that somebody else names or writes."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from zone.letters.from_files.source_file import BadFile, read, read_within

MOST = 100


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "letters"
    (folder / "may").mkdir(parents=True)
    (folder / "may" / "1.pdf").write_bytes(b"a letter")
    (tmp_path / "outside.pdf").write_bytes(b"somebody else's")
    return folder


def test_a_file_in_the_folder_or_below_is_read_and_never_more_than_wanted(folder: Path) -> None:
    assert read_within(folder, "may/1.pdf", MOST) == b"a letter"
    assert read_within(folder, "./may//1.pdf", 3) == b"a l"
    assert read(folder / "may" / "1.pdf", 3) == b"a l"


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        "../outside.pdf",
        "may/../../outside.pdf",
        "may/..",
        "/etc/passwd",
        "//etc/passwd",
        "a\0b",
    ],
)
def test_a_path_that_leads_out_is_refused_before_anything_is_opened(folder: Path, name: str) -> None:
    with pytest.raises(BadFile, match="from the folder on"):
        read_within(folder, name, MOST)


def test_a_link_is_not_followed_at_any_step(folder: Path) -> None:
    (folder / "link.pdf").symlink_to("../outside.pdf")
    (folder / "june").symlink_to("may")
    for name in ("link.pdf", "june/1.pdf"):
        with pytest.raises(BadFile, match="not followed"):
            read_within(folder, name, MOST)
    assert read(folder / "link.pdf", MOST) == b"somebody else's"


def a_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(str(path))


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir, a_socket, os.fspath], ids=lambda make: make.__name__)
def test_what_is_no_file_is_refused_without_waiting(folder: Path, make: Callable[[Path], object]) -> None:
    make(folder / "x")
    before = open_files()
    with pytest.raises(BadFile):
        read(folder / "x", MOST)
    for name in ("x", "may/x/1.pdf"):
        with pytest.raises(BadFile):
            read_within(folder, name, MOST)
    assert open_files() == before


def open_files() -> int:
    return sum(1 for _ in Path("/dev/fd").iterdir())
