"""The search for a client: as one types and without a script, what it shows, and what it must not tell."""

from __future__ import annotations

import logging
import re
from dataclasses import replace

import pytest

from tests.people import JANA, make_client, someone
from tests.web.browser import HTMX, Browser
from tests.web.conftest import SignIn
from tests.web.inspector import parse
from tests.web.people import Person
from tests.web.support.conftest import at, events
from zone.config import Config, Limits
from zone.vault import Vault

NAME = re.compile(r"data-row-link(?:=\"\")?>([^<]+)<")


def found(desk: Browser, typed: str) -> list[str]:
    return NAME.findall(desk.send("/support/", {"typed": typed}, headers=HTMX).text)


@pytest.mark.parametrize(
    "typed",
    [
        *("kovac", "Jana kov", "KOVÁČOVÁ jana", "K-1001", "k1001", "PZ-2001", "2001"),
        *("100101", "0905 100 101", "jana.kovacova@", "JANA.KOVACOVA@example.org"),
    ],
)
def test_what_a_caller_says_finds_them_in_a_part_of_the_page(desk: Browser, jana: Person, typed: str) -> None:
    part = desk.send("/support/", {"typed": typed}, headers=HTMX)
    assert [root.get("id") for root in parse(part.text)] == ["found"]
    assert NAME.findall(part.text) == ["Jana Kováčová"]
    assert f'href="{at(jana)}"' in part.text
    assert 'data-announce="1 client shown"' in part.text


def test_a_row_shows_enough_to_know_the_client_and_no_more(desk: Browser, jana: Person) -> None:
    page = desk.send("/support/", {"typed": "kovac"}).text
    for shown in ("K-1001", "+421\u00a09••\u00a0•••\u00a0101", "j•••@example.org"):
        assert shown in page
    for hidden in ("905100101", "jana.kovacova", "PZ-2001", "865514"):
        assert hidden not in page


def test_without_a_script_the_page_comes_whole_and_keeps_what_was_typed(desk: Browser, jana: Person) -> None:
    page = desk.send("/support/", {"typed": "Kováčová"})
    assert (page.status_code, NAME.findall(page.text)) == (200, ["Jana Kováčová"])
    assert 'value="Kováčová"' in page.text
    assert "HX-Push-Url" not in page.headers


def test_before_anything_is_typed_nobody_is_shown_and_nothing_is_counted(desk: Browser, jana: Person) -> None:
    page = desk.get("/support/").text
    assert "Whom are you helping?" in page
    assert NAME.findall(page) == found(desk, "") == found(desk, " \t ") == []


@pytest.mark.parametrize("typed", ["Peter", "%", "_", "\U0001f600", "***", "' OR 1=1 --", "no vak"])
def test_who_is_not_there_is_not_found_and_it_says_what_to_do(
    desk: Browser, jana: Person, typed: str
) -> None:
    part = desk.send("/support/", {"typed": typed}, headers=HTMX)
    assert (part.status_code, NAME.findall(part.text)) == (200, [])
    assert "Check the spelling" in part.text


def test_a_birth_number_finds_nobody_and_is_neither_repeated_nor_logged(
    desk: Browser, jana: Person, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        for typed in ("865514/2375", "8655142375"):
            page = desk.send("/support/", {"typed": typed})
            assert NAME.findall(page.text) == []
            assert typed not in page.text
    assert "client_term" in caplog.text
    assert "865514" not in caplog.text


def test_what_was_found_goes_on_by_form_and_no_address_tells_of_a_client(desk: Browser, vault: Vault) -> None:
    for number in range(24):
        make_client(vault, replace(someone(name="Ján Malý", reference=f"MA-{number:02}"), birth_number=None))
    page = desk.send("/support/", {"typed": "maly"})
    after = re.search(r'name="after" value="([^"]+)"', page.text)
    assert after
    rest = desk.send("/support/", {"typed": "maly", "after": after[1]}, headers=HTMX)
    references = re.findall(r"MA-\d\d", page.text + rest.text)
    assert (len(references), len(set(references))) == (24, 24)
    assert "after=" not in page.text


def test_what_is_too_long_is_said_beside_the_box(desk: Browser) -> None:
    page = desk.send("/support/", {"typed": "x" * 10_000})
    assert page.status_code == 422
    assert "This is too long." in page.text


def test_a_search_needs_a_token_and_an_agent(
    desk: Browser, sign_in: SignIn, jana: Person, broker: Person
) -> None:
    assert desk.post("/support/", data={"typed": "kovac"}).status_code == 400
    for other in (jana, broker):
        assert sign_in(other).send("/support/", {"typed": "kovac"}).status_code == 403


def test_the_desk_begins_with_the_search(desk: Browser) -> None:
    assert desk.get("/").location == "/support/"
    here = [link.text for link in parse(desk.get("/support/").text).iter("a") if link.get("aria-current")]
    assert here == ["Clients"]


class TestFewRowsAnHour:
    """A zone in which an agent may be shown three rows an hour."""

    @pytest.fixture
    def config(self, config: Config) -> Config:
        return replace(config, limits=Limits(support_rows_per_hour=3))

    def test_who_reads_too_much_is_told_until_when_and_one_alarm_stands(
        self, desk: Browser, jana: Person, vault: Vault
    ) -> None:
        other = make_client(vault)
        assert [found(desk, "kovac") for _ in range(2)] == [[JANA.name]] * 2
        assert desk.get(at(jana)).status_code == 200
        pages = [desk.send("/support/", {"typed": "kovac"}) for _ in range(3)]
        pages.append(desk.get(f"/support/clients/{other.id}"))
        assert [page.status_code for page in pages] == [422, 422, 422, 409]
        assert all("you can search and open more after" in page.text for page in pages)
        assert len(events("clients:alarm")) == 1
        assert desk.get(at(jana)).status_code == 200
