"""Passwords, birth numbers and what letters say are nowhere but where they belong.

A whole scenario, and then a search of all that it left.
"""

from __future__ import annotations

import base64
import logging
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Flask
from peewee import Database
from werkzeug.test import TestResponse

from tests.disguises import disguises
from tests.everything import snapshot
from tests.letters.samples import AUTHOR, TITLE, letter_pdf, letter_text
from tests.messages.outbox_parts import until
from tests.readers import READERS
from tests.web.api.conftest import Program, new_program, program
from tests.web.browser import HTMX, Browser, new_browser
from tests.web.conftest import SendLetter, app, config, letter, parts, vault
from tests.web.people import Person, add_client
from zone.config import Config
from zone.letters.models import Letter
from zone.messages.mail import mailbox
from zone.messages.models import Message
from zone.messages.states import finished
from zone.messages.worker import Worker
from zone.parts import Parts
from zone.vault import Vault
from zone.web.access import public

__all__ = ["app", "config", "letter", "new_program", "parts", "program", "vault"]

PANEL = "/settings/electronic-correspondence"
SIGN_IN = "Kanarik-prihlasenie-Qx7"
WRONG_SIGN_IN = "Kanarik-omylom-Wv3"
LETTERS = ("Kanárik žltý mlyn 84", "Kanarik modry vlak 95")
REFUSED = "Kanarik krátky`" + "z" * 30
TRIED = "Kanarik nebol nikdy 62"
BIRTH_NUMBER = "865514/2375"
DIGITS = BIRTH_NUMBER.replace("/", "")
DOCUMENT = (TITLE, AUTHOR)  # stand in each letter that comes in, in clear
CANARIES = (SIGN_IN, WRONG_SIGN_IN, *LETTERS, REFUSED, TRIED, BIRTH_NUMBER, DIGITS, *DOCUMENT)
UNREADABLE = f"%PDF-1.7\n1 0 obj <</Title ({TITLE})>>".encode()

NEEDLES = {needle: canary for canary in CANARIES for needle in disguises(canary)}


def found(where: str, content: bytes) -> list[tuple[str, str]]:
    """Which canaries `content` holds."""
    return [(where, canary) for needle, canary in NEEDLES.items() if needle in content]


class Recorder(Browser):
    """Keeps every answer, headers and all."""

    answers: list[tuple[str, bytes]]

    def open(self, *args: object, **kwargs: object) -> TestResponse:
        response = super().open(*args, **kwargs)
        where = f"{response.request.method} {response.request.path} {response.status_code}"
        content = b"\0".join([response.request.url.encode(), str(response.headers).encode(), response.data])
        self.answers.append((where, content))
        return response


def break_down() -> str:
    raise ValueError(f"{LETTERS[0]} {SIGN_IN} {BIRTH_NUMBER}")


@pytest.fixture
def person(vault: Vault) -> Person:
    return add_client(vault, password=SIGN_IN)


@pytest.fixture
def browser(app: Flask) -> Recorder:
    app.test_client_class = type("Kept", (Recorder,), {"answers": []})
    app.add_url_rule("/broken", "broken", public(break_down), methods=["POST"])
    browser = new_browser(app)
    assert isinstance(browser, Recorder)
    return browser


@pytest.fixture
def working(parts: Parts) -> Iterator[None]:
    """The worker with the demo's gateways."""
    stop = threading.Event()
    worker = Worker(parts.database, sms=parts.sms, mail=parts.mail, renderers=parts.renderers)
    thread = threading.Thread(target=worker.run, args=[stop])
    thread.start()
    yield
    stop.set()
    thread.join()


def settle() -> None:
    until(lambda: all(finished(message) for message in Message.select()))


def live(browser: Browser, person: Person, letter: SendLetter, program: Program) -> None:
    """All that a client does with passwords and letters, right and wrong."""
    first = letter(person)
    settle()
    browser.sign_in(person.email, WRONG_SIGN_IN)
    browser.sign_in("nobody@example.org", SIGN_IN)
    browser.sign_in(person.email, SIGN_IN)
    for own in (*LETTERS, REFUSED, SIGN_IN, DIGITS, LETTERS[1]):
        browser.send(f"{PANEL}/own/strength", {"password": own}, headers=HTMX)
        browser.send(f"{PANEL}/own", {"password": own}, follow_redirects=True)
        browser.post(f"{PANEL}/own", data={"password": own, "csrf_token": "forged"})
        browser.send(f"{PANEL}/resend", headers=HTMX, follow_redirects=True)
        settle()
        browser.get(f"{PANEL}/message", headers=HTMX)
    for tried in (*LETTERS, TRIED, DIGITS, DIGITS[-4:], SIGN_IN):
        browser.send(f"{PANEL}/try", {"remembered": tried})
    use_letters(browser, first, program)
    browser.send("/broken", {"password": LETTERS[0]})
    browser.send("/nowhere", {"password": LETTERS[0]})
    browser.send(f"{PANEL}/own", {"password": LETTERS[0] + "\0"})
    browser.send(f"{PANEL}/own", {"password": LETTERS[0] * 5000})
    browser.send("/prove", {"password": WRONG_SIGN_IN})
    browser.send("/prove", {"password": SIGN_IN, "next": "/settings"})
    browser.send("/settings/phone", {"code": TRIED})
    browser.get(f"{PANEL}/reset")
    browser.send(f"{PANEL}/reset", {"letter": [first.reference]}, follow_redirects=True)
    for page in (PANEL, f"{PANEL}/own", "/letters", "/settings/phone"):
        browser.get(page)
    settle()
    browser.send("/sign-out")


def use_letters(browser: Browser, first: Letter, program: Program) -> None:
    """Letters by API, one of which cannot be read; then all that a client does with one."""
    program.send(letter_pdf(), external_id="A-1")
    program.send(UNREADABLE, external_id="A-2")
    for path in ("/letters", *(f"/letters/{each.reference}" for each in Letter.select())):
        program.get(path)
    settle()
    page = f"/letters/{first.reference}"
    for path in ("/letters", "/letters?kind=other", page, f"{page}/view", f"{page}.pdf"):
        browser.get(path)
    browser.get("/letters/send-again")
    browser.send("/letters/send-again", {"letter": [first.reference]}, follow_redirects=True)
    browser.send(f"{page}/passwords/2")
    settle()
    for part in (f"{page}/copies", f"{page}/message", "/letters/send-again/states"):
        browser.get(part, headers=HTMX)


def left_behind(
    config: Config, database: Database, log: str, browser: Recorder
) -> Iterator[tuple[str, bytes]]:
    """Everything that the scenario left, but for what the outside world got."""
    for table, rows in snapshot(database).items():
        yield f"table {table}", "\n".join(rows).encode()
    yield "log", log.encode()
    yield from browser.answers
    folder = Path(config.database_url.removeprefix("sqlite:///")).parent
    for path in [*config.var.rglob("*"), *folder.glob("zone.db*")]:
        if path.is_file() and path.parent.name != "phone":
            # In an e-mail, Base64 is folded into lines.
            yield str(path), path.read_bytes() + b"\0" + path.read_bytes().replace(b"\n", b"")


def test_a_letter_holds_its_canaries_in_clear() -> None:
    assert TITLE.encode() in letter_pdf()
    assert AUTHOR.encode() in letter_pdf()


def test_no_secret_is_anywhere(
    config: Config,
    database: Database,
    browser: Recorder,
    person: Person,
    letter: SendLetter,
    program: Program,
    working: None,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.DEBUG):
        live(browser, person, letter, program)
    places = list(left_behind(config, database, caplog.text, browser))
    # The document stands where its client read it, and nowhere else.
    ((view, answer),) = [place for place in places if place[0].endswith("/view 200")]
    assert [leak for place in places for leak in found(*place)] == [(view, canary) for canary in DOCUMENT]
    assert b"Cache-Control: no-store" in answer
    assert "INSERT INTO" in caplog.text

    sms = b"".join(path.read_bytes() for path in (config.var / "demo" / "phone").iterdir())
    assert sms.count(LETTERS[0].encode()) == 2
    assert LETTERS[1].encode() in sms
    folder = config.var / "demo"
    mails = mailbox.mails(folder)
    received = [mailbox.attachment(folder, mail.reference, mail.attachments[0]) for mail in reversed(mails)]
    opens = (DIGITS[-4:], LETTERS[1], LETTERS[1], DIGITS[-4:])
    assert [READERS["pikepdf"](pdf, key) for pdf, key in zip(received, opens, strict=True)] == [
        letter_text()
    ] * 4


def test_the_search_finds_what_is_planted(
    config: Config, database: Database, browser: Recorder, person: Person, caplog: pytest.LogCaptureFixture
) -> None:
    def leaks() -> set[str]:
        places = left_behind(config, database, caplog.text, browser)
        return {where for where, content in places for _ in found(where, content)}

    assert leaks() == set()
    logging.getLogger("zone").warning("password %s", quote(LETTERS[0]))
    database.execute_sql(
        "UPDATE client SET name = '" + base64.b64encode(b"x" + TRIED.encode()).decode() + "'"
    )
    (config.var / "letters" / "draft").write_bytes(DIGITS.encode().hex().encode())
    (config.var / "letter.eml").write_bytes(base64.encodebytes(letter_pdf()))
    browser.get("/nowhere", query_string={"next": SIGN_IN})
    files = {str(config.var / "letters" / "draft"), str(config.var / "letter.eml")}
    planted = {"log", "table client", "GET /nowhere 404", *files}
    assert planted <= leaks()


@pytest.mark.parametrize("canary", CANARIES)
def test_every_disguise_is_seen_through(canary: str) -> None:
    for before in ("", "x", "xy"):
        for written in (
            base64.b64encode((before + canary).encode()),
            (before + canary).encode().hex().encode(),
            quote(before + canary).encode(),
        ):
            assert found("here", written)
