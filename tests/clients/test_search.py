"""Finding policies and clients: who is found, by whom, and at what cost."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from peewee import Database
from time_machine import travel

from tests.clients.statements import counting, planning
from tests.people import COMPANY, JANA, MARIA, PETER, give_mandate, make_client, someone
from zone.audit import OPERATOR, Actor, Role
from zone.clients import mandates, phones, policies, search, search_index
from zone.clients.models import Client, Mandate
from zone.clients.people import upsert
from zone.clients.search_models import ClientTerm, PortfolioTerm
from zone.clock import now
from zone.storage import transaction
from zone.vault import Vault

BROKER, OTHER = 7, 8
PROGRAM = Actor(Role.PROGRAM, 1, "crm")


def numbers(typed: str, broker: int = BROKER) -> list[str]:
    return [row.policy.number for row in search.portfolio(broker, typed).rows]


def names(typed: str) -> list[str]:
    return [row.client.name for row in search.everybody(typed).rows]


@pytest.fixture
def jana(database: Database, vault: Vault) -> Client:
    """Under a mandate of the broker's."""
    client = make_client(vault, JANA)
    give_mandate(client, BROKER)
    return client


def test_everybody_is_found_by_all_that_they_have_but_the_birth_number(jana: Client, vault: Vault) -> None:
    make_client(vault, COMPANY)
    for typed in ("kovac", "Kováčová Jana", "k-1001", "K1001", "jana.kov", "PZ-2001", "2001", "0905100101"):
        assert names(typed) == [JANA.name], typed
    for typed in ("865514/2375", "8655142375", "2375", "Kysuca", "", "%", "_"):
        assert names(typed) == [], typed
    assert names("kysuce s r") == [COMPANY.name]


def test_a_row_shows_the_phone_masked_or_none(jana: Client, vault: Vault) -> None:
    give_mandate(make_client(vault, replace(MARIA, phone=None)), BROKER)
    rows = search.portfolio(BROKER, "").rows
    assert [(row.client.name, row.phone_masked) for row in rows] == [
        ("Jana Kováčová", "+421 9•• ••• 101"),
        ("Mária Horváthová", None),
    ]


def test_typing_one_more_digit_at_a_time_does_not_find_a_phone_number_out(jana: Client) -> None:
    ends = ["421905100101"[-length:] for length in range(1, 13)]
    assert [end for end in ends if numbers(end)] == ["101", "905100101", "421905100101"]
    begins = ["421905100101"[:length] for length in range(1, 12)] + ["0905100", "905100", "0905 100 10"]
    assert [begin for begin in begins if numbers(begin)] == []
    assert [end for end in ends if names(end)] == ends[2:]


def test_a_broker_finds_only_under_a_mandate_that_is_in_force(jana: Client, vault: Vault) -> None:
    give_mandate(make_client(vault, PETER), OTHER)
    give_mandate(make_client(vault, MARIA), BROKER, starts=timedelta(hours=1))
    give_mandate(make_client(vault, COMPANY), BROKER, ends=timedelta(hours=-1))
    assert numbers("") == ["PZ-2001"]
    for typed in ("novak", "horvathova", "drevo", "102", "PZ-2003"):
        assert numbers(typed) == []
    with travel(now() + timedelta(hours=2)):
        assert numbers("") == ["PZ-2001", "PZ-2003"]
        assert numbers("horvathova") == ["PZ-2003"]


def test_what_the_terms_say_opens_nothing(jana: Client) -> None:
    Mandate.update(ends_at=now() - timedelta(seconds=1)).execute()
    assert PortfolioTerm.select().exists()
    assert numbers("") == numbers("kovac") == []


def test_two_mandates_for_one_policy_show_it_once(jana: Client) -> None:
    give_mandate(jana, BROKER, ends=timedelta(days=1))
    assert numbers("") == numbers("jana") == ["PZ-2001"]


def test_who_fits_in_several_ways_is_found_once_on_all_pages_together(
    database: Database, vault: Vault
) -> None:
    for number in range(6):
        details = someone(name=f"Kováč Kováčová Kov{'abcdef'[number]}", policy_number=f"101-{number}")
        give_mandate(make_client(vault, replace(details, phone=f"+42190510{number}101")), BROKER)
    for typed in ("kov", "101", "k"):
        seen: list[str] = []
        after = None
        while True:
            page = search.portfolio(BROKER, typed, after=after, most=2)
            seen += [row.policy.number for row in page.rows]
            after = page.after
            if after is None:
                break
        assert sorted(seen) == [f"101-{number}" for number in range(6)], typed


@pytest.mark.parametrize("after", ["", "x", "%ff", "é", "AAAA", "A" * 400])
def test_a_mark_that_is_none_means_the_beginning(jana: Client, after: str) -> None:
    assert [row.policy.number for row in search.portfolio(BROKER, "", after=after).rows] == ["PZ-2001"]


def test_each_change_is_found_at_once_and_what_was_no_more(jana: Client, vault: Vault) -> None:
    with transaction():
        upsert(vault, OPERATOR, replace(JANA, name="Jana Nová", email="nova@example.org"), at=now())
    assert (numbers("kovac"), numbers("nova")) == ([], ["PZ-2001"])
    assert (names("jana.kov"), names("nova@")) == ([], ["Jana Nová"])
    phones.set_number(OPERATOR, jana.id, "+421905777888", at=now())
    assert (numbers("101"), numbers("888")) == ([], ["PZ-2001"])
    assert (names("100101"), names("777888")) == ([], ["Jana Nová"])
    policies.put(PROGRAM, jana, "PZ-3001", "Auto")
    assert (names("3001"), numbers("3001")) == (["Jana Nová"], [])
    mandates.put(PROGRAM, "M-1", broker_id=BROKER, policy=policies.find("PZ-3001"), starts=now(), ends=None)
    assert numbers("nova") == ["PZ-2001", "PZ-3001"]
    mandates.put(PROGRAM, "M-1", broker_id=OTHER, policy=policies.find("PZ-3001"), starts=now(), ends=None)
    assert (numbers("nova"), numbers("nova", OTHER)) == (["PZ-2001"], ["PZ-3001"])


def test_the_same_again_writes_nothing(jana: Client, database: Database) -> None:
    with counting(database) as statements, transaction():
        search.reindex(jana.id)
    assert [text for text in statements if text.startswith(("INSERT", "DELETE"))] == []


def test_a_mandate_that_ends_by_itself_is_swept_away(jana: Client) -> None:
    give_mandate(jana, OTHER, ends=timedelta(hours=1))
    kept = PortfolioTerm.select().where(PortfolioTerm.broker_id == BROKER).count()
    assert search_index.sweep() == 0
    with travel(now() + timedelta(hours=2)):
        assert search_index.sweep() == kept
    assert [term.broker_id for term in PortfolioTerm.select()] == [BROKER] * kept


def test_terms_go_with_their_client(jana: Client) -> None:
    Client.delete().where(Client.id == jana.id).execute()
    assert not PortfolioTerm.select().exists()
    assert not ClientTerm.select().exists()


@pytest.mark.parametrize("typed", ["", "kovac", "101", "pz"])
def test_the_number_of_statements_does_not_hang_on_the_number_of_clients(
    jana: Client, vault: Vault, database: Database, typed: str
) -> None:
    with counting(database) as few:
        search.portfolio(BROKER, typed)
    for _ in range(12):
        give_mandate(make_client(vault, name="Eva Kováčová"), BROKER)
    with counting(database) as many:
        search.portfolio(BROKER, typed)
    assert len(many) <= len(few) <= 5


def test_each_statement_reads_a_range_of_the_index(jana: Client, database: Database) -> None:
    with planning(database) as plans:
        search.portfolio(BROKER, "101", after=search.portfolio(BROKER, "", most=1).after)
        search.everybody("kovac")
    read = [plan for text, plan in plans if "_term" in text]
    assert len(read) >= 6
    for plan in read:
        # One range of the primary key, in its order; all else is looked up by row.
        assert re.search(r"PRIMARY KEY \((broker_id=\? AND )?\(?term[,>]|Index Cond: .*term >", plan), plan
        assert not re.search(r"SCAN|Seq Scan|Sort|B-TREE", plan), plan
