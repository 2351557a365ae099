"""Reading a row of the insurer's list."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from zone.clients.birth_numbers import parse
from zone.clients.models import ClientKind
from zone.clients.people import ClientDetails
from zone.clients.rows import BadRow, validate

COUNTRIES = frozenset({"SK", "CZ"})
ROW = {
    "reference": "K-1",
    "kind": "person",
    "name": "Jana Kováčová",
    "email": "jana@example.org",
    "phone": "0905 100 101",
    "phone_confirmed": "2026-05-31",
    "birth_number": "865514/2375",
    "language": "en",
    "policy_number": "PZ-1",
    "product": "Poistenie domácnosti",
}


def problems(**cells: str) -> Mapping[str, str]:
    with pytest.raises(BadRow) as refused:
        validate(ROW | cells, COUNTRIES)
    return refused.value.problems


def test_a_whole_row_is_read() -> None:
    assert validate(ROW, COUNTRIES) == ClientDetails(
        reference="K-1",
        kind=ClientKind.PERSON,
        name="Jana Kováčová",
        email="jana@example.org",
        phone="+421905100101",
        phone_confirmed=datetime(2026, 5, 31, tzinfo=UTC),
        birth_number=parse("8655142375"),
        language="en",
        policy_number="PZ-1",
        product="Poistenie domácnosti",
    )


def test_a_company_needs_reference_kind_name_and_email_alone() -> None:
    row = {
        "reference": "K-2",
        "kind": "Company",
        "name": "Drevo, s. r. o.",
        "email": "posta@drevo.example.org",
    }
    details = validate(row, COUNTRIES)
    assert details.kind is ClientKind.COMPANY
    assert (details.phone, details.birth_number, details.language, details.policy_number) == (None,) * 4


def test_every_problem_of_a_row_is_told_at_once_and_no_value() -> None:
    cells = {
        "kind": "chlap",
        "email": "jana",
        "phone": "0905 777",
        "birth_number": "8655142376",
        "language": "hu",
    }
    told = problems(reference="", **cells)
    assert list(told) == ["reference", *cells]
    assert not any(value in problem.split() for value in cells.values() for problem in told.values())


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"name": " "}, "name"),
        ({"name": "a" * 201}, "name"),
        ({"name": "Jana\u200bKováčová"}, "name"),
        ({"name": "Jana\0"}, "name"),
        ({"reference": "a" * 65}, "reference"),
        ({"email": "jana@example.org, peter@example.org"}, "email"),
        ({"email": "jana@example"}, "email"),
        ({"email": "a" * 250 + "@example.org"}, "email"),
        ({"kind": ""}, "kind"),
        ({"kind": "company"}, "birth_number"),
        ({"phone": ""}, "phone_confirmed"),
        ({"phone": "02 5341 1111"}, "phone"),
        ({"phone_confirmed": "31.5.2026"}, "phone_confirmed"),
        ({"phone_confirmed": "2999-01-01"}, "phone_confirmed"),
        ({"product": ""}, "product"),
        ({"policy_number": ""}, "policy_number"),
        ({"policy_number": "1" * 33}, "policy_number"),
    ],
)
def test_each_mistake_is_told_of_its_column_alone(cells: dict[str, str], column: str) -> None:
    assert list(problems(**cells)) == [column]


def test_spaces_and_accents_are_made_uniform() -> None:
    details = validate(ROW | {"name": "  Jana \u00a0 Kova\u0301c\u030cova\u0301 "}, COUNTRIES)
    assert details.name == "Jana Kováčová"


def test_a_confirmation_of_today_is_no_future_although_the_day_began_here_before_it_did_in_utc() -> None:
    with time_machine.travel(datetime(2026, 5, 30, 22, 30, tzinfo=UTC), tick=False):
        assert validate(ROW, COUNTRIES).phone_confirmed == datetime(2026, 5, 30, 22, 30, tzinfo=UTC)


@given(st.dictionaries(st.sampled_from(list(ROW)), st.text()))
def test_whatever_stands_in_a_row_it_is_read_or_refused_in_words(cells: dict[str, str]) -> None:
    with suppress(BadRow):
        details = validate(ROW | cells, COUNTRIES)
        assert 0 < len(details.name) <= 200
        assert details.name.isprintable()
        assert " " not in details.email
