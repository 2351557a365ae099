"""Which numbers are taken, how they are shown, which one is on file."""

from __future__ import annotations

from datetime import timedelta

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from peewee import Database

from tests.audit.trails import facts_of
from tests.people import make_client
from zone.audit import OPERATOR
from zone.audit.models import Event
from zone.clients import phones
from zone.clients.models import Phone
from zone.clients.phones import FOREIGN, NOT_A_NUMBER, NOT_MOBILE, BadPhone, mask, mask_email, parse_mobile
from zone.clock import now
from zone.vault import Vault

COUNTRIES = frozenset({"SK", "CZ"})
ABROAD = (
    "+43664123456",
    "+4915123456789",
    "+36201234567",
    "+48512345678",
    "+447400123456",
    "+12015550123",
    "+380501234567",
)
mobiles = st.one_of(
    st.builds(
        "+4219{}{:06}".format, st.sampled_from(["05", "11", "18", "40", "44", "49"]), st.integers(0, 999_999)
    ),
    st.builds("+4206{}{:06}".format, st.sampled_from(["01", "02", "06"]), st.integers(0, 999_999)),
)


@pytest.mark.parametrize(
    "text",
    [
        "0905 123 456",
        "0905/123 456",
        "(0905) 123-456",
        "+421 905 123 456",
        "00421905123456",
        "\u00a0905.123.456 ",
    ],
)
def test_a_slovak_mobile_is_taken_however_it_is_written(text: str) -> None:
    assert parse_mobile(text, COUNTRIES) == "+421905123456"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", NOT_A_NUMBER),
        ("0905 123 45", NOT_A_NUMBER),
        ("0905 123 4567", NOT_A_NUMBER),
        ("0905-KVETINY", NOT_A_NUMBER),
        ("0905 123 456 ext. 7", NOT_A_NUMBER),
        ("tel:+421905123456", NOT_A_NUMBER),
        ("٠٩٠٥١٢٣٤٥٦", NOT_A_NUMBER),
        ("02 5341 1111", NOT_MOBILE),
        ("0900 123 456", NOT_MOBILE),
        ("0850 123 456", NOT_MOBILE),
        ("+421 650 123 456", NOT_MOBILE),
        ("+49 1512 3456789", FOREIGN),
        ("+1 212 555 1234", FOREIGN),
    ],
)
def test_what_takes_no_sms_is_refused_with_what_to_write(text: str, message: str) -> None:
    with pytest.raises(BadPhone) as refused:
        parse_mobile(text, COUNTRIES)
    assert refused.value.message == message


def test_another_country_can_be_allowed_even_where_the_plan_mixes_mobiles_and_landlines() -> None:
    assert parse_mobile("+1 212 555 1234", frozenset({"US"})) == "+12125551234"


@given(mobiles)
def test_a_number_survives_being_parsed_again(number: str) -> None:
    assert parse_mobile(number, COUNTRIES) == number


def test_a_mask_looks_as_people_write_numbers() -> None:
    assert mask("+421905123456") == "+421 9•• ••• 456"
    assert mask("+420601234567") == "+420 6•• ••• 567"


@given(mobiles | st.sampled_from(ABROAD))
def test_a_mask_shows_no_more_than_country_first_digit_and_last_three(number: str) -> None:
    masked = mask(number)
    country = str(phonenumbers.parse(number).country_code)
    shown = "".join(character for character in masked if character.isdigit())
    assert shown == country + number[1 + len(country)] + number[-3:]
    assert masked.count("•") == len(number) - 1 - len(shown)


@given(st.emails())
def test_a_masked_address_tells_one_letter_and_the_domain(email: str) -> None:
    local, _, domain = email.rpartition("@")
    assert mask_email(email) == f"{local[0]}•••@{domain}"


def test_the_newest_number_is_the_one_on_file_and_the_old_one_is_kept(
    database: Database, vault: Vault
) -> None:
    client = make_client(vault, phone="+421905000001")
    at = now()
    changed = phones.set_number(OPERATOR, client.id, "+421905000002", at=at)
    assert phones.current(client.id) == changed
    old = Phone.get(Phone.number == "+421905000001")
    assert old.replaced_at == changed.set_at == at
    assert changed.confirmed_at is None


def test_the_same_number_again_changes_nothing(database: Database, vault: Vault) -> None:
    client = make_client(vault, phone="+421905000001")
    before = phones.current(client.id)
    assert phones.set_number(OPERATOR, client.id, "+421905000001", at=now()) == before
    assert Phone.select().count() == 1


def test_the_event_of_a_change_names_both_numbers_masked(database: Database, vault: Vault) -> None:
    client = make_client(vault, phone="+421905000001")
    phones.set_number(OPERATOR, client.id, "+421905000002", at=now() - timedelta(days=1))
    event = Event.select().where(Event.tag == "phone:changed").order_by(Event.id.desc()).get()
    assert facts_of(event) == {"before": "+421 9•• ••• 001", "to": "+421 9•• ••• 002"}
    assert event.facts == "{}"
    assert event.client_id == client.id
