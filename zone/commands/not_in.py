"""Tells an operator of the letters of a batch that are not in, and why."""

from __future__ import annotations

import csv
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import click

from zone import private_file
from zone.letters.from_files.bringing import Arrival, Brought

COLUMNS = ("line", "file", "client", "what", "why")
OVER_THE_BAR = "\r\x1b[2K"

Tell = Callable[[Arrival, Brought], None]


@contextmanager
def telling(report: Path | None) -> Iterator[Tell]:
    """On stderr, and if there is a `report` in that CSV file as well, which its owner alone can read."""
    if report is None:
        yield _say
        return
    try:
        descriptor = os.open(report, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, private_file.OWNER_ONLY)
    except OSError as error:
        raise click.ClickException(
            f"{report} cannot be written: {error.strerror}. Nothing was taken in."
        ) from error
    with os.fdopen(descriptor, "w", encoding="utf-8-sig", errors="replace", newline="") as file:
        yield _writer(file)


def _writer(file: IO[str]) -> Tell:
    rows = csv.writer(file, delimiter=";")
    rows.writerow(COLUMNS)

    def tell(arrival: Arrival, brought: Brought) -> None:
        client = arrival.values.get("client", "")
        rows.writerow((arrival.line, arrival.file, client, brought.fate, brought.why))
        file.flush()
        _say(arrival, brought)

    return tell


def _say(arrival: Arrival, brought: Brought) -> None:
    place = f"line {arrival.line}, " if arrival.line else ""
    start = OVER_THE_BAR if sys.stderr.isatty() else ""
    file = click.format_filename(arrival.file)
    click.echo(f"{start}{place}{file}: {brought.fate}: {brought.why}", err=True)
