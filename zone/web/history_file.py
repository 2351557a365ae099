"""The access history as a file: CSV for a spreadsheet, JSON for a program.

Both give words in the reader's language and beside them what a machine reads: the tag and the time (ISO 8601, UTC).
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from datetime import UTC
from io import StringIO

from zone.language import N_, Language
from zone.web.history_words import Line

# Excel takes a file for UTF-8 only by this mark, and with Slovak settings parts cells by semicolons.
MARK, DELIMITER = "\ufeff", ";"
# What a spreadsheet would take for a formula (OWASP, "CSV Injection"); the broad ones are what it makes of East
# Asian typing.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
COLUMNS = (
    N_("When (UTC)"),
    N_("When"),
    N_("Who"),
    N_("What"),
    N_("Details"),
    N_("Tag"),
    N_("Help"),
    N_("Entry"),
)


def to_csv(some: Iterable[list[Line]], words: Language) -> Iterator[str]:
    """A table with a heading, one chunk of lines at a time."""
    yield MARK + _rows([[words.gettext(column) for column in COLUMNS]])
    for lines in some:
        yield _rows(_cells(line, words) for line in lines)


def to_json(some: Iterable[list[Line]], words: Language) -> Iterator[str]:
    """A list of objects, one chunk of lines at a time."""
    before = "[\n"
    for lines in some:
        for line in lines:
            yield before + json.dumps(_facts(line, words), ensure_ascii=False)
            before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


def harmless(cell: str) -> str:
    """`cell` as text also to a spreadsheet."""
    return "'" + cell if cell.startswith(FORMULA) else cell


def _cells(line: Line, words: Language) -> list[str]:
    details = "; ".join(f"{label}: {text}" for label, text in line.details)
    help_id = "" if line.impersonation_id is None else str(line.impersonation_id)
    moments = _iso(line), words.exact(line.at)
    return [*moments, line.who, line.what, details, line.tag, help_id, str(line.id)]


def _facts(line: Line, words: Language) -> dict[str, object]:
    return {
        "id": line.id,
        "at": _iso(line),
        "when": words.exact(line.at),
        "tag": line.tag,
        "who": line.who,
        "what": line.what,
        "details": [{"label": label, "text": text} for label, text in line.details],
        "help": line.impersonation_id,
    }


def _iso(line: Line) -> str:
    return line.at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _rows(rows: Iterable[list[str]]) -> str:
    out = StringIO()
    writer = csv.writer(out, delimiter=DELIMITER, quoting=csv.QUOTE_ALL)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return out.getvalue()
