"""The broker's portfolio page: the list, the search as one types and without a script, and what it must not tell."""

from __future__ import annotations

import logging
import re
from dataclasses import replace

import pytest
from werkzeug.test import TestResponse

from tests.people import give_mandate, make_client, someone
from tests.web.browser import HTMX, Browser
from tests.web.conftest import SignIn
from tests.web.inspector import parse
from tests.web.people import Person
from zone.audit.models import Event
from zone.clients.models import Policy
from zone.config import Config, Limits
from zone.vault import Vault

NUMBER = re.compile(r"data-row-link(?:=\"\")?>([^<]+)<")


@pytest.fixture
def english(sign_in: SignIn, broker: Person) -> Browser:
    """A broker with a mandate for Peter Novák's policy, PZ-2002."""
    browser = sign_in(broker)
    browser.send("/language", {"language": "en"})
    return browser


def found(browser: Browser, typed: str) -> list[str]:
    return NUMBER.findall(browser.send("/broker/", {"typed": typed}, headers=HTMX).text)


def mark(page: TestResponse) -> str:
    """Where the next page begins."""
    after = re.search(r'name="after" value="([^"]+)"', page.text)
    assert after
    return after[1]


def test_a_broker_sees_the_policies_of_living_mandates(english: Browser, jana: Person) -> None:
    page = english.get("/broker/").text
    assert NUMBER.findall(page) == ["PZ-2002"]
    assert f'href="/broker/policies/{Policy.get(Policy.number == "PZ-2002").id}"' in page
    assert "Peter Novák" in page
    assert "+421\u00a09" in page
    assert "905100102" not in page


@pytest.mark.parametrize(
    "typed", ["novak", "Peter nov", "NOVÁK peter", "pz-2002", "2002", "102", "0905 100 102"]
)
def test_what_is_typed_finds_the_policy_in_a_part_of_the_page(english: Browser, typed: str) -> None:
    part = english.send("/broker/", {"typed": typed}, headers=HTMX)
    assert [root.get("id") for root in parse(part.text)] == ["found"]
    assert NUMBER.findall(part.text) == ["PZ-2002"]
    assert 'data-announce="1 policy shown"' in part.text


def test_without_a_script_the_page_comes_whole_and_keeps_what_was_typed(english: Browser) -> None:
    page = english.send("/broker/", {"typed": "Novák"})
    assert page.status_code == 200
    assert 'value="Novák"' in page.text
    assert NUMBER.findall(page.text) == ["PZ-2002"]
    assert "HX-Push-Url" not in page.headers


@pytest.mark.parametrize(
    "typed", ["Jana", "2001", "%", "_", "\U0001f600", "Иван", "***", "' OR 1=1 --", "no vak"]
)
def test_who_is_not_there_is_not_found_and_it_says_what_to_do(
    english: Browser, jana: Person, typed: str
) -> None:
    part = english.send("/broker/", {"typed": typed}, headers=HTMX)
    assert part.status_code == 200
    assert NUMBER.findall(part.text) == []
    assert "Check the spelling" in part.text
    assert 'data-announce="0 policies shown"' in part.text


def test_nothing_typed_or_only_spaces_is_the_list(english: Browser) -> None:
    assert found(english, "") == found(english, " \t ") == ["PZ-2002"]


def test_what_is_too_long_is_said_beside_the_box(english: Browser) -> None:
    page = english.send("/broker/", {"typed": "x" * 10_000})
    assert page.status_code == 422
    assert "This is too long." in page.text
    assert english.send("/broker/", {"typed": "no\0vak"}).status_code == 400


def test_a_search_needs_a_token_and_a_broker(english: Browser, sign_in: SignIn, jana: Person) -> None:
    assert english.post("/broker/", data={"typed": "novak"}).status_code == 400
    assert sign_in(jana).send("/broker/", {"typed": "novak"}).status_code == 403


def test_a_birth_number_finds_nothing_and_is_neither_repeated_nor_logged(
    english: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        for typed in ("790302/3744", "7903023744"):
            page = english.send("/broker/", {"typed": typed})
            assert NUMBER.findall(page.text) == []
            assert typed not in page.text
    assert "portfolio_term" in caplog.text
    assert "790302" not in caplog.text


def test_the_list_and_what_was_found_go_on_by_form_and_no_address_tells_of_a_policy(
    english: Browser, broker: Person, vault: Vault
) -> None:
    for number in range(24):
        details = replace(someone(name="Ján Malý", policy_number=f"MA-{number:02}"), birth_number=None)
        give_mandate(make_client(vault, details), broker.account_id)
    first = english.get("/broker/")
    assert "after=" not in first.text
    second = english.send("/broker/", {"typed": "", "after": mark(first)})
    numbers = NUMBER.findall(first.text) + NUMBER.findall(second.text)
    assert numbers == [f"MA-{number:02}" for number in range(24)] + ["PZ-2002"]
    assert "Newer" in second.text
    page = english.send("/broker/", {"typed": "maly"})
    assert "maly" not in mark(page)
    rest = english.send("/broker/", {"typed": "maly", "after": mark(page)}, headers=HTMX)
    assert len(NUMBER.findall(page.text)) + len(NUMBER.findall(rest.text)) == 24


class TestFewRowsAnHour:
    """A zone in which a broker may be shown three rows an hour."""

    @pytest.fixture
    def config(self, config: Config) -> Config:
        return replace(config, limits=Limits(portfolio_rows_per_hour=3))

    def test_who_reads_too_much_is_told_until_when_and_one_alarm_stands(self, english: Browser) -> None:
        assert [found(english, "novak") for _ in range(3)] == [["PZ-2002"]] * 3
        pages = [english.send("/broker/", {"typed": "novak"}) for _ in range(3)]
        assert {page.status_code for page in pages} == {422}
        assert all("you can search and open more after" in page.text for page in pages)
        assert NUMBER.findall(pages[0].text) == []
        assert Event.select().where(Event.tag == "portfolio:alarm").count() == 1

    def test_a_birth_number_is_not_repeated_then_either(self, english: Browser) -> None:
        for _ in range(4):
            found(english, "novak")
        for typed in ("790302/3744", "7903023744", "790302 3744"):
            page = english.send("/broker/", {"typed": typed})
            assert page.status_code == 422
            assert typed not in page.text

    def test_the_portfolio_still_opens(self, english: Browser) -> None:
        for _ in range(9):
            found(english, "novak")
        assert NUMBER.findall(english.get("/broker/").text) == ["PZ-2002"]
