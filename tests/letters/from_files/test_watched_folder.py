"""A watched folder, cut short at every step."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Mapping
from itertools import count
from pathlib import Path
from threading import Event

import pytest

from zone.letters.from_files.bringing import Brought, Fate, Read
from zone.letters.from_files.watched_folder import InUse, WatchedFolder

CHANGES = {"os.mkdir", "os.rename", "os.remove", "os.rmdir", "shutil.rmtree"}
MOST_STEPS = 30


@pytest.fixture
def folder(tmp_path: Path) -> WatchedFolder:
    path = tmp_path / "inbox"
    path.mkdir()
    return WatchedFolder(path, most=100, grace=60)


def put(folder: WatchedFolder, name: str, content: str) -> None:
    (folder.path / f"{name}.pdf").write_text(content)
    (folder.path / f"{name}.json").write_text(f'{{"client": "{content}"}}')


def journal(folder: WatchedFolder) -> Path:
    return folder.path.parent / "journal"


def look(folder: WatchedFolder, fate: Fate = Fate.TAKEN) -> None:
    """Take what there is; the client and the document of each letter go into the journal."""

    def bring(values: Mapping[str, str], read: Read) -> Brought:
        with journal(folder).open("a") as file:
            file.write(f"{values['client']} {read().decode()}\n")
        return Brought(fate, "because")

    with folder.mine():
        list(folder.look(bring, Event()))


def lying(folder: WatchedFolder) -> list[str]:
    found = [path for path in folder.path.rglob("*") if path.is_file() and path.name[0] != "."]
    return sorted(str(path.relative_to(folder.path)) for path in found)


def cut_short(folder: WatchedFolder, step: int, fate: Fate) -> bool:
    """Look, and be killed before the `step`th change of the folder; whether it came so far."""
    pid = os.fork()
    if pid == 0:
        steps = count(1)

        def on_event(event: str, _: object) -> None:
            if event in CHANGES and next(steps) == step:
                os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(on_event)
        try:
            look(folder, fate)
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGKILL


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")  # the fork is of one thread's doing
@pytest.mark.parametrize(("fate", "left"), [(Fate.TAKEN, 0), (Fate.FAILED, 6)])
def test_a_watcher_may_be_killed_at_every_step(folder: WatchedFolder, fate: Fate, left: int) -> None:
    steps = 0
    for step in range(1, MOST_STEPS):
        put(folder, f"a{step}", "Jana")
        put(folder, f"b{step}", "Peter")
        killed = cut_short(folder, step, fate)
        look(folder, fate)
        told = journal(folder).read_text().splitlines()
        assert set(told) == {"Jana Jana", "Peter Peter"}, step
        assert len(told) <= 3, "only the letter in hand comes again, and is then known"
        assert len(lying(folder)) == left, (step, lying(folder))
        assert all(name.startswith("failed/") for name in lying(folder))
        journal(folder).unlink()
        for name in lying(folder):
            (folder.path / name).unlink()
        if not killed:
            break
        steps += 1
    assert 10 < steps < MOST_STEPS - 1


@pytest.mark.parametrize(("step", "whole"), [(6, False), (7, True)])
def test_a_letter_is_never_mixed_with_the_next_one_of_its_name(
    folder: WatchedFolder, step: int, whole: bool
) -> None:
    """The watcher is killed in the midst of a claim or after it; then the sender uses the name again."""
    put(folder, "1", "Jana")
    assert cut_short(folder, step, Fate.TAKEN)
    assert ("taken/1/1.pdf" in lying(folder)) == whole
    put(folder, "1", "Peter")
    look(folder)
    look(folder)
    told = journal(folder).read_text().splitlines()
    assert list(dict.fromkeys(told)) == (["Jana Jana", "Peter Peter"] if whole else ["Peter Peter"])
    assert lying(folder) == ([] if whole else ["failed/1/1.json", "failed/1/reason.txt"])


def test_two_files_of_one_kind_are_two_letters(folder: WatchedFolder) -> None:
    put(folder, "1", "Jana")
    (folder.path / "1.PDF").write_text("Peter")
    look(folder)
    assert journal(folder).read_text() == "Jana Jana\n"
    assert lying(folder) == ["1.PDF"]


def test_one_watcher_at_a_time(folder: WatchedFolder) -> None:
    other = WatchedFolder(folder.path, most=100, grace=60)
    with folder.mine(), pytest.raises(InUse), other.mine():
        pass
    with other.mine():
        pass


def test_a_look_ends_when_it_is_told_to(folder: WatchedFolder) -> None:
    put(folder, "1", "Jana")
    put(folder, "2", "Peter")
    stop = Event()

    def bring(values: Mapping[str, str], read: Read) -> Brought:
        stop.set()
        return Brought(Fate.TAKEN)

    with folder.mine():
        assert [name for name, _ in folder.look(bring, stop)] == ["1"]
    assert lying(folder) == ["2.json", "2.pdf"]
