"""The folder, and an S3 server, that hold the sealed files."""

from __future__ import annotations

import os
import resource
import stat
from datetime import timedelta
from pathlib import Path

import pytest

from tests.letters.store.object_store import Kept, bucket, kept, s3_address
from zone.clock import now
from zone.environment import load
from zone.letters.store import FileGone, FolderStore, StoreAway, StoreUnusable, open_store
from zone.letters.store.folder import MARKER

__all__ = ["bucket", "kept", "s3_address"]

NAME = "A" * 22 + ".source"
OTHER = "Bc" * 11 + ".source"
HOUR = timedelta(hours=1)


@pytest.fixture
def folder(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "letters")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_what_was_put_is_got_until_it_is_deleted(kept: Kept) -> None:
    store = kept.store
    store.put(NAME, b"sealed")
    assert store.get(NAME) == b"sealed"
    store.delete(NAME)
    store.delete(NAME)
    with pytest.raises(FileGone):
        store.get(NAME)


def test_a_name_that_is_taken_keeps_what_it_has(kept: Kept) -> None:
    kept.store.put(NAME, b"first")
    with pytest.raises(FileExistsError):
        kept.store.put(NAME, b"second")
    assert kept.store.get(NAME) == b"first"


def test_all_names_are_told_by_age(kept: Kept) -> None:
    assert set(kept.store.names(before=now() + HOUR)) == set()
    for name in (NAME, OTHER):
        kept.store.put(name, b"sealed")
    assert set(kept.store.names(before=now() + HOUR)) == {NAME, OTHER}
    assert set(kept.store.names(before=now() - HOUR)) == set()


@pytest.mark.parametrize(
    "name",
    [
        "",
        "../../etc/passwd",
        "A" * 22,
        "A" * 15 + ".source",
        "A" * 65 + ".source",
        "A" * 22 + ".pdf",
        "Á" * 22 + ".source",
        "." * 20 + ".source",
        "A" * 20 + "/..source",
        f"../{NAME}",
        f"/{NAME}",
        f"{NAME}\n",
        f"{NAME}\0",
    ],
)
def test_no_name_leads_out_of_it(kept: Kept, name: str) -> None:
    for act in (kept.store.get, kept.store.delete, lambda bad: kept.store.put(bad, b"")):
        with pytest.raises(ValueError, match="no name"):
            act(name)


def test_only_the_owner_may_look(folder: FolderStore, tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        folder.put(NAME, b"sealed")
    finally:
        os.umask(old)
    root = tmp_path / "letters"
    assert [mode(root), mode(root / "AA"), mode(root / "AA" / NAME)] == [0o700, 0o700, 0o600]


def test_a_file_whose_writing_fails_is_not_there_at_all(folder: FolderStore, tmp_path: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    try:
        with pytest.raises(StoreAway) as caught:
            folder.put(NAME, bytes(2000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert caught.value.detail == "File too large"
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [MARKER]


def test_what_a_crash_left_of_a_file_is_told_and_can_be_deleted(folder: FolderStore, tmp_path: Path) -> None:
    folder.put(NAME, b"sealed")
    left = tmp_path / "letters" / "AA" / f".{NAME}.0a1b2c3d"
    left.write_bytes(b"sea")
    (tmp_path / "letters" / "AA" / "README").write_bytes(b"not ours")
    assert set(folder.names(before=now() + HOUR)) == {NAME, left.name}
    folder.delete(left.name)
    assert not left.exists()


@pytest.mark.parametrize("url", ["letters", "file:", "ftp://example.org/letters"])
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


def all_raise_away(store: FolderStore) -> None:
    acts = (
        lambda: store.put(NAME, b""),
        lambda: store.get(NAME),
        lambda: store.delete(NAME),
        lambda: list(store.names(before=now())),
    )
    for act in acts:
        with pytest.raises(StoreAway):
            act()


def test_a_folder_that_broke_is_away_and_not_empty(folder: FolderStore, tmp_path: Path) -> None:
    (tmp_path / "letters" / MARKER).unlink()
    (tmp_path / "letters").rmdir()
    (tmp_path / "letters").touch()
    all_raise_away(folder)


def test_a_folder_that_is_not_mounted_is_away_and_nothing_is_written_below_it(
    folder: FolderStore, tmp_path: Path
) -> None:
    folder.put(NAME, b"sealed")
    (tmp_path / "letters").rename(tmp_path / "share")
    (tmp_path / "letters").mkdir()
    all_raise_away(folder)
    assert list((tmp_path / "letters").iterdir()) == []
    (tmp_path / "letters").rmdir()
    (tmp_path / "share").rename(tmp_path / "letters")
    assert folder.get(NAME) == b"sealed"


def test_the_folder_of_an_older_installation_is_marked_when_it_is_opened(
    folder: FolderStore, tmp_path: Path
) -> None:
    folder.put(NAME, b"sealed")
    (tmp_path / "letters" / MARKER).unlink()
    assert FolderStore(tmp_path / "letters").get(NAME) == b"sealed"
    assert folder.get(NAME) == b"sealed"
