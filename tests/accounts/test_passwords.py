from __future__ import annotations

import pytest

from zone.accounts.passwords import WeakPassword, refuse_weak
from zone.secret import Secret


def _judge(password: str) -> None:
    refuse_weak(Secret(password), email="jana.kovacova@example.org", name="Jana Kováčová")


@pytest.mark.parametrize(
    "password",
    [
        "Štyri zelené lampáše",
        "correct horse battery staple",
        "Zubn4 kefka spí v aute",
        "x9#" * 4 + "Vb2!qLmZ",
        "rýchly bocian nad Váhom " * 5,
    ],
)
def test_good_passwords_are_accepted(password: str) -> None:
    _judge(password)


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("", "too short"),
        ("kX9#vQ2!mZ4", "too short"),
        ("ab" * 65, "too long"),
        ("password1234", "easy to guess"),
        ("aaaaaaaaaaaaaaaa", "easy to guess"),
        ("Klientskázóna2026", "first that anybody"),
        ("Tajnéheslo123", "first that anybody"),
        ("moja KOVACOVA 77 lampa", "your name"),
        ("moja kováčová 77 lampa", "your name"),
        ("jana.kovacova@example.org", "your name"),
    ],
)
def test_bad_passwords_are_refused_with_the_reason(password: str, reason: str) -> None:
    with pytest.raises(WeakPassword, match=reason) as refusal:
        _judge(password)
    assert not password or password not in str(refusal.value)


def test_a_combining_letter_is_no_second_character() -> None:
    with pytest.raises(WeakPassword, match="too short"):
        _judge("e\u0301" * 11)
