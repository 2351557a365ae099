"""Real workers, each a process of its own, and the journal of what they handed over."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from tests.torture.nursery import NEVER

ROOT = Path(__file__).resolve().parents[2]


class Workers:
    """Orders to a nursery."""

    def __init__(self, orders: IO[str], answers: IO[str], journal: Path) -> None:
        self._orders = orders
        self._answers = answers
        self._journal = journal

    def start(self, point: str = NEVER, count: int = 1) -> int:
        """A new worker's process id. It kills itself when it comes to `point` for the `count`th time."""
        return self._order(f"fork {point} {count}")

    def end(self, pid: int, by: int = 0) -> int:
        """Send a signal, or none, and wait for the end. Returns the exit status, negative for a signal."""
        return self._order(f"end {pid} {int(by)}")

    def handed_over(self) -> Counter[str]:
        """How many times each reference was handed over."""
        return Counter(self._journal.read_text().split() if self._journal.exists() else ())

    def _order(self, order: str) -> int:
        self._orders.write(f"{order}\n")
        self._orders.flush()
        return int(self._answers.readline())


@contextmanager
def nursery(database_url: str, folder: Path) -> Iterator[Workers]:
    """Workers on the database; those left are killed at the end."""
    journal = folder / "journal"
    command = [sys.executable, "-m", "tests.torture.nursery", database_url, str(journal)]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield Workers(process.stdin, process.stdout, journal)
