"""The access history as a file that spreadsheets and programs read and that does nothing by itself."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime
from io import BytesIO, StringIO
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zone import csv_table
from zone.language import language
from zone.web.history_file import COLUMNS, FORMULA, harmless, to_csv, to_json
from zone.web.history_words import Line

SLOVAK = language("sk", ZoneInfo("Europe/Bratislava"))
AT = datetime(2026, 5, 3, 8, 0, 5, 123456, tzinfo=UTC)
HOSTILE = '=cmd|" /C calc"!A0'


def entry(number: int = 1, who: str = "Vy", text: str = "PO-1", help_id: int | None = None) -> Line:
    return Line(number, AT, "account:sign_in", who, "Prihlásenie", [("Číslo", text)], True, help_id, 0)


def cells(chunks: list[list[Line]]) -> list[list[str]]:
    text = "".join(to_csv(chunks, SLOVAK))
    return list(csv.reader(StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=";"))


def test_a_table_is_what_excel_opens_in_slovakia() -> None:
    text = "".join(to_csv([[entry(help_id=4)]], SLOVAK))
    assert text.startswith('\ufeff"Kedy (UTC)";"Kedy";"Kto"')
    assert cells([[entry(help_id=4)]])[1] == [
        "2026-05-03T08:00:05Z",
        "3. mája 2026, 10:00:05 SELČ",
        "Vy",
        "Prihlásenie",
        "Číslo: PO-1",
        "account:sign_in",
        "4",
        "1",
    ]


def test_our_own_reader_of_tables_understands_it() -> None:
    file = BytesIO("".join(to_csv([[entry(1)], [entry(2)]], SLOVAK)).encode())
    names = [SLOVAK.gettext(column).lower() for column in COLUMNS]
    rows = list(csv_table.read(file, required=names, optional=()))
    assert [row.values["záznam"] for row in rows] == ["1", "2"]


@given(st.lists(st.lists(st.builds(entry, st.integers(1), st.text(), st.text()), max_size=3), max_size=4))
def test_both_files_are_read_back_whole(chunks: list[list[Line]]) -> None:
    lines = [line for chunk in chunks for line in chunk]
    table = cells(chunks)
    assert [row[-1] for row in table[1:]] == [str(line.id) for line in lines]
    assert {len(row) for row in table} == {len(COLUMNS)}
    assert not any(cell.startswith(FORMULA) for row in table for cell in row)
    read = json.loads("".join(to_json(chunks, SLOVAK)))
    assert [(each["id"], each["who"]) for each in read] == [(line.id, line.who) for line in lines]


@pytest.mark.parametrize("sign", FORMULA)
def test_no_cell_begins_as_a_formula_does(sign: str) -> None:
    assert harmless(f"{sign}1+1") == f"'{sign}1+1"
    assert harmless(f"a{sign}") == f"a{sign}"


def test_a_hostile_name_stays_text() -> None:
    assert cells([[entry(who=HOSTILE)]])[1][2] == f"'{HOSTILE}"


def test_json_gives_the_tag_and_the_time_beside_the_words() -> None:
    (read,) = json.loads("".join(to_json([[entry()]], SLOVAK)))
    assert read == {
        "id": 1,
        "at": "2026-05-03T08:00:05Z",
        "when": "3. mája 2026, 10:00:05 SELČ",
        "tag": "account:sign_in",
        "who": "Vy",
        "what": "Prihlásenie",
        "details": [{"label": "Číslo", "text": "PO-1"}],
        "help": None,
    }


def test_an_empty_history_is_an_empty_list() -> None:
    assert json.loads("".join(to_json([[]], SLOVAK))) == []
    assert len(cells([[]])) == 1
