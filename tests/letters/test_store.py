"""The folder that holds the sealed files."""

from __future__ import annotations

import os
import resource
import stat
from pathlib import Path

import pytest

from zone.config import load
from zone.letters.store import FileGone, FolderStore, StoreUnusable, open_store

NAME = "A" * 22 + ".copy"


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "letters")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_what_was_put_is_got_until_it_is_deleted(store: FolderStore) -> None:
    store.put(NAME, b"sealed")
    assert store.get(NAME) == b"sealed"
    store.delete(NAME)
    store.delete(NAME)
    with pytest.raises(FileGone):
        store.get(NAME)


def test_only_the_owner_may_look(store: FolderStore, tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        store.put(NAME, b"sealed")
    finally:
        os.umask(old)
    folder = tmp_path / "letters"
    assert [mode(folder), mode(folder / "AA"), mode(folder / "AA" / NAME)] == [0o700, 0o700, 0o600]


@pytest.mark.parametrize(
    "name",
    [
        "",
        "../../etc/passwd",
        "A" * 22,
        "A" * 15 + ".copy",
        "A" * 65 + ".copy",
        "A" * 22 + ".pdf",
        "Á" * 22 + ".copy",
        "." * 20 + ".copy",
        "A" * 20 + "/..copy",
        f"../{NAME}",
        f"/{NAME}",
        f"{NAME}\n",
        f"{NAME}\0",
    ],
)
def test_no_name_leads_out_of_it(store: FolderStore, name: str) -> None:
    for act in (store.get, store.delete, lambda bad: store.put(bad, b"")):
        with pytest.raises(ValueError, match="no name"):
            act(name)


def test_a_file_whose_writing_fails_is_not_there_at_all(store: FolderStore, tmp_path: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    try:
        with pytest.raises(OSError, match="too large"):
            store.put(NAME, bytes(2000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("url", ["s3://bucket", "letters", "file:"])
def test_a_url_that_it_does_not_know(tmp_path: Path, url: str) -> None:
    config = load({"ZONE_MODE": "demo", "ZONE_VAR": str(tmp_path), "ZONE_LETTERS_URL": url})
    with pytest.raises(StoreUnusable, match="file:/path/to/letters"):
        open_store(config)


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    url = f"file:{tmp_path / 'file' / 'letters'}"
    config = load({"ZONE_MODE": "demo", "ZONE_VAR": str(tmp_path), "ZONE_LETTERS_URL": url})
    with pytest.raises(StoreUnusable, match="cannot be used"):
        open_store(config)
