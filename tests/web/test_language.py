"""The language switch, and how many queries a page costs."""

from __future__ import annotations

import logging

import pytest
from flask import Flask

from tests.letters.test_archive import fill
from tests.web.browser import Browser, new_browser
from tests.web.conftest import SendLetter, SignIn
from tests.web.people import PASSWORD, Person
from zone.accounts.models import Account
from zone.language.language import NAMES


def language_of(browser: Browser, path: str = "/settings") -> str:
    return browser.get(path).text.partition('<html lang="')[2][:2]


def test_slovak_is_the_first_language(browser: Browser) -> None:
    assert language_of(browser, "/sign-in") == "sk"


def test_the_switch_offers_every_language_by_its_own_name(browser: Browser) -> None:
    page = browser.get("/sign-in").text
    for code, name in NAMES.items():
        assert f'value="{code}" lang="{code}"' in page
        assert f'{code.upper()}<span class="visually-hidden"> – {name}</span>' in page


def test_a_stranger_s_choice_stays_with_the_browser(browser: Browser, jana: Person) -> None:
    browser.send("/language", {"language": "en"})
    assert language_of(browser, "/sign-in") == "en"
    browser.sign_in(jana.email, PASSWORD)
    assert language_of(browser) == "en"


def test_a_choice_follows_the_account_to_another_browser(app: Flask, sign_in: SignIn, jana: Person) -> None:
    sign_in(jana).send("/language", {"language": "en"})
    assert Account.get_by_id(jana.account_id).language == "en"
    other = new_browser(app)
    other.sign_in(jana.email, PASSWORD)
    assert language_of(other) == "en"


@pytest.mark.parametrize("page", ["/letters?before=5", "/settings", "/nowhere"])
def test_the_switch_leads_back_to_the_page(sign_in: SignIn, jana: Person, page: str) -> None:
    browser = sign_in(jana)
    assert f'name="next" value="{page}"' in browser.get(page).text
    assert browser.send("/language", {"language": "en", "next": page}).location == page


def test_the_switch_on_a_page_that_only_takes_forms_leads_to_the_start(browser: Browser) -> None:
    page = browser.post("/language", data={"language": "en"})
    assert page.status_code == 400
    assert 'name="next" value="/"' in page.text


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/settings", 1),
        ("/settings/electronic-correspondence", 6),
        ("/settings/electronic-correspondence/message", 5),
        ("/settings/phone", 7),
        ("/letters", 4),
        ("/settings/access-history", 7),  # the client's key of the trail among them
        ("/letters/send-again", 5),
        ("/letters/send-again/progress", 3),
    ],
)
def test_a_page_costs_few_queries_however_many_letters_there_are(
    sign_in: SignIn,
    jana: Person,
    letter: SendLetter,
    caplog: pytest.LogCaptureFixture,
    path: str,
    most: int,
) -> None:
    letter(jana)
    browser = sign_in(jana)
    assert jana.client
    costs = []
    for count in (1, 18, 40):
        fill(jana.client, count)
        caplog.clear()
        with caplog.at_level(logging.DEBUG, logger="peewee"):
            browser.get(path)
        costs.append([record.args or record.msg for record in caplog.records if record.name == "peewee"])
    assert [len(cost) for cost in costs] == [len(costs[0])] * 3
    assert len(costs[0]) <= most, costs[0]
