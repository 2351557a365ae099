"""Which letters a batch has: told by a CSV file, or by the names of the files in a folder.

A manifest is a CSV file, one letter a row. The columns, in any order:

    file, client                                  always; the file's path from the manifest's folder on
    subject, kind, date, policy, external_id      may be left out, or be empty in a row

Without a subject the letter has its file's name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from zone import csv_table
from zone.letters.details import FIELDS
from zone.letters.from_files.bringing import Arrival

REQUIRED = ("file", "client")
OPTIONAL = tuple(field for field in FIELDS if field not in REQUIRED)


def read(file: BinaryIO) -> Iterator[Arrival]:
    """The letters of a manifest, one after the other. Raises `NotATable`."""
    for row in csv_table.read(file, required=REQUIRED, optional=OPTIONAL):
        values = dict(row.values)
        name = values.pop("file", "").strip()
        yield Arrival(name, with_subject(values, PurePosixPath(name).stem), row.line, row.problem)


def named(folder: Path, said: Mapping[str, str]) -> Iterator[Arrival]:
    """The PDF files in `folder`, by name. `CLIENT_whatever.pdf` is for the client whose reference is CLIENT.

    `said` holds for all of them. Raises `OSError`.
    """
    names = sorted(path.name for path in folder.iterdir() if path.suffix.lower() == ".pdf")
    for name in names:
        client, _, rest = Path(name).stem.partition("_")
        yield Arrival(name, with_subject({**said, "client": client}, rest))


def with_subject(values: Mapping[str, str], otherwise: str) -> dict[str, str]:
    """`values`, with another subject where they have none."""
    return {**values, "subject": values.get("subject", "").strip() or otherwise}
