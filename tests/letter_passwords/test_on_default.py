"""Clients on the default, and what that is worth."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from peewee import Database

from tests.clients.statements import planning
from tests.people import COMPANY, MARIA, make_client
from tests.web.people import add_client
from zone.audit import Actor, Role
from zone.clients.models import Client
from zone.language import language
from zone.letter_passwords import cracking
from zone.letter_passwords.models import LetterPassword
from zone.letter_passwords.on_default import ALL, PAGE, Filters, count, page
from zone.letter_passwords.set_own import set_own
from zone.secret import Secret
from zone.storage.marks import Mark
from zone.vault import Vault

ENGLISH, SLOVAK = (language(code, ZoneInfo("UTC")) for code in ("en", "sk"))


def names(filters: Filters = ALL) -> list[str]:
    return [row.client.name for row in page(filters).rows]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (ALL, ["three", "four", "signs in"]),
        (Filters(digits=3), ["three"]),
        (Filters(digits=4), ["four", "signs in"]),
        (Filters(account=True), ["signs in"]),
        (Filters(account=False), ["three", "four"]),
        (Filters(digits=3, account=True), []),
    ],
)
def test_who_is_on_it_by_what_was_chosen(
    database: Database, vault: Vault, filters: Filters, found: list[str]
) -> None:
    make_client(vault, name="four")
    make_client(vault, name="three", birth_number=MARIA.birth_number)
    make_client(vault, COMPANY)
    add_client(vault, client=make_client(vault, name="signs in"))
    own = add_client(vault, client=make_client(vault, name="has an own one"))
    set_own(vault, own.actor, own.client_id, Secret("slnko nad Tatrami"))
    assert names(filters) == found
    assert count(filters).count == len(found)
    assert [row.has_account for row in page().rows] == [False, False, True]


def test_setting_an_own_one_leads_off_the_list(database: Database, vault: Vault) -> None:
    client = make_client(vault)
    assert [row.version.digits for row in page().rows] == [4]
    set_own(vault, Actor(Role.CLIENT, 1), client.id, Secret("slnko nad Tatrami"))
    assert page().rows == []


@pytest.mark.parametrize("filters", [ALL, Filters(digits=4)])
def test_pages_bring_each_once(database: Database, vault: Vault, filters: Filters) -> None:
    made = [make_client(vault) for _ in range(PAGE + 3)]
    LetterPassword.update(digits=3).where(LetterPassword.client.in_(made[::2])).execute()
    seen: list[Client] = []
    mark = None
    for _ in range(2):
        some = page(filters, after=mark)
        seen += [row.client for row in some.rows]
        mark = some.next
        if mark is None:
            break
    assert mark is None
    assert seen == ([*made[::2], *made[1::2]] if filters is ALL else made[1::2])


@pytest.mark.parametrize("filters", [ALL, Filters(digits=4), Filters(account=True)])
def test_each_statement_reads_a_range_of_the_index(
    database: Database, vault: Vault, filters: Filters
) -> None:
    for _ in range(3):
        make_client(vault)
    with planning(database) as plans:
        page(filters, after=Mark(3, 1))
    plan = plans[0][1]
    assert "letter_password_default" in plan
    assert "B-TREE" not in plan


def test_what_guessing_costs_is_told_honestly() -> None:
    four, three, known = cracking.of_default(4), cracking.of_default(3), cracking.with_birth_date()
    own = cracking.of_passphrase("sk")
    assert [cost.possibilities for cost in (four, three, known)] == [10_000, 1_000, 909]
    assert [cracking.in_words(cost.on_core, ENGLISH) for cost in (three, known, four)] == [
        "less than a second",
        "less than a second",
        "6 seconds",
    ]
    assert all(cracking.in_words(cost.on_card, ENGLISH) == "less than a second" for cost in (four, three))
    assert cracking.in_words(own.on_card, ENGLISH) == "9 centuries"
    assert cracking.in_words(own.on_card, SLOVAK) == "9 storočí"
    assert cracking.in_words(four.on_core, SLOVAK) == "6 sekúnd"


def test_909_endings_of_a_known_date_can_be_divided_by_eleven() -> None:
    days = (790302, 865514, 5101)
    counts = {sum((day * 10_000 + ending) % 11 == 0 for ending in range(10_000)) for day in days}
    assert counts <= {cracking.WITH_BIRTH_DATE, cracking.WITH_BIRTH_DATE + 1}
