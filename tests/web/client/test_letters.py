"""The client's list of letters and its filters."""

from __future__ import annotations

import re
from datetime import date

import pytest

from tests.letters.samples import TEXT
from tests.letters.test_archive import fill
from tests.people import PETER, with_phone_confirmed_two_years_ago
from tests.web.browser import HTMX, Browser
from tests.web.client.conftest import SendLetters
from tests.web.conftest import SendLetter, SignIn
from tests.web.inspector import parse
from tests.web.people import Person, add_client
from zone.clients.models import Client, Policy
from zone.config import LetterKind
from zone.letters.models import Copy, Letter, State
from zone.parts import Parts
from zone.vault import Vault

EMPTY = "No letter fits what you have chosen."


def shown(page: str) -> list[str]:
    """The references of the letters that a page lists."""
    return list(dict.fromkeys(re.findall(r'href="/letters/([\w-]{22})"', page)))


def client(person: Person) -> Client:
    assert person.client
    return person.client


@pytest.mark.parametrize("language", ["sk", "en"])
def test_each_letter_says_what_it_is_what_became_of_it_and_what_opens_it(
    reader: Browser, jana: Person, under_another: list[Letter], letter: SendLetter, language: str
) -> None:
    letter(jana)
    Letter.update(policy=Policy.get(), kind=LetterKind.CLAIM, dated=date(2026, 5, 3)).execute()
    reader.send("/language", {"language": language})
    page = reader.get("/letters").text
    assert len(shown(page)) == 4
    assert "Výročná správa" in page
    assert "PZ-2001" in page
    if language == "en":
        for words in (
            "3 May 2026",
            "Insurance claim",
            "waiting to be sent",
            "the password in force when it goes",
            "the last 4 digits of your birth number",
        ):
            assert words in page


def test_the_current_password_is_called_so(reader: Browser, jana: Person, sent: SendLetters) -> None:
    sent(jana, 1)
    page = reader.get("/letters").text
    assert "your current password" in page
    assert "the last 4 digits of your birth number" in page


def test_without_letters_there_is_nothing_to_choose(reader: Browser) -> None:
    page = reader.get("/letters").text
    assert "No letters yet" in page
    assert "<select" not in page.partition("<footer")[0]


@pytest.mark.parametrize("state", [State.REJECTED, State.PURGED])
def test_what_is_not_kept_is_not_listed(
    reader: Browser, jana: Person, letter: SendLetter, state: State
) -> None:
    letter(jana)
    Letter.update(state=state).execute()
    assert "No letters yet" in reader.get("/letters").text


def test_a_letter_that_waits_is_listed_with_what_can_be_done(sign_in: SignIn, vault: Vault) -> None:
    ondrej = with_phone_confirmed_two_years_ago(vault)
    person = add_client(vault, client=ondrej)
    fill(ondrej, 1)
    Copy.update(message=None, waits_for="phone_not_confirmed", password=None).execute()
    browser = sign_in(person)
    browser.send("/language", {"language": "en"})
    page = browser.get("/letters").text
    assert "cannot be sent yet" in page
    assert '<a href="/settings/phone">Confirm the phone number</a>' in page


def test_filters_choose_and_stay_chosen_on_every_page(reader: Browser, jana: Person) -> None:
    fill(client(jana), 21, policy=Policy.get(), kind=LetterKind.CLAIM, dated=date(2025, 7, 1))
    fill(client(jana), 5, kind=LetterKind.NOTICE)
    for address, count in (
        ("/letters?policy=PZ-2001", 20),
        ("/letters?kind=notice&policy=&year=", 5),
        ("/letters?year=2025", 20),
        ("/letters?kind=claim&policy=PZ-2001&year=2025", 20),
        ("/letters?kind=notice&year=2025", 0),
    ):
        page = reader.get(address).text
        assert len(shown(page)) == count, address
    page = reader.get("/letters?kind=claim&year=2025").text
    assert '<option value="claim" selected>Insurance claim</option>' in page
    older = parse(page).find('.//a[@rel="next"]').get("href")
    page = reader.get(older).text
    assert len(shown(page)) == 1
    assert '<option value="claim" selected>' in page
    assert parse(page).find('.//a[@rel="prev"]').get("href") == "/letters?kind=claim&year=2025"


@pytest.mark.parametrize(
    "query",
    [
        "policy=PZ-9999",
        "kind=poem",
        "year=1999",
        "year=0",
        "year=twenty",
        "year=99999999999999999999",
        "kind=%27--",
        "policy=" + "x" * 3000,
        "before=1",
    ],
)
def test_what_names_nothing_finds_nothing_calmly(
    reader: Browser, jana: Person, letter: SendLetter, query: str
) -> None:
    letter(jana)
    answer = reader.get(f"/letters?{query}")
    assert answer.status_code == 200
    assert EMPTY in answer.text
    assert 'href="/letters">Show all letters</a>' in answer.text


@pytest.mark.parametrize("before", ["", "x", "-1", "9" * 40])
def test_a_page_that_there_is_not_is_the_first_one(
    reader: Browser, jana: Person, letter: SendLetter, before: str
) -> None:
    letter(jana)
    assert len(shown(reader.get(f"/letters?before={before}").text)) == 1


def test_many_letters_come_in_pages(reader: Browser, jana: Person) -> None:
    fill(client(jana), 45)
    seen: list[str] = []
    address = "/letters"
    for count in (20, 20, 5):
        page = reader.get(address).text
        assert len(shown(page)) == count
        seen += shown(page)
        next_one = parse(page).find('.//a[@rel="next"]')
        address = next_one.get("href") if next_one is not None else ""
    assert address == ""
    assert len(set(seen)) == 45


def test_htmx_gets_the_list_alone_and_the_address_stays_short(
    reader: Browser, jana: Person, letter: SendLetter
) -> None:
    letter(jana)
    answer = reader.get("/letters?policy=&kind=other&year=", headers=HTMX)
    (root,) = parse(answer.text)
    assert (root.get("id"), len(shown(answer.text))) == ("letters", 1)
    assert answer.headers["HX-Push-Url"] == "/letters?kind=other"
    assert f'id="{root.get("id")}"' in reader.get("/letters").text


def test_each_letter_can_be_read_taken_and_looked_at(
    reader: Browser, jana: Person, letter: SendLetter
) -> None:
    path = f"/letters/{letter(jana).reference}"
    links = {link.get("href") for link in parse(reader.get("/letters").text).iter("a")}
    assert {path, f"{path}/view", f"{path}.pdf"} <= links


def test_what_a_letter_says_stands_on_no_page(
    reader: Browser, jana: Person, sent: SendLetters, parts: Parts
) -> None:
    (letter,) = sent(jana, 1)
    for path in ("/letters", f"/letters/{letter.reference}", "/letters/send-again/progress"):
        assert not [
            word for word in ("ľúbostné", "ďateliny") if word in TEXT and word in reader.get(path).text
        ]


def test_markup_in_a_subject_stays_text(reader: Browser, jana: Person, letter: SendLetter) -> None:
    reference = letter(jana).reference
    Letter.update(subject="<b onclick=alert(1)>'\"").execute()
    for path in ("/letters", f"/letters/{reference}", "/letters/send-again/progress"):
        assert "<b onclick" not in reader.get(path).text


def test_the_letters_of_others_are_not_listed(reader: Browser, vault: Vault, letter: SendLetter) -> None:
    letter(add_client(vault, PETER))
    assert "No letters yet" in reader.get("/letters").text
