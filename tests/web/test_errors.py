"""What people see, and what the log holds, when something breaks."""

from __future__ import annotations

import logging
import sqlite3

import pytest
from flask import Flask
from peewee import Database

from tests.web.browser import Browser, new_browser
from tests.web.conftest import SignIn
from tests.web.people import PASSWORD, Person
from zone.storage import open_database
from zone.web.access import public

SECRET = "Kanárik v bani"


def break_down() -> str:
    """A view that quotes what was typed."""
    typed = SECRET
    try:
        raise ValueError(f"cannot store {typed}")
    except ValueError as error:
        raise RuntimeError(f"gave up on {typed}") from error


@pytest.fixture
def broken(app: Flask) -> Flask:
    """The zone with a page that breaks."""
    app.add_url_rule("/broken", "broken", public(break_down))
    return app


def test_an_unexpected_failure_is_a_page_without_its_cause(broken: Flask) -> None:
    page = new_browser(broken).get("/broken")
    assert page.status_code == 500
    for clue in (SECRET, "Traceback", "RuntimeError", "ValueError", "break_down", __file__):
        assert clue not in page.text


def test_the_log_of_a_failure_holds_type_and_place_and_nothing_else(
    broken: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        new_browser(broken).get(f"/broken?password={SECRET}")
    [record] = [record for record in caplog.records if record.levelno >= logging.ERROR]
    message = record.getMessage()
    assert message.startswith("RuntimeError in broken\n")
    assert f"{__file__}:" in message
    assert ":break_down" in message
    assert SECRET not in caplog.text
    assert record.exc_info is None


def test_who_is_signed_in_stays_so_on_a_page_that_breaks(
    broken: Flask, sign_in: SignIn, jana: Person
) -> None:
    browser = sign_in(jana)
    assert "Jana Kováčová" in browser.get("/broken").text
    assert browser.get("/settings").status_code == 200


def test_a_database_that_is_away_gives_a_page_all_the_same(app: Flask, sign_in: SignIn, jana: Person) -> None:
    from dataclasses import replace

    browser = sign_in(jana)
    parts = app.extensions["zone"]
    away = open_database("postgresql://nobody@127.0.0.1:1/none")
    app.extensions["zone"] = replace(parts, database=away)
    for path in ("/settings", "/sign-in", "/nowhere"):
        page = browser.get(path)
        assert page.status_code == 503
        assert "<h1>" in page.text
    app.extensions["zone"] = parts
    assert browser.get("/settings").status_code == 200


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_database_that_breaks_while_the_session_is_looked_up_gives_a_page(
    app: Flask, sign_in: SignIn, jana: Person, database: Database
) -> None:
    browser = sign_in(jana)
    database.execute_sql("ALTER TABLE session RENAME TO gone")
    page = browser.get("/settings")
    assert page.status_code == 503
    assert "Jana" not in page.text
    assert sqlite3.sqlite_version not in page.text


def test_connections_come_back_whatever_happens(broken: Flask, sign_in: SignIn, jana: Person) -> None:
    browser = sign_in(jana)
    database = broken.extensions["zone"].database
    for path in ("/settings", "/broken", "/nowhere", "/broker/", "/static/zone.css"):
        browser.get(path)
        assert not database._in_use


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/settings/electronic-correspondence/resend", 405),
        ("GET", "/broker/", 403),
    ],
)
def test_every_failure_has_a_page_in_the_zone_s_look(
    sign_in: SignIn, jana: Person, method: str, path: str, code: int
) -> None:
    page = sign_in(jana).open(path, method=method)
    assert page.status_code == code
    assert "zone.css" in page.text
    assert ("Allow" in page.headers) == (code == 405)


def test_a_refused_page_may_use_its_own_style(browser: Browser, sign_in: SignIn, jana: Person) -> None:
    for page in (sign_in(jana).get("/support/"), browser.post("/sign-in", data={"password": PASSWORD})):
        assert 'nonce=""' not in page.text
