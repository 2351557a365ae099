"""The worklists as the desk sees them; tests of single letters and messages are in `test_to_settle`."""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.people import COMPANY, MARIA, PETER, make_client, with_phone_confirmed_two_years_ago
from tests.web.browser import HTMX, Browser
from tests.web.conftest import SendLetter
from tests.web.people import Person
from zone.audit.models import Event
from zone.clients.models import Phone
from zone.clients.search_models import Reading
from zone.clock import now
from zone.config import Config, Limits
from zone.letters.dispatch import Obstacle
from zone.letters.encryption import Problem
from zone.letters.models import Copy, Letter
from zone.messages.handover import Reason, Status
from zone.messages.models import Kind, Message
from zone.parts import Parts
from zone.vault import Vault

LISTS = "/support/worklists"
ADDRESSES = tuple(f"{LISTS}/{name}" for name in ("letters", "messages", "phones", "default-passwords"))


def card(client_id: int) -> str:
    return f'href="/support/clients/{client_id}"'


def test_the_overview_says_how_much_there_is(desk: Browser, jana: Person, letter: SendLetter) -> None:
    letter(jana)
    Message.update(status=Status.FAILED).execute()
    page = desk.get(LISTS).text
    counts = re.findall(r'<a href="([^"]+)">[^<]+</a> <span class="tag[^>]*>([^<]+)</span>', page)
    letters, messages, phones, default = ADDRESSES
    assert dict(counts) == {letters: "0", messages: "1", phones: "0", default: "1"}  # Jana is on the default


def test_a_message_stands_there_with_its_client_and_the_next_step(
    desk: Browser, jana: Person, letter: SendLetter
) -> None:
    letter(jana)
    Message.update(status=Status.FAILED, reason=Reason.ADDRESS).execute()
    page = desk.get(f"{LISTS}/messages").text
    for words in ("Jana Kováčová", "K-1001", card(jana.client_id), "not delivered", "takes no messages"):
        assert words in page
    Message.update(reason=Reason.REFUSED).execute()
    assert "our support" not in desk.get(f"{LISTS}/messages").text  # that is who reads it
    Message.update(client_id=999).execute()
    assert "no longer with us" in desk.get(f"{LISTS}/messages").text


def test_what_the_auditor_did_not_get_is_asked_of_no_client(
    desk: Browser, jana: Person, letter: SendLetter
) -> None:
    letter(jana)
    lost = {"status": Status.FAILED, "reason": Reason.ADDRESS, "kind": Kind.AUDIT_HEAD, "client_id": None}
    Message.update(lost).execute()
    page = desk.get(f"{LISTS}/messages").text
    assert "The auditor did not get it." in page
    assert "Ask the client" not in page


def test_phones_lead_to_their_clients_and_to_the_letters_that_wait(
    desk: Browser, vault: Vault, jana: Person, letter: SendLetter
) -> None:
    old = with_phone_confirmed_two_years_ago(vault)
    page = desk.get(f"{LISTS}/phones").text
    assert card(old.id) in page
    assert card(jana.client_id) not in page
    assert Phone.get(Phone.client == old).number not in page
    assert "Letters that wait for it" not in page
    letter(jana)
    Copy.update(message=None, waits_for=Obstacle.PHONE_NOT_CONFIRMED).execute()
    Phone.update(confirmed_at=None).where(Phone.client == old).execute()
    page = desk.get(f"{LISTS}/phones").text
    assert "Letters that wait for it: 1" in page
    assert f"{LISTS}/letters?why=phone_not_confirmed" in page
    assert ">never<" in page


def test_letters_are_filtered_by_what_they_wait_for(desk: Browser, jana: Person, letter: SendLetter) -> None:
    letter(jana)
    Copy.update(message=None, waits_for=Obstacle.ON_HOLD).execute()
    assert card(jana.client_id) in desk.get(f"{LISTS}/letters?why=on_hold").text
    other = desk.get(f"{LISTS}/letters?why=no_phone").text
    assert card(jana.client_id) not in other
    assert "No letter waits for this reason." in other
    part = desk.get(f"{LISTS}/letters?why=on_hold", headers=HTMX).text
    assert part.lstrip().startswith('<div class="stack" id="waiting"')


def test_the_default_is_priced_honestly_in_both_languages(desk: Browser, jana: Person) -> None:
    page = desk.get(f"{LISTS}/default-passwords").text
    for words in (
        "10,000",
        "909",
        "1,000",
        "6 seconds",
        "less than a second",
        "centuries",
        "5 words, each one of",
    ):
        assert words in page
    desk.send("/language", {"language": "sk"})
    page = desk.get(f"{LISTS}/default-passwords").text
    for words in ("10\u00a0000", "6 sekúnd", "menej ako sekundu", "storočí", "5 slov, každé z"):
        assert words in page


def test_clients_on_the_default_are_filtered(desk: Browser, jana: Person, vault: Vault) -> None:
    maria = make_client(vault, MARIA)
    path = f"{LISTS}/default-passwords"
    for query, seen in (
        ("", {jana.client_id, maria.id}),
        ("?digits=3", {maria.id}),
        ("?digits=4", {jana.client_id}),
        ("?account=yes", {jana.client_id}),
        ("?account=no&digits=3", {maria.id}),
        ("?digits=5&account=perhaps", {jana.client_id, maria.id}),
    ):
        page = desk.get(path + query).text
        assert {each for each in (jana.client_id, maria.id) if card(each) in page} == seen
    part = desk.get(f"{path}?digits=3", headers=HTMX).text
    assert part.lstrip().startswith('<div class="stack" id="on-default">')
    page = desk.get(f"{path}?digits=4&account=perhaps&after=0.0").text
    assert f'rel="prev" href="{path}?digits=4"' in page  # what nobody can choose is not handed on


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("mark", ["x", "1", "1.1", "-1", "99999999999999999.1", f"{2**63}", "é"])
def test_whatever_stands_in_the_address_a_page_comes(desk: Browser, address: str, mark: str) -> None:
    for name in ("after", "before", "why", "digits", "account"):
        assert desk.get(address, query_string={name: mark}).status_code == 200


@pytest.mark.parametrize("address", [LISTS, *ADDRESSES])
def test_a_page_costs_as_many_queries_however_long_it_is(
    desk: Browser,
    parts: Parts,
    caplog: pytest.LogCaptureFixture,
    jana: Person,
    letter: SendLetter,
    address: str,
) -> None:
    costs = []
    for details in (PETER, COMPANY):
        make_client(parts.vault, details)
        with_phone_confirmed_two_years_ago(parts.vault)
        waits, _ = letter(jana), letter(jana)
        Message.update(status=Status.FAILED).execute()
        Copy.update(message=None, waits_for=Obstacle.NO_PHONE).where(Copy.letter == waits).execute()
        caplog.clear()
        with caplog.at_level(logging.DEBUG, logger="peewee"):
            desk.get(address)
        costs.append(sum(record.name == "peewee" for record in caplog.records))
    assert costs[0] == costs[1]


class TestFewRowsAnHour:
    """A zone in which an agent may be shown four rows an hour."""

    @pytest.fixture
    def config(self, config: Config) -> Config:
        return replace(config, limits=Limits(support_rows_per_hour=4))

    @pytest.fixture
    def crowd(self, vault: Vault, jana: Person, letter: SendLetter) -> None:
        """Of each worklist three rows."""
        for _ in range(3):
            with_phone_confirmed_two_years_ago(vault)
            waits, rejected, sent = letter(jana), letter(jana), letter(jana)
            Copy.update(message=None, waits_for=Obstacle.NO_PHONE).where(Copy.letter == waits).execute()
            Letter.update(state="rejected", reason=Problem.DAMAGED.name).where(
                Letter.id == rejected.id
            ).execute()
            lost = Copy.get(Copy.letter == sent).message_id
            Message.update(status=Status.FAILED).where(Message.id == lost).execute()

    @pytest.mark.parametrize(
        ("path", "rows"),
        [
            ("letters?why=no_phone", 3),
            ("letters?after=0", 3),
            (f"letters?before={2**62}", 3),
            ("messages?after=99999999999999999.1", 3),
            ("phones?after=0.0", 3),
            ("default-passwords?after=0.0", 4),
            ("default-passwords?digits=4", 4),
            ("default-passwords?account=no", 3),
        ],
    )
    def test_what_is_no_first_page_comes_off_the_allowance(
        self, desk: Browser, crowd: None, path: str, rows: int
    ) -> None:
        address = f"{LISTS}/{path}"
        for _ in range(6):
            assert desk.get(address.partition("?")[0]).status_code == 200
        assert not Reading.select().exists()
        shown = desk.get(address)
        assert (shown.status_code, {each.rows for each in Reading.select()}) == (200, {rows})
        desk.get(address)
        for _ in range(2):
            refused = desk.get(address)
            assert refused.status_code == 422
            assert "you can search and open more after" in refused.text
            assert 'rel="next"' not in refused.text
        assert desk.get(address.partition("?")[0]).status_code == 200
        (alarm,) = Event.select().where(Event.tag == "clients:alarm")
        assert alarm.actor_role == "support"

    def test_what_was_refused_names_nobody(self, desk: Browser, crowd: None, jana: Person) -> None:
        address = f"{LISTS}/default-passwords?digits=4"
        assert card(jana.client_id) in desk.get(address).text
        assert desk.get(f"{LISTS}/default-passwords?digits=3").status_code == 200  # nobody
        assert desk.get(address).status_code == 422
        assert "/support/clients/" not in desk.get(address, headers=HTMX).text
        assert desk.get(f"/support/clients/{jana.client_id}").status_code == 409


def test_pages_lead_on_and_back(desk: Browser, vault: Vault) -> None:
    for _ in range(26):
        make_client(vault)
    Phone.update(confirmed_at=now() - timedelta(days=500)).execute()
    for address in (f"{LISTS}/phones", f"{LISTS}/default-passwords"):
        first = desk.get(address).text
        assert first.count('href="/support/clients/') == 25
        following = first.split('rel="next" href="')[1].split('"')[0]
        second = desk.get(following).text
        assert second.count('href="/support/clients/') == 1
        assert f'rel="prev" href="{address}"' in second
        assert 'rel="next"' not in second
