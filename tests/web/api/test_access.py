"""Who may come to the API: programs, each as far as its key goes."""

from __future__ import annotations

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.web.api.conftest import V1, NewProgram, Program
from tests.web.browser import Browser, new_browser
from tests.web.conftest import SignIn
from tests.web.people import Person
from zone.accounts.api_keys import Scope, revoke
from zone.accounts.throttle import ADDRESS
from zone.audit import OPERATOR

# What each door needs.
DOORS = {
    ("GET", "/clients/K-1001"): Scope.CLIENTS_READ,
    ("PUT", "/clients/K-1001"): Scope.CLIENTS_WRITE,
    ("GET", "/policies/PZ-2001"): Scope.CLIENTS_READ,
    ("PUT", "/policies/PZ-2001"): Scope.CLIENTS_WRITE,
    ("GET", "/mandates/M-1"): Scope.MANDATES_READ,
    ("PUT", "/mandates/M-1"): Scope.MANDATES_WRITE,
    ("GET", "/letters"): Scope.LETTERS_READ,
    ("GET", "/letters/0123456789abcdef"): Scope.LETTERS_READ,
    ("POST", "/letters"): Scope.LETTERS_WRITE,
}


def problem(response: TestResponse) -> tuple[int, str]:
    """The answer's status and type, which must be a whole problem."""
    assert response.mimetype == "application/problem+json", response.text
    assert response.headers["Cache-Control"] == "no-store"
    assert response.json is not None
    assert {"type", "title", "status", "detail"} <= response.json.keys()
    assert response.json["status"] == response.status_code
    return response.status_code, response.json["type"].removeprefix("urn:zone:problem:")


def test_the_table_names_every_door(app: Flask) -> None:
    addresses = app.url_map.bind("")
    there = {
        (method, rule.endpoint)
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("api.") and rule.endpoint != "api.openapi"
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert there == {(method, addresses.match(V1 + path, method)[0]) for method, path in DOORS}


@pytest.mark.parametrize("scope", Scope)
def test_a_key_opens_the_doors_of_its_scope_and_no_other(
    new_program: NewProgram, jana: Person, scope: Scope
) -> None:
    program = new_program(scope)
    for (method, path), needed in DOORS.items():
        answer = program.ask(method, path)
        assert (answer.status_code == 403) == (scope is not needed), (method, path)
        if scope is not needed:
            assert problem(answer) == (403, "missing-scope")
            assert answer.json is not None
            assert answer.json["scope"] == needed
            assert f'error="insufficient_scope", scope="{needed}"' in answer.headers["WWW-Authenticate"]


@pytest.mark.parametrize(("method", "path"), DOORS)
def test_without_a_key_there_is_no_way_in(
    browser: Browser, sign_in: SignIn, jana: Person, method: str, path: str
) -> None:
    for someone in (browser, sign_in(jana)):
        answer = someone.open(V1 + path, method=method)
        assert problem(answer) == (401, "about:blank")
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="zone"'


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Basic {key}", "{key}", "Bearer {key}x", "Bearer ž"]
)
def test_nothing_but_the_whole_key_as_a_bearer_is_one(program: Program, header: str) -> None:
    told = {"Authorization": header.format(key=program.key)}
    assert problem(program.http.get(f"{V1}/letters", headers=told))[0] == 401


def test_a_revoked_key_is_refused_from_then_on(program: Program) -> None:
    assert program.get("/letters").status_code == 200
    revoke(OPERATOR, "billing")
    assert problem(program.get("/letters")) == (401, "unknown-key")


def test_who_guesses_keys_has_to_wait(program: Program) -> None:
    guess = Program(program.http, "zone_guess")
    for _ in range(ADDRESS.free):
        assert guess.get("/letters").status_code == 401
    refused = guess.get("/letters")
    assert problem(refused) == (429, "about:blank")
    assert 1 <= int(refused.headers["Retry-After"]) <= 5
    assert program.get("/letters").status_code == 200


def test_a_key_opens_no_page_and_the_api_leaves_no_cookie(app: Flask, program: Program) -> None:
    page = new_browser(app).get("/letters", headers={"Authorization": f"Bearer {program.key}"})
    assert page.status_code == 303
    for answer in (program.get("/letters"), program.get("/nowhere"), program.put("/clients/K-1", {})):
        assert "Set-Cookie" not in answer.headers
