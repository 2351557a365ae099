"""What is a birth number, and what is kept of it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import time_machine
from hypothesis import assume, given
from hypothesis import strategies as st
from peewee import Database

from tests.people import make_client, someone
from zone.clients.birth_numbers import (
    BAD_CHECK,
    BAD_DATE,
    BAD_LENGTH,
    FUTURE,
    BadBirthNumber,
    default_digits,
    default_password,
    forget,
    load,
    parse,
    store,
)
from zone.secret import Secret
from zone.storage import transaction
from zone.vault import Context, NotInVault, Purpose, Vault
from zone.vault.models import VaultEntry


@st.composite
def valid(draw: st.DrawFn) -> tuple[str, date]:
    """A birth number as the acts describe it, written in any of the usual ways, and its day."""
    born = draw(st.dates(date(1900, 1, 1), date(2026, 1, 1)))
    offset = draw(st.sampled_from((0, 50, 20, 70) if born.year >= 2004 else (0, 50)))
    digits = f"{born:%y}{born.month + offset:02}{born.day:02}{draw(st.integers(0, 999)):03}"
    if born.year >= 1954:
        digits += str(int(digits) % 11 % 10)
    return digits[:6] + draw(st.sampled_from(("", "/", " / ", " "))) + digits[6:], born


@given(valid())
def test_every_birth_number_that_the_acts_describe_is_accepted(number: tuple[str, date]) -> None:
    text, born = number
    parsed = parse(f" {text} ")
    assert parsed.born == born
    assert parsed.digits == Secret(text.replace("/", "").replace(" ", ""))


@given(valid())
def test_the_default_is_three_digits_before_1954_and_four_after(number: tuple[str, date]) -> None:
    text, born = number
    digits = default_digits(parse(text))
    assert digits == (3 if born.year < 1954 else 4)
    assert default_password(parse(text)).reveal() == text.replace("/", "").replace(" ", "")[-digits:]


@given(valid().filter(lambda number: number[1].year >= 1954), st.integers(0, 9), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(number: tuple[str, date], place: int, shift: int) -> None:
    digits = number[0].replace("/", "").replace(" ", "")
    # The thousand numbers whose check digit 0 stands for a remainder of 10 weaken the check and are left out.
    assume(int(digits) % 11 == 0)
    wrong = digits[:place] + str((int(digits[place]) + shift) % 10) + digits[place + 1 :]
    assume(int(wrong[:9]) % 11 != 10)
    with pytest.raises(BadBirthNumber):
        parse(wrong)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", BAD_LENGTH),
        ("790302/374", BAD_LENGTH),  # nine digits, born 1979
        ("790302/37440", BAD_LENGTH),
        ("991231/123", BAD_LENGTH),  # nine digits would mean 1899
        ("79O302/3744", BAD_LENGTH),  # a letter O
        ("٧٩٠٣٠٢٣٧٤٤", BAD_LENGTH),
        ("790302/3745", BAD_CHECK),
        ("791302/3743", BAD_DATE),  # no 13th month
        ("790230/0009", BAD_DATE),  # no 30 February
        ("794102/1000", BAD_DATE),  # stdnum takes month 41 for January
        ("792302/1007", BAD_DATE),  # 20 was not added before 2004
        ("797302/1001", BAD_DATE),
        ("512311/234", BAD_DATE),  # a number of 2005 whose leading zero a spreadsheet dropped
    ],
)
def test_what_is_no_birth_number_is_refused_with_what_to_check(text: str, message: str) -> None:
    with pytest.raises(BadBirthNumber) as refused:
        parse(text)
    assert refused.value.message == message
    assert not text or text not in str(refused.value)


def test_nobody_is_born_tomorrow() -> None:
    digits = "260102000"
    number = digits + str(int(digits) % 11 % 10)
    with time_machine.travel(datetime(2026, 1, 2, 12, tzinfo=UTC)):
        assert parse(number).born == date(2026, 1, 2)
    with (
        time_machine.travel(datetime(2026, 1, 1, 12, tzinfo=UTC)),
        pytest.raises(BadBirthNumber) as refused,
    ):
        parse(number)
    assert refused.value.message == FUTURE


def test_a_birth_number_comes_back_from_the_vault_and_is_nowhere_in_clear(
    database: Database, vault: Vault
) -> None:
    client = make_client(vault, birth_number=None)
    with transaction():
        store(vault, client.id, parse("865514/2375"))
    assert load(vault, client.id) == parse("865514/2375")
    (entry,) = VaultEntry.select().where(VaultEntry.purpose == Purpose.BIRTH_NUMBER)
    assert b"8655142375" not in bytes(entry.ciphertext) + bytes(entry.wrapped_key)


def test_a_forgotten_birth_number_is_gone(database: Database, vault: Vault) -> None:
    client = make_client(vault)
    with transaction():
        forget(vault, client.id)
    assert load(vault, client.id) is None
    with pytest.raises(NotInVault):
        vault.get(Context(Purpose.BIRTH_NUMBER, client.id, 1))


def test_a_birth_number_does_not_show_in_a_print() -> None:
    assert "2375" not in repr(someone(birth_number=parse("865514/2375")))
