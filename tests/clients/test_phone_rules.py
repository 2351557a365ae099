"""When a password may go to a phone: rule 7 of DESIGN.md."""

from __future__ import annotations

from datetime import timedelta

import pytest
from peewee import Database

from tests.people import make_client, with_phone_changed_yesterday, with_phone_confirmed_two_years_ago
from zone.audit import OPERATOR, Actor, Role
from zone.clients import holds, phones
from zone.clients.holds import OnHold
from zone.clients.phone_rules import (
    PhoneAddedRecently,
    PhoneChangedByYou,
    PhoneChangedRecently,
    PhoneMissing,
    PhoneNotConfirmed,
    check_fit_for_password,
)
from zone.clock import now
from zone.config import Limits
from zone.vault import Vault

LIMITS = Limits()
BROKER, OTHER = Actor(Role.BROKER, 7), Actor(Role.BROKER, 8)
SUPPORT = Actor(Role.SUPPORT, 7)  # has the broker's number, in another role


def test_a_number_confirmed_lately_is_fit(database: Database, vault: Vault) -> None:
    client = make_client(vault)
    check_fit_for_password(phones.current(client.id), limits=LIMITS, at=now())


def test_no_number_is_not_fit() -> None:
    with pytest.raises(PhoneMissing):
        check_fit_for_password(None, limits=LIMITS, at=now())


def test_a_number_never_confirmed_is_not_fit(database: Database, vault: Vault) -> None:
    client = make_client(vault, phone_confirmed=None)
    with pytest.raises(PhoneNotConfirmed):
        check_fit_for_password(phones.current(client.id), limits=LIMITS, at=now())


def test_a_confirmation_two_years_old_counts_no_more(database: Database, vault: Vault) -> None:
    client = with_phone_confirmed_two_years_ago(vault)
    with pytest.raises(PhoneNotConfirmed):
        check_fit_for_password(phones.current(client.id), limits=LIMITS, at=now())


def test_a_number_changed_yesterday_is_held_until_72_hours_have_passed(
    database: Database, vault: Vault
) -> None:
    client = with_phone_changed_yesterday(vault)
    phone = phones.current(client.id)
    assert phone is not None
    until = phone.set_at + timedelta(hours=72)
    with pytest.raises(PhoneChangedRecently) as refused:
        check_fit_for_password(phone, limits=LIMITS, at=until - timedelta(seconds=1))
    assert refused.value.facts == {"until": until}
    check_fit_for_password(phone, limits=LIMITS, at=until)


def test_the_first_number_that_the_insurer_brings_is_not_held(database: Database, vault: Vault) -> None:
    client = make_client(vault, phone=None)
    phone = phones.set_number(OPERATOR, client.id, "+421905000002", at=now(), confirmed_at=now())
    check_fit_for_password(phone, limits=LIMITS, at=now())


def test_a_number_that_was_taken_away_and_given_back_is_held(database: Database, vault: Vault) -> None:
    client = make_client(vault, phone="+421905000001")
    first = phones.current(client.id)
    assert first is not None
    phones.remove(OPERATOR, first, at=now())
    assert phones.current(client.id) is None
    again = phones.set_number(OPERATOR, client.id, "+421905000001", at=now(), confirmed_at=now())
    with pytest.raises(PhoneChangedRecently):
        check_fit_for_password(again, limits=LIMITS, at=now())


@pytest.mark.parametrize("by", [BROKER, SUPPORT])
def test_a_first_number_from_a_person_is_held(database: Database, vault: Vault, by: Actor) -> None:
    client = make_client(vault, phone=None)
    phone = phones.set_number(by, client.id, "+421905000002", at=now(), confirmed_at=now())
    until = phone.set_at + timedelta(hours=72)
    with pytest.raises(PhoneAddedRecently) as refused:
        check_fit_for_password(phone, limits=LIMITS, at=until - timedelta(seconds=1), actor=OPERATOR)
    assert refused.value.facts == {"until": until}
    check_fit_for_password(phone, limits=LIMITS, at=until, actor=by)


@pytest.mark.parametrize("first", ["+421905000001", None])
def test_who_changed_it_is_told_that_they_did(database: Database, vault: Vault, first: str | None) -> None:
    client = make_client(vault, phone=first)
    phone = phones.set_number(BROKER, client.id, "+421905000002", at=now(), confirmed_at=now())
    for actor, yours in ((BROKER, True), (OTHER, False), (SUPPORT, False), (None, False)):
        with pytest.raises(PhoneChangedRecently) as refused:
            check_fit_for_password(phone, limits=LIMITS, at=now(), actor=actor)
        assert (refused.type is PhoneChangedByYou) == yours


def test_a_hold_comes_before_all_else_but_a_missing_number(database: Database, vault: Vault) -> None:
    for client in (make_client(vault), with_phone_changed_yesterday(vault), make_client(vault, phone=None)):
        holds.place(SUPPORT, client.id, holds.Why.ACCESS, 1)
        phone = phones.current(client.id)
        with pytest.raises(OnHold if phone else PhoneMissing):
            check_fit_for_password(phone, limits=LIMITS, at=now())
