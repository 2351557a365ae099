from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from peewee import Database

from tests.web.browser import HTMX, Browser
from zone.app import create_app
from zone.clock import now
from zone.config import Config, Mode
from zone.demo.people import CLIENTS, PEOPLE
from zone.demo.seed import seed
from zone.messages.handover import Reason, Status
from zone.messages.mail import mailbox
from zone.messages.mail.demo import DemoMail
from zone.messages.sms import phone
from zone.messages.sms.demo import DemoSms
from zone.messages.sms.phone import DemoText
from zone.parts import Parts
from zone.storage import close_database
from zone.vault.keyring import create_file

JSON = {"Accept": "application/json"}
JANA, PETER = "+421911000101", "+421911000102"
PAGES = ("/demo/", "/demo/phone", "/demo/mailbox")
PDF = b"%PDF-1.7 and so on"


@pytest.fixture
def folder(config: Config) -> Path:
    """Where the demo's gateways put what they carry."""
    return config.var / "demo"


def _arrives(
    folder: Path, reference: str, to: str, text: str, *, minutes_ago: int, failed: bool = False
) -> None:
    at = now() - timedelta(minutes=minutes_ago)
    outcome = Status.FAILED if failed else Status.DELIVERED
    reason = Reason.EXPIRED if failed else None
    phone.keep(folder, DemoText(reference, to, text, at, at, outcome, reason, reported=True))


def _letter(folder: Path, reference: str, to: str, *names: str) -> None:
    message = EmailMessage()
    message["To"], message["Subject"] = to, "Máte nový list"
    message.set_content("V prílohe je list.")
    for name in names:
        message.add_attachment(PDF, maintype="application", subtype="pdf", filename=name)
    mailbox.keep(folder, reference, message)


def test_the_people_are_told_with_their_credentials(browser: Browser) -> None:
    people = browser.get("/demo/", headers=JSON).json
    assert isinstance(people, list)
    assert [person["email"] for person in people] == [person.email for person in PEOPLE]
    for person in people:
        assert person.keys() == {"role", "name", "email", "password", "phone", "note"}
        assert (person["phone"] is None) == (person["role"] != "client")


@pytest.mark.parametrize("code", ["sk", "en"])
def test_the_page_of_people_shows_no_birth_number_and_no_letter_password(browser: Browser, code: str) -> None:
    browser.set_cookie("zone_language", code)
    page = browser.get("/demo/").text
    for person in PEOPLE:
        assert person.name in page
        assert person.password in page
    for client in CLIENTS:
        assert client.birth_number is None or client.birth_number not in page
    assert "pomaly vlak do Tatier" not in page


def test_everybody_signs_in_with_what_the_page_says(app: Flask, parts: Parts) -> None:
    seed(parts.intake)
    for person in PEOPLE:
        browser = app.test_client()
        assert isinstance(browser, Browser)
        assert browser.sign_in(person.email, person.password).status_code == 303
        home = browser.get("/", follow_redirects=True)
        assert home.status_code == 200
        assert person.name in home.text


def test_the_phone_holds_the_newest_sms_first(browser: Browser, folder: Path) -> None:
    _arrives(folder, "older", JANA, "prvá", minutes_ago=9)
    _arrives(folder, "lost", PETER, "stratená", minutes_ago=5, failed=True)
    _arrives(folder, "newer", JANA, "druhá", minutes_ago=1)
    texts = browser.get("/demo/phone", headers=JSON).json
    assert isinstance(texts, list)
    assert [(text["to"], text["text"], text["status"]) for text in texts] == [
        (JANA, "druhá", "delivered"),
        (PETER, "stratená", "failed"),
        (JANA, "prvá", "delivered"),
    ]
    assert datetime.fromisoformat(texts[0]["at"]).utcoffset() == timedelta(0)
    page = browser.get("/demo/phone").text
    assert page.index("druhá") < page.index("prvá") < page.index("stratená")  # by number
    assert "Jana Kováčová" in page


@pytest.mark.parametrize("written", ["%2B421911000102", "+421911000102", "+421 911 000 102", "421911000102"])
def test_the_phone_shows_one_number_however_it_is_written(
    browser: Browser, folder: Path, written: str
) -> None:
    _arrives(folder, "hers", JANA, "pre Janu", minutes_ago=2)
    _arrives(folder, "his", PETER, "pre Petra", minutes_ago=1)
    texts = browser.get(f"/demo/phone?number={written}", headers=JSON).json
    assert isinstance(texts, list)
    assert [text["text"] for text in texts] == ["pre Petra"]
    assert "pre Janu" not in browser.get(f"/demo/phone?number={written}").text


def test_what_the_number_says_is_only_ever_shown_as_text(browser: Browser) -> None:
    page = browser.get("/demo/phone?number=<b>1</b>").text
    assert "<b>1" not in page
    assert browser.get("/demo/mailbox?to=<b>x</b>").status_code == 200


def newest_status(browser: Browser) -> str:
    texts: list[dict[str, str]] = json.loads(browser.get("/demo/phone", headers=JSON).data)
    return texts[0]["status"]


def test_an_sms_that_is_on_its_way_is_delivered_a_moment_later(browser: Browser, folder: Path) -> None:
    at = now()
    coming = DemoText("x", JANA, "ide", at, at + timedelta(hours=1), Status.DELIVERED, None, reported=False)
    phone.keep(folder, coming)
    assert newest_status(browser) == "sent"
    phone.keep(folder, replace(coming, due=at))
    assert newest_status(browser) == "delivered"


@pytest.mark.parametrize("name", ["phone", "mailbox"])
def test_the_part_that_asks_again_gets_nothing_until_something_comes(
    browser: Browser, folder: Path, name: str
) -> None:
    ask = _asks_again(browser.get(f"/demo/{name}").text)
    unchanged = browser.get(ask, headers=HTMX)
    assert (unchanged.status_code, unchanged.data) == (204, b"")
    _arrives(folder, "one", JANA, "nová", minutes_ago=0)
    _letter(folder, "two", "jana.kovacova@example.org", "list.pdf")
    part = browser.get(ask, headers=HTMX)
    assert part.status_code == 200
    assert part.text.lstrip().startswith(f'<div class="stack" id="{name}"')
    assert _asks_again(part.text) != ask


def test_the_mailbox_gives_each_letter_as_a_file(browser: Browser, folder: Path) -> None:
    _letter(folder, "first", "jana.kovacova@example.org", "list.pdf")
    _letter(folder, "second", "peter.novak@example.org", "dva listy.pdf")
    mails = browser.get("/demo/mailbox?to=peter.novak@example.org", headers=JSON).json
    assert isinstance(mails, list)
    (mail,) = mails
    assert mail.keys() == {"to", "subject", "text", "at", "attachments"}
    assert (mail["to"], mail["subject"]) == ("peter.novak@example.org", "Máte nový list")
    assert datetime.fromisoformat(mail["at"]) <= now()
    (file,) = mail["attachments"]
    assert file["name"] == "dva listy.pdf"
    answer = browser.get(file["url"])
    assert answer.data == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert browser.get("/demo/mailbox").text.count("list.pdf") >= 1


@pytest.mark.parametrize(
    "path",
    [
        "first/other.pdf",
        "other/list.pdf",
        "../keys.json",
        "..%2f..%2fkeys.json/x",
        "%2e%2e/keys.json",
        "*/list.pdf",
    ],
)
def test_nothing_but_an_attachment_can_be_downloaded(browser: Browser, folder: Path, path: str) -> None:
    _letter(folder, "first", "jana.kovacova@example.org", "list.pdf")
    assert browser.get("/demo/mailbox/first/list.pdf").status_code == 200
    assert browser.get(f"/demo/mailbox/{path}").status_code == 404


@pytest.mark.parametrize("path", [*PAGES, "/demo/mailbox/first/list.pdf"])
def test_no_zone_but_the_demo_has_these_pages(
    config: Config, database: Database, tmp_path: Path, path: str
) -> None:
    create_file(tmp_path / "real.json", made_for="production")
    real = replace(config, mode=Mode.PRODUCTION, keys_url=f"file:{tmp_path / 'real.json'}")
    app = create_app(real, sms=DemoSms(tmp_path), mail=DemoMail(tmp_path))
    app.test_client_class = Browser
    assert app.test_client().get(path, base_url="https://localhost").status_code == 404
    assert "demo" not in app.cli.commands
    close_database(app.extensions["zone"].database)


def _asks_again(page: str) -> str:
    address = page.split('data-hx-get="')[1].split('"')[0].replace("&amp;", "&")
    assert urlsplit(address).query
    return address
