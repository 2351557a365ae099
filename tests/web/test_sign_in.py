"""Signing in and out, and what a cookie is worth."""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from peewee import Database

from tests.accounts.counting import BusyVault
from tests.conftest import CHEAP
from tests.everything import snapshot
from tests.web.browser import HTMX, Browser, masked, new_browser
from tests.web.conftest import SignIn
from tests.web.people import PASSWORD, Person, add_client
from zone.accounts.models import Session
from zone.app import create_app
from zone.clock import now
from zone.config import Config, Mode
from zone.messages.mail.demo import DemoMail
from zone.messages.sms.demo import DemoSms
from zone.storage import accompany
from zone.vault.keyring import FileKeyring, create_file

WRONG = "Osem bielych kaviarní"
PANEL = "/settings/electronic-correspondence"


def cookie(browser: Browser, name: str = "zone") -> str:
    found = browser.get_cookie(name)
    assert found is not None
    return found.value


def test_who_signs_in_comes_to_their_first_page(
    browser: Browser, sign_in: SignIn, jana: Person, broker: Person, agent: Person
) -> None:
    for person, home in ((jana, PANEL), (broker, "/broker/"), (agent, "/support/")):
        assert sign_in(person).get("/").location == home


def test_a_wrong_name_and_a_wrong_password_get_the_same_bytes(app: Flask, jana: Person) -> None:
    answers = []
    for email, password in (
        (jana.email, WRONG),
        ("nobody@example.org", WRONG),
        ("nobody@example.org", PASSWORD),
    ):
        page = new_browser(app).sign_in(email, password)
        assert page.status_code == 422
        assert password not in page.text
        answers.append(masked(page).replace(email, "…"))
    assert answers[0] == answers[1] == answers[2]


def test_a_throttled_answer_does_not_tell_who_has_an_account(app: Flask, jana: Person) -> None:
    answers = []
    with time_machine.travel(now(), tick=False):
        for email, address in ((jana.email, "192.0.2.1"), ("nobody@example.org", "192.0.2.2")):
            browser = new_browser(app)
            browser.environ_base["REMOTE_ADDR"] = address
            pages = [browser.sign_in(email, WRONG) for _ in range(7)]
            assert masked(pages[-1]) != masked(pages[0])
            right = browser.sign_in(email, PASSWORD)
            assert right.status_code == 422
            answers.append([masked(page).replace(email, "…") for page in (*pages, right)])
    assert answers[0] == answers[1]


def test_the_e_mail_survives_an_error_and_the_password_does_not(browser: Browser, jana: Person) -> None:
    page = browser.sign_in(jana.email, WRONG)
    assert f'value="{jana.email}"' in page.text
    assert WRONG not in page.text


def test_empty_fields_are_named_beside_themselves(browser: Browser) -> None:
    page = browser.sign_in("", "")
    assert page.status_code == 422
    assert 'id="email-message"' in page.text
    assert 'id="password-message"' in page.text


def test_signing_in_makes_a_fresh_cookie(browser: Browser, jana: Person, app: Flask) -> None:
    browser.get("/sign-in")
    before, token = cookie(browser), browser.token()
    browser.sign_in(jana.email, PASSWORD)
    assert cookie(browser) != before
    assert browser.token() != token
    other = new_browser(app)
    other.set_cookie("zone", before)
    assert other.get("/settings").status_code == 303


def test_signing_in_anew_leaves_no_session_behind(app: Flask, sign_in: SignIn, jana: Person) -> None:
    browser = sign_in(jana)
    old = new_browser(app)
    old.set_cookie("zone", cookie(browser))
    form = {"csrf_token": browser.token(), "email": jana.email, "password": PASSWORD}
    assert browser.post("/sign-in", data=form).status_code == 303
    assert browser.get("/settings").status_code == 200
    assert old.get("/settings").status_code == 303


def test_a_copied_cookie_is_worthless_after_sign_out(app: Flask, sign_in: SignIn, jana: Person) -> None:
    browser = sign_in(jana)
    thief = new_browser(app)
    thief.set_cookie("zone", cookie(browser))
    assert thief.get("/settings").status_code == 200
    left = browser.send("/sign-out")
    assert left.headers["Clear-Site-Data"] == '"cache"'
    assert thief.get("/settings").status_code == 303
    assert browser.get("/settings").status_code == 303
    assert Session.select().count() == 0


def test_signing_out_twice_does_no_harm(sign_in: SignIn, jana: Person) -> None:
    browser = sign_in(jana)
    browser.send("/sign-out")
    assert browser.send("/sign-out").location == "/sign-in"


def test_a_session_ends_a_quarter_of_an_hour_after_the_last_page(sign_in: SignIn, jana: Person) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        browser = sign_in(jana)
        for _ in range(3):
            clock.shift(timedelta(minutes=14))
            assert browser.get("/settings").status_code == 200
        clock.shift(timedelta(minutes=15))
        assert browser.get("/settings").status_code == 303


def test_a_session_ends_after_half_a_day_whatever_happens(sign_in: SignIn, jana: Person) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        browser = sign_in(jana)
        for _ in range(71):
            clock.shift(timedelta(minutes=10))
            assert browser.get("/settings").status_code == 200
        clock.shift(timedelta(minutes=10))
        assert browser.get("/settings").status_code == 303


def test_polling_keeps_no_session_alive_and_ends_with_it(sign_in: SignIn, jana: Person) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        browser = sign_in(jana)
        for _ in range(14):
            clock.shift(timedelta(minutes=1))
            assert browser.get(f"{PANEL}/message", headers=HTMX).status_code == 200
        clock.shift(timedelta(minutes=1))
        over = browser.get(f"{PANEL}/message", headers=HTMX)
        assert (over.status_code, over.headers["HX-Redirect"], over.text) == (401, "/sign-in", "")


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "\t//evil.example",
        " //evil.example",
        "/\r\nSet-Cookie: a=b",
        "javascript:alert(1)",
        "http:evil.example",
        "settings",
        "/\u2028/evil.example",
    ],
)
def test_nobody_is_sent_elsewhere(browser: Browser, jana: Person, target: str) -> None:
    assert browser.get("/sign-in", query_string={"next": target}).status_code == 200
    assert browser.sign_in(jana.email, PASSWORD, next=target).location == "/"
    assert browser.send("/language", {"language": "en", "next": target}).location == "/"
    assert browser.send("/prove", {"password": PASSWORD, "next": target}).location == "/"


def test_who_was_asked_to_sign_in_goes_on_to_where_they_were_going(browser: Browser, jana: Person) -> None:
    asked = browser.get("/letters?before=5")
    page = browser.get(asked.location)
    hidden = re.search(r'name="next"[^>]*value="(/letters[^"]*)"', page.text)
    assert hidden
    assert browser.sign_in(jana.email, PASSWORD, next=hidden[1]).location == "/letters?before=5"


def test_the_cookie_holds_a_token_and_nothing_that_one_could_use_elsewhere(
    browser: Browser, sign_in: SignIn, jana: Person, database: Database
) -> None:
    signed_in = sign_in(jana)
    payload = cookie(signed_in).lstrip(".").split(".")[0]
    content = base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
    if cookie(signed_in).startswith("."):
        content = zlib.decompress(content)
    for secret in (PASSWORD, jana.email, str(jana.client and jana.client.name)):
        assert secret.encode() not in content
    token = re.search(rb'"_user_id":"([^"]+)"', content)
    assert token
    assert not any(token[1].decode() in row for rows in snapshot(database).values() for row in rows)


@pytest.fixture
def production(config: Config, tmp_path: Path, database: Database) -> Iterator[Flask]:
    create_file(tmp_path / "production.json", made_for="production")
    settings = replace(config, mode=Mode.PRODUCTION, keys_url=f"file:{tmp_path / 'production.json'}")
    zone = create_app(settings, sms=DemoSms(config.var / "demo"), mail=DemoMail(config.var / "demo"))
    accompany(database, zone.extensions["zone"].vault)
    zone.test_client_class = Browser
    zone.config["PREFERRED_URL_SCHEME"] = "https"
    yield zone
    zone.extensions["zone"].database.close_all()


def test_cookies_in_production_are_bound_to_the_host_and_to_https(production: Flask) -> None:
    person = add_client(production.extensions["zone"].vault)
    browser = new_browser(production)
    browser.environ_base["HTTP_REFERER"] = "https://localhost/sign-in"
    answer = browser.sign_in(person.email, PASSWORD)
    assert answer.status_code == 303
    cookies = {line.partition("=")[0]: line for line in answer.headers.getlist("Set-Cookie")}
    assert set(cookies) == {"__Host-zone", "zone_browser"}
    for line in cookies.values():
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(line.split("; "))
        assert "Domain" not in line
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    language = browser.send("/language", {"language": "en"})
    assert "Secure" in language.headers["Set-Cookie"]


def test_production_has_no_demo(production: Flask) -> None:
    assert not [rule for rule in production.url_map.iter_rules() if rule.rule.startswith("/demo")]
    page = new_browser(production).get("/demo/")
    assert page.status_code == 404
    assert 'class="demo-ribbon"' not in page.text


def test_when_too_many_sign_in_at_once_one_is_told_to_come_back(
    app: Flask, config: Config, jana: Person
) -> None:
    keyring = FileKeyring(Path(config.keys_url.removeprefix("file:")))
    app.extensions["zone"] = replace(app.extensions["zone"], vault=BusyVault(keyring, CHEAP))
    page = new_browser(app).sign_in(jana.email, PASSWORD)
    assert (page.status_code, page.headers["Retry-After"]) == (503, "5")
