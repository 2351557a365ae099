"""What a program gets when something cannot be."""

from __future__ import annotations

import logging
from dataclasses import replace

import pytest
from flask import Flask

from tests.web.api.conftest import V1, Program
from tests.web.api.test_access import problem
from tests.web.browser import new_browser
from zone.accounts.api_keys import Scope
from zone.letters.models import Letter
from zone.storage import current_database, is_postgres, open_database, transaction
from zone.web.access import program as for_programs
from zone.web.access import public
from zone.web.api.problems import ADVICE

SECRET = "865514/2375"


def write_after_failover() -> str:
    """A server that was demoted refuses to write; here for one transaction or connection."""
    database = current_database()
    postgres = is_postgres(database)
    with transaction():
        database.execute_sql("SET TRANSACTION READ ONLY" if postgres else "PRAGMA query_only = 1")
        try:
            Letter.delete().execute()
        finally:
            if not postgres:
                database.execute_sql("PRAGMA query_only = 0")
    return "written"


def break_down() -> str:
    raise ValueError(f"cannot store {SECRET}")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/clients/", 404),
        ("GET", "//letters", 404),
        ("POST", "//letters", 404),
        ("DELETE", "/clients/K-1001", 405),
        ("PATCH", "/letters", 405),
    ],
)
def test_an_address_or_a_method_that_is_not_there_is_a_problem(
    program: Program, method: str, path: str, status: int
) -> None:
    answer = program.ask(method, path)
    assert problem(answer) == (status, "about:blank")
    assert answer.json is not None
    assert answer.json["detail"] == ADVICE[status]
    assert ("Allow" in answer.headers) == (status == 405)


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"{", "application/json", 400),
        (b'{"client": "\xff"}', "application/json", 400),
        (b"[" * 60_000, "application/json", 400),
        (b'{"client": ' + b"9" * 5000 + b"}", "application/json", 400),
        (b'{"client": "K-1001", "client": "K-1002"}', "application/json", 400),
        (b"client=K-1001", "application/x-www-form-urlencoded", 415),
        (b"{}", "text/plain", 415),
        (b" " * 70_000, "application/json", 413),
        (b"[]", "application/json", 422),
        (b"null", "application/json", 422),
    ],
)
def test_a_body_that_cannot_be_read_is_a_problem(
    program: Program, body: bytes, content_type: str, status: int
) -> None:
    answer = program.ask("PUT", "/policies/PZ-1", data=body, content_type=content_type)
    assert problem(answer)[0] == status


def test_what_breaks_is_a_problem_that_says_nothing_of_what_was_sent(
    app: Flask, program: Program, caplog: pytest.LogCaptureFixture
) -> None:
    app.add_url_rule(f"{V1}/broken", "broken", for_programs(Scope.LETTERS_READ)(break_down))
    with caplog.at_level(logging.DEBUG):
        answer = program.get("/broken")
    assert problem(answer) == (500, "about:blank")
    assert "break_down" in caplog.text
    assert SECRET not in answer.text + caplog.text


def test_a_database_that_is_away_is_a_problem_that_says_when_to_come_back(
    app: Flask, program: Program
) -> None:
    parts = app.extensions["zone"]
    app.extensions["zone"] = replace(parts, database=open_database("postgresql://nobody@127.0.0.1:1/none"))
    answer = program.get("/letters")
    app.extensions["zone"] = parts
    assert problem(answer) == (503, "about:blank")
    assert answer.headers["Retry-After"] == "5"


def test_a_database_that_may_only_be_read_says_when_to_come_back(app: Flask, program: Program) -> None:
    app.add_url_rule(f"{V1}/written", "written", for_programs(Scope.LETTERS_READ)(write_after_failover))
    answer = program.get("/written")
    assert problem(answer) == (503, "about:blank")
    assert answer.headers["Retry-After"] == "5"


def test_a_page_that_breaks_stays_a_page(app: Flask) -> None:
    app.add_url_rule("/broken", "broken", public(break_down))
    assert new_browser(app).get("/broken").mimetype == "text/html"
