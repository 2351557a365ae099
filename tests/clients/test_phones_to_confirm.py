"""The worklist of numbers that were never confirmed, or too long ago."""

from __future__ import annotations

from datetime import timedelta

import pytest
from peewee import Database

from tests.clients.statements import planning
from tests.people import make_client, with_phone_changed_yesterday, with_phone_confirmed_two_years_ago
from zone.audit import OPERATOR
from zone.clients import phones
from zone.clients.models import Client, Phone
from zone.clients.phone_rules import PhoneNotConfirmed, check_confirmed
from zone.clients.phones_to_confirm import PAGE, ToConfirm, count, page
from zone.clock import now
from zone.config import Limits
from zone.storage import transaction
from zone.vault import Vault

LIMITS = Limits()


def never(vault: Vault) -> Client:
    return make_client(vault, phone_confirmed=None)


def listed() -> list[ToConfirm]:
    return page(limits=LIMITS).rows


def test_never_comes_before_long_ago_and_what_is_fit_is_not_there(database: Database, vault: Vault) -> None:
    make_client(vault)
    make_client(vault, phone=None)
    with_phone_changed_yesterday(vault)
    two_years = with_phone_confirmed_two_years_ago(vault)
    three_years = make_client(vault, phone_confirmed=now() - timedelta(days=1100))
    unknown = never(vault)
    assert [row.client for row in listed()] == [unknown, three_years, two_years]
    assert [row.confirmed_at is None for row in listed()] == [True, False, False]
    assert count(limits=LIMITS).count == 3
    phone = phones.current(unknown.id)
    assert phone is not None
    assert listed()[0].phone_masked == phones.mask(phone.number) != phone.number


@pytest.mark.parametrize("days", [364, 366])
def test_it_is_the_rule_that_sends_no_password(database: Database, vault: Vault, days: int) -> None:
    client = make_client(vault, phone_confirmed=now() - timedelta(days=days))
    phone = phones.current(client.id)
    assert phone is not None
    if not listed():
        check_confirmed(phone, limits=LIMITS, at=now())
        return
    with pytest.raises(PhoneNotConfirmed):
        check_confirmed(phone, limits=LIMITS, at=now())


def test_a_number_that_was_replaced_is_nobodys(database: Database, vault: Vault) -> None:
    client = never(vault)
    with transaction():
        phones.set_number(OPERATOR, client.id, "+421905100199", at=now(), confirmed_at=now())
    assert listed() == []


@pytest.mark.parametrize("unknown", [0, 3, PAGE - 1, PAGE, PAGE + 1])
def test_pages_bring_each_once(database: Database, vault: Vault, unknown: int) -> None:
    known = PAGE * 2 + 1 - unknown
    made = [make_client(vault) for _ in range(PAGE * 2 + 1)]
    Phone.update(confirmed_at=now() - timedelta(days=500)).execute()
    Phone.update(confirmed_at=None).where(Phone.client.in_(made[known:])).execute()
    seen, mark = [], None
    for _ in range(3):
        some = page(after=mark, limits=LIMITS)
        seen += [row.client for row in some.rows]
        mark = some.next
    assert mark is None
    assert seen == [*made[known:], *made[:known]]


def test_each_statement_reads_a_range_of_the_index(database: Database, vault: Vault) -> None:
    for _ in range(3):
        never(vault)
        with_phone_confirmed_two_years_ago(vault)
    with planning(database) as plans:
        rows = page(limits=LIMITS)
        count(limits=LIMITS)
        assert rows.next is None
    plans = [(text, plan) for text, plan in plans if 'FROM "phone"' in text]
    assert len(plans) == 4
    for _, plan in plans:
        assert "phone_to_confirm" in plan
        assert "B-TREE" not in plan
