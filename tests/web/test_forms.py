"""Forms that come in wrong: forged, too big, sent twice, or full of what no one types."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import unquote

import pytest
from flask import Flask
from peewee import Database

from tests.everything import snapshot
from tests.web.browser import HTMX, Browser, new_browser
from tests.web.conftest import SendLetter, SignIn
from tests.web.people import PASSWORD, Person
from tests.web.test_access import PROGRAM, ROUTES, paths
from zone.accounts.models import Account
from zone.letter_passwords.models import LetterPassword
from zone.messages.models import Message

PANEL = "/settings/electronic-correspondence"
OWN = "Zelený mlyn pri rieke"
FIELDS = {
    "password": OWN,
    "remembered": OWN,
    "code": "123456",
    "language": "en",
    "email": "jana.kovacova@example.org",
}
NUL = "zele\0ny"

WhoMay = Callable[[str], Browser]


def actions(app: Flask) -> list[str]:
    """The addresses that forms are sent to."""
    posts = {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    return [
        path for endpoint, path in paths(app).items() if endpoint in posts and ROUTES[endpoint][1] != PROGRAM
    ]


@pytest.fixture
def who_may(sign_in: SignIn, jana: Person, broker: Person, agent: Person) -> WhoMay:
    """The browser of somebody whose role opens an address; others are turned away before a form is looked at."""
    client, staff = sign_in(jana), {"broker": sign_in(broker), "support": sign_in(agent)}
    return lambda path: staff.get(path.split("/")[1], client)


@pytest.mark.parametrize("token", [None, "", "forged", "IjEyMyI.aSGnTA.sYl3GMzc6ZzrvU5XcqEhSXf7VnU"])
def test_a_form_without_the_right_token_changes_nothing(
    app: Flask, who_may: WhoMay, database: Database, token: str | None
) -> None:
    before = snapshot(database)
    forged = FIELDS | ({} if token is None else {"csrf_token": token})
    for path in actions(app):
        page = who_may(path).post(path, data=forged)
        assert page.status_code == 400, path
        assert OWN not in page.text
    assert snapshot(database) == before


def test_another_browser_s_token_is_no_good(
    app: Flask, sign_in: SignIn, jana: Person, database: Database
) -> None:
    stranger = new_browser(app)
    browser = sign_in(jana)
    before = snapshot(database)
    page = browser.post(f"{PANEL}/resend", data={"csrf_token": stranger.token()})
    assert page.status_code == 400
    assert snapshot(database) == before


def test_a_form_that_is_too_big_is_refused(app: Flask, who_may: WhoMay, database: Database) -> None:
    before = snapshot(database)
    for path in actions(app):
        page = who_may(path).send(path, {"password": "a" * 70_000})
        assert page.status_code == 413, path
    assert snapshot(database) == before


def test_a_form_of_too_many_parts_is_refused(browser: Browser) -> None:
    parts = {f"field{number}": "x" for number in range(60)}
    page = browser.send("/sign-in", parts, content_type="multipart/form-data")
    assert page.status_code in (400, 413)


def test_the_same_form_twice_acts_once(sign_in: SignIn, jana: Person) -> None:
    browser = sign_in(jana)
    for path in (f"{PANEL}/resend", "/settings/phone/code", f"{PANEL}/own"):
        for _ in range(2):
            assert browser.send(path, {"password": OWN}).status_code == 303
    assert Message.select().count() == 2
    assert LetterPassword.select().where(LetterPassword.client == jana.client_id).count() == 2


@pytest.mark.parametrize("field", ["password", "remembered", "code", "language", "email", "next", "typed"])
def test_a_nul_in_a_field_is_refused(app: Flask, who_may: WhoMay, field: str) -> None:
    for path in actions(app):
        assert who_may(path).send(path, FIELDS | {field: NUL}).status_code == 400, path


@pytest.mark.parametrize("field", [{"letter": ["a", NUL]}, {NUL: "a"}])
def test_a_nul_in_a_second_value_or_a_name_is_refused(
    app: Flask, who_may: WhoMay, field: dict[str, object]
) -> None:
    for path in actions(app):
        assert who_may(path).send(path, FIELDS | field).status_code == 400, path


def test_a_nul_in_an_address_is_refused(sign_in: SignIn, jana: Person, broker: Person) -> None:
    assert sign_in(broker).get("/broker/?after=PZ%00").status_code == 400
    browser = sign_in(jana)
    assert browser.get("/letters?before=%00").status_code == 400
    assert browser.get("/letters/abc%00def.pdf").status_code == 400
    assert browser.get("/sign-in?next=/%00").status_code == 400
    assert browser.get("/letters?before=1&before=%00").status_code == 400
    assert browser.get("/%00").status_code in (400, 404)


@pytest.mark.parametrize(
    "before",
    [
        "abc",
        "",
        "-1",
        "0",
        "1",
        "9223372036854775807",
        "9223372036854775808",
        "9" * 5000,
        "1.5",
        "%EF%BC%91",
        "%ff",
        "1e9",
    ],
)
def test_letters_take_any_page(sign_in: SignIn, jana: Person, letter: SendLetter, before: str) -> None:
    letter(jana)
    assert sign_in(jana).get(f"/letters?before={before}").status_code == 200


@pytest.mark.parametrize("after", ["%ff%fe", "'; DROP TABLE policy; --", "%25", "x" * 4000, "%F0%9F%98%80"])
def test_the_portfolio_takes_any_page(sign_in: SignIn, broker: Person, after: str) -> None:
    browser = sign_in(broker)
    assert browser.get(f"/broker/?after={after}").status_code == 200
    assert browser.send("/broker/", {"after": unquote(after, errors="replace")}).status_code in (200, 422)


@pytest.mark.parametrize("path", ["", "own", "own/suggestion", "try", "reset", "message"])
def test_pages_take_no_notice_of_what_they_did_not_ask_for(sign_in: SignIn, jana: Person, path: str) -> None:
    address = f"{PANEL}/{path}".rstrip("/") + "?password=%ff&next=//evil&language=xx&before=-1&<script>=1"
    page = sign_in(jana).get(address)
    assert page.status_code == 200
    assert "<script>=1" not in page.text


@pytest.mark.parametrize(
    "value", [b"\xff\xfe", b"%FF%FE%80", b"%ED%A0%80", "\U0001f600".encode() * 30, b"a" * 5000, b"%FF%"]
)
@pytest.mark.parametrize("path", ["own", "own/strength", "try"])
def test_fields_take_any_bytes(sign_in: SignIn, jana: Person, path: str, value: bytes) -> None:
    browser = sign_in(jana)
    body = b"csrf_token=" + browser.token().encode() + b"&password=" + value + b"&remembered=" + value
    kind = "application/x-www-form-urlencoded"
    answers = (400,) if value == b"\xff\xfe" else (200, 422)  # no browser sends these bytes as they are
    assert browser.post(f"{PANEL}/{path}", data=body, content_type=kind).status_code in answers
    assert (
        browser.post("/settings/phone", data=body + b"&code=" + value, content_type=kind).status_code
        in answers
    )


def test_markup_in_a_field_stays_text(browser: Browser) -> None:
    page = browser.sign_in('"><script>alert(1)</script>@example.org', "x" * 12)
    assert "<script>alert" not in page.text


def test_a_field_that_is_too_long_is_said_in_our_words(sign_in: SignIn, jana: Person) -> None:
    browser = sign_in(jana)
    browser.send("/language", {"language": "en"})
    for path, field in (
        (f"{PANEL}/own", "password"),
        (f"{PANEL}/try", "remembered"),
        ("/settings/phone", "code"),
    ):
        if field == "code":
            browser.send("/settings/phone/code")
        page = browser.send(path, {field: "a" * 600})
        assert page.status_code == 422
        message = re.search(rf'id="{field}-message">([^<]+)<', page.text)
        assert message
        assert message[1].strip() == "This is too long."
    page = browser.send("/prove", {"password": "a" * 600})
    assert "This is too long." in page.text


def test_a_language_that_there_is_not_is_slovak(sign_in: SignIn, jana: Person) -> None:
    browser = sign_in(jana)
    browser.send("/language", {"language": "../../etc"})
    assert '<html lang="sk">' in browser.get("/settings").text
    assert Account.get_by_id(jana.account_id).language == "sk"


def test_part_of_a_page_can_be_wrong_too(sign_in: SignIn, jana: Person) -> None:
    part = sign_in(jana).send(f"{PANEL}/try", {"remembered": ""}, headers=HTMX)
    assert part.status_code == 422
    assert part.text.lstrip().startswith('<div id="try"')
    assert PASSWORD not in part.text
