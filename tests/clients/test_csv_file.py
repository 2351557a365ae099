"""Reading the insurer's list."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zone.clients.csv_file import OPTIONAL, REQUIRED, Row, read
from zone.csv_table import NotATable

COUNTRIES = frozenset({"SK", "CZ"})
HEADER = "reference,kind,name,email,phone,birth_number"
JANA = "K-1,person,Jana Kováčová,jana@example.org,0905100101,865514/2375"
COMPANY = "K-2,company,Drevo,posta@drevo.example.org,,"


def rows(content: str | bytes) -> list[Row]:
    data = content.encode() if isinstance(content, str) else content
    return list(read(io.BytesIO(data), COUNTRIES))


def good(found: Iterable[Row]) -> list[tuple[int, str]]:
    return [(row.line, row.details.reference) for row in found if row.details]


@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["plain", "bom"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["lf", "crlf", "cr"])
@pytest.mark.parametrize("delimiter", [",", ";"])
def test_the_usual_ways_of_writing_csv_are_read(mark: str, end: str, delimiter: str) -> None:
    text = mark + end.join([HEADER, JANA, "", COMPANY, ",,,,,", ""]).replace(",", delimiter)
    assert good(rows(text)) == [(2, "K-1"), (4, "K-2")]
    assert len(rows(text)) == 2


def test_columns_may_stand_in_any_order_and_case() -> None:
    text = "EMAIL; Name ;kind;Birth_Number;phone;reference\nj@example.org;Jana;person;;;K-1"
    assert good(rows(text)) == [(2, "K-1")]


def test_a_row_is_named_by_the_line_that_it_begins_on() -> None:
    text = f'{HEADER}\nK-1,person,"Jana\nKováčová",j@example.org,,\nK-2,person,,p@example.org,,'
    first, second = rows(text)
    assert first.details is not None
    assert (first.line, first.details.name) == (2, "Jana Kováčová")
    assert (second.line, second.problems) == (4, ("name: This must not be empty.",))


def test_a_repeated_reference_or_policy_is_a_bad_row_that_names_the_first() -> None:
    header = "reference,kind,name,email,phone,birth_number,policy_number,product"
    row = "{},company,Drevo,p@example.org,,,{},Dom"
    text = "\n".join([header, row.format("A", 1), row.format("A", 2), row.format("B", 1), row.format("C", 3)])
    assert [(found.line, found.problems) for found in rows(text) if found.problems] == [
        (3, ("reference: is on line 2 already.",)),
        (4, ("policy_number: is on line 2 already.",)),
    ]


def test_a_row_with_too_few_or_too_many_cells_is_bad() -> None:
    found = rows(f"{HEADER}\nK-1,person\n{JANA},x\n{COMPANY}")
    assert good(found) == [(4, "K-2")]
    assert "has 2 cells" in found[0].problems[0]
    assert "has 7 cells" in found[1].problems[0]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "lacks the column reference, kind, name, email, phone, birth_number"),
        (HEADER.replace(",phone", "").encode(), "lacks the column phone"),
        ((HEADER + ",rodne_cislo").encode(), "Column 7 of the first line is none of"),
        ((HEADER + ",phone").encode(), "names the column phone twice"),
        ((HEADER + "\n" + JANA).encode("cp1250"), "not in UTF-8"),
        ((HEADER + "\n" + JANA).encode("utf-16"), "not in UTF-8"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "not in UTF-8"),
        (b"PK\x03\x04" + bytes(2000), "Column 1"),
        (b'"reference" of,kind', "line 1: the file is not CSV from here on"),
        ((HEADER + "\n" + 'K-1,person,"Jana" K,,,').encode(), "line 2: the file is not CSV from here on"),
        ((HEADER + f"\n{JANA}\n" + 'K-2,person,"Jana').encode(), "line 3: the file is not CSV from here on"),
    ],
)
def test_what_is_no_list_of_clients_is_told_in_one_sentence(content: bytes, told: str) -> None:
    with pytest.raises(NotATable) as refused:
        rows(content)
    assert told in str(refused.value)


def test_a_file_whose_first_line_was_forgotten_is_refused_without_quoting_it() -> None:
    with pytest.raises(NotATable) as refused:
        rows(JANA)
    assert not any(cell in str(refused.value) for cell in JANA.split(","))


@given(st.binary())
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    with suppress(NotATable):
        assert good(rows(content)) == []


@given(st.binary(), st.sampled_from([HEADER, HEADER.replace(",", ";")]))
def test_any_bytes_under_a_good_first_line_are_read_or_refused(content: bytes, header: str) -> None:
    with suppress(NotATable):
        found = rows(header.encode() + b"\n" + content)
        assert all(bool(row.details) != bool(row.problems) for row in found)


cells = st.text(st.characters(codec="utf-8"))


@given(st.lists(st.lists(cells, min_size=10, max_size=10)), st.sampled_from(",;"))
def test_every_row_that_says_anything_is_accounted_for(table: list[list[str]], delimiter: str) -> None:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerows([REQUIRED + OPTIONAL, *table])
    assert len(rows(text.getvalue())) == sum(any(cell.strip() for cell in row) for row in table)
