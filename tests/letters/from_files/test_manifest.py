"""Which letters a batch has."""

from __future__ import annotations

import io
import tracemalloc
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zone.csv_table import NotATable
from zone.letters.from_files.bringing import Arrival
from zone.letters.from_files.manifest import named, read

HEADER = "file;client;subject;kind;date;policy;external_id"


def arrivals(content: str | bytes) -> list[Arrival]:
    return list(read(io.BytesIO(content.encode() if isinstance(content, str) else content)))


@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["plain", "bom"])
@pytest.mark.parametrize("delimiter", [",", ";"])
def test_each_row_is_a_letter(mark: str, delimiter: str) -> None:
    text = f'{mark}client;file\r\nK-1;may/1.pdf\r\n\r\nK-2;"Výpis, 2.pdf"\r\n'.replace(";", delimiter)
    assert arrivals(text) == [
        Arrival("may/1.pdf", {"client": "K-1", "subject": "1"}, 2),
        Arrival("Výpis, 2.pdf", {"client": "K-2", "subject": "Výpis, 2"}, 4),
    ]


def test_all_columns_are_read_and_the_file_is_none_of_what_is_said() -> None:
    (arrival,) = arrivals(f"{HEADER}\n1.pdf;K-1;Výpis;notice;2026-05-31;PZ-1;A/1")
    assert arrival.values == {
        "client": "K-1",
        "subject": "Výpis",
        "kind": "notice",
        "date": "2026-05-31",
        "policy": "PZ-1",
        "external_id": "A/1",
    }


def test_a_row_with_too_few_cells_is_a_letter_that_cannot_be_taken() -> None:
    first, second = arrivals("file;client\n1.pdf\n2.pdf;K-2")
    assert (first.line, first.problem) == (2, "has 1 cells where the first line has 2.")
    assert (second.line, second.problem) == (3, "")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "lacks the column file, client"),
        (b"file;reference\n1.pdf;K-1", "Column 2 of the first line is none of: file, client, subject"),
        (b"file;client;file\n", "names the column file twice"),
        ("file;client\nVýpis.pdf;K-1".encode("cp1250"), "not in UTF-8"),
        (b'file;client\n"1.pdf;K-1\n2.pdf;K-2\n', "line 2: the file is not CSV from here on"),
        (b'file;client\n"1".pdf;K-1\n', "line 2: the file is not CSV from here on"),
    ],
)
def test_what_is_no_manifest_is_told_in_one_sentence(content: bytes, told: str) -> None:
    with pytest.raises(NotATable) as refused:
        arrivals(content)
    assert told in str(refused.value)


@given(st.binary())
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    with suppress(NotATable):
        assert all(arrival.line for arrival in arrivals(HEADER.encode() + b"\n" + content))


def test_a_hundred_thousand_rows_are_read_in_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "manifest.csv"
    with path.open("w") as file:
        file.write("file;client;subject\n")
        file.writelines(f"{number}.pdf;K-{number};{'x' * 190}\n" for number in range(100_000))

    def rows() -> Iterator[Arrival]:
        with path.open("rb") as opened:
            yield from read(opened)

    tracemalloc.start()
    try:
        assert sum(1 for _ in rows()) == 100_000
        assert tracemalloc.get_traced_memory()[1] < path.stat().st_size / 2
    finally:
        tracemalloc.stop()


def test_names_tell_the_client_and_the_subject(tmp_path: Path) -> None:
    for name in ("K-2_Výpis 2026.05.pdf", "K-1.PDF", "K-3_a_b.pdf", "K-4_x.txt", "_.pdf"):
        (tmp_path / name).touch()
    found = [
        (arrival.file, arrival.values["client"], arrival.values["subject"]) for arrival in named(tmp_path, {})
    ]
    assert found == [
        ("K-1.PDF", "K-1", ""),
        ("K-2_Výpis 2026.05.pdf", "K-2", "Výpis 2026.05"),
        ("K-3_a_b.pdf", "K-3", "a_b"),
        ("_.pdf", "", ""),
    ]


def test_what_is_said_of_all_stands_before_the_name(tmp_path: Path) -> None:
    (tmp_path / "K-1_x.pdf").touch()
    (arrival,) = named(tmp_path, {"subject": "Výpis", "kind": "statement"})
    assert arrival.values == {"client": "K-1", "subject": "Výpis", "kind": "statement"}
