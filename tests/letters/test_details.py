"""What is said of a letter, read from text."""

from __future__ import annotations

from datetime import date

import pytest

from zone.config import LetterKind
from zone.letters.details import BadDetails, LetterDetails, read

LEAST = {"client": "K-1001", "subject": "Výpis"}


def test_the_least_that_must_be_said() -> None:
    assert read(LEAST) == LetterDetails(client="K-1001", subject="Výpis")


def test_all_that_can_be_said() -> None:
    said = LEAST | {"kind": "Claim", "date": "2026-05-03", "policy": "PZ-2001", "external_id": "D-1"}
    assert read(said) == LetterDetails(
        client="K-1001",
        subject="Výpis",
        kind=LetterKind.CLAIM,
        date=date(2026, 5, 3),
        policy="PZ-2001",
        external_id="D-1",
    )


def test_text_is_composed_and_spaces_are_one() -> None:
    assert read(LEAST | {"subject": "  Vy\u0301pis\t zmluvy "}).subject == "Výpis zmluvy"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("client", ""),
        ("client", "x" * 65),
        ("subject", " "),
        ("subject", "x" * 201),
        ("subject", "a\x00b"),
        ("subject", "caf\udce9"),
        ("subject", "a\u200bb"),
        ("kind", "letter"),
        ("date", "3. mája 2026"),
        ("date", "2026-02-30"),
        ("policy", "x" * 33),
        ("external_id", "x" * 65),
        ("colour", "red"),
    ],
)
def test_what_cannot_be_taken_is_named_without_its_value(field: str, value: str) -> None:
    with pytest.raises(BadDetails) as bad:
        read(LEAST | {field: value})
    assert list(bad.value.problems) == [field]
    assert not value.strip() or value not in str(bad.value)


def test_every_problem_is_told_at_once() -> None:
    with pytest.raises(BadDetails) as bad:
        read({"date": "soon", "kind": "x"})
    assert set(bad.value.problems) == {"client", "subject", "date", "kind"}
