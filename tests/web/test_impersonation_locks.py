"""What is locked under impersonation is drawn so, wherever an open page could lead to it."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from flask import Flask
from werkzeug.exceptions import HTTPException

from tests.letters.posted import post
from tests.web.browser import Browser
from tests.web.conftest import SendLetter, SignIn
from tests.web.impersonating import PANEL, begin, part
from tests.web.inspector import parse
from tests.web.people import Person
from tests.web.test_impersonation_rights import CLIENTS, LOCKED, OPEN, desk, paths
from zone.clients.models import Phone
from zone.letter_passwords.set_own import set_own
from zone.parts import Parts
from zone.secret import Secret

__all__ = ["desk"]
LEADS = {
    "href": "GET",
    "src": "GET",
    "data-hx-get": "GET",
    "data-hx-post": "POST",
    "formaction": "POST",
}


def leads(text: str) -> Iterator[tuple[str, str]]:
    """The method and the path of everything on a page that leads somewhere."""
    for element in parse(text).iter():
        for name, method in LEADS.items():
            if element.get(name):
                yield method, urlsplit(element.get(name)).path
        if element.tag == "form":
            yield element.get("method", "get").upper(), urlsplit(element.get("action")).path


def locked_ones(app: Flask, text: str) -> list[str]:
    """Which locked routes the page leads to."""
    found = []
    for method, path in leads(text):
        try:
            endpoint, _ = app.url_map.bind("").match(path, method)
        except HTTPException:
            continue  # a mail address, a place on the page
        if endpoint in CLIENTS and CLIENTS[endpoint][method == "POST"] is LOCKED:
            found.append(f"{method} {path}")
    return found


@pytest.fixture
def reference(
    sign_in: SignIn, jana: Person, letter: SendLetter, parts: Parts, request: pytest.FixtureRequest
) -> str:
    """A letter of Jana's, who has seen to everything that a page could show: a code is on its way to her too."""
    sent = letter(jana)
    post(parts.intake)
    browser = sign_in(jana)
    assert browser.send("/settings/phone/code").status_code == 303
    if request.param != "default":
        set_own(parts.vault, jana.actor, jana.client_id, Secret("slnko nad Tatrami"))
        browser.send(f"/letters/{sent.reference}/passwords/1")
    if request.param == "no phone":
        Phone.update(confirmed_at=None).execute()
    return sent.reference


@pytest.mark.parametrize("reference", ["default", "own", "no phone"], indirect=True)
def test_no_open_page_leads_to_a_lock_without_drawing_it(
    app: Flask, desk: Browser, jana: Person, reference: str
) -> None:
    where = paths(app, reference)
    mark = begin(desk, jana)
    pages = [where[name] for name, (look, _) in CLIENTS.items() if look is OPEN]
    found = {}
    for path in (*pages, "/settings/access-history?group=password", f"{PANEL}/own"):
        for headers in ({}, part(mark)):
            text = desk.get(path, headers=headers).text
            if text and locked_ones(app, text):
                found[path, bool(headers)] = locked_ones(app, text)
    assert found == {}


@pytest.mark.parametrize("reference", ["own"], indirect=True)
def test_to_the_client_those_pages_do_lead_there(
    app: Flask, sign_in: SignIn, jana: Person, reference: str
) -> None:
    where, browser = paths(app, reference), sign_in(jana)
    pages = [where[name] for name, (look, _) in CLIENTS.items() if look is OPEN]
    led = {tuple(lead.split()) for path in pages for lead in locked_ones(app, browser.get(path).text)}
    reached = {app.url_map.bind("").match(path, method)[0] for method, path in led}
    locked = {name for name, row in CLIENTS.items() if LOCKED in row}
    # Parts of a page that is locked itself.
    assert locked - reached == {"client.strength", "client.suggestion"}
