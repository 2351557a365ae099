"""The full matrix: every route and method under impersonation, generated from the routes and held against a table."""

from __future__ import annotations

import pytest
import time_machine
from flask import Blueprint, Flask
from peewee import Database
from werkzeug.exceptions import MethodNotAllowed

from tests.everything import snapshot
from tests.web.browser import Browser
from tests.web.conftest import SendLetter, SignIn
from tests.web.impersonating import PANEL, begin, part
from tests.web.people import Person
from tests.web.test_access import ARGUMENTS, EVERYBODY, METHODS, ROUTES
from zone.audit import Role, Tag
from zone.audit.models import Event
from zone.clock import now
from zone.web import access
from zone.web.access import UndeclaredAccess, allow, check_declared
from zone.web.history_facts import PAGES
from zone.web.rights import Impersonated

OPEN, LOCKED = "open", "locked"
# Each route of the client's: what looking at it is, and what posting to it is. A new one belongs here too.
CLIENTS = {
    "client.settings": (OPEN, None),
    "client.electronic_correspondence": (OPEN, None),
    "client.password_message": (OPEN, None),
    "client.resend_password": (None, OPEN),
    "client.reset_password": (OPEN, OPEN),
    "client.own_password": (LOCKED, LOCKED),
    "client.strength": (None, LOCKED),
    "client.suggestion": (LOCKED, None),
    "client.try_password": (LOCKED, LOCKED),
    "client.phone": (OPEN, LOCKED),
    "client.send_phone_code": (None, LOCKED),
    "client.letters": (OPEN, None),
    "client.letter": (OPEN, None),
    "client.letter_copies": (OPEN, None),
    "client.earlier_password_message": (OPEN, None),
    "client.view_letter": (LOCKED, None),
    "client.download_letter": (LOCKED, None),
    "client.send_letter_again": (None, OPEN),
    "client.send_earlier_password": (None, OPEN),
    "client.letters_again": (OPEN, None),
    "client.send_letters_again": (None, OPEN),
    "client.letters_progress": (OPEN, None),
    "client.letters_states": (OPEN, None),
    "client.access_history": (OPEN, None),
    "client.access_history_file": (LOCKED, None),
    "client.sign_out_elsewhere": (None, LOCKED),
    "client.not_me": (LOCKED, LOCKED),
}
SAYS_LOCKED = "This is locked for you"


@pytest.fixture
def desk(sign_in: SignIn, agent: Person) -> Browser:
    browser = sign_in(agent)
    browser.send("/language", {"language": "en"})
    return browser


def paths(app: Flask, reference: str, **named: object) -> dict[str, str]:
    addresses = app.url_map.bind("")
    given = ARGUMENTS | {"reference": reference} | named
    return {
        rule.endpoint: addresses.build(rule.endpoint, {name: given[name] for name in rule.arguments})
        for rule in app.url_map.iter_rules()
    }


def expected(app: Flask, path: str, method: str) -> str:
    try:
        endpoint, _ = app.url_map.bind("").match(path, method)
    except MethodNotAllowed:
        return "no such method"
    if endpoint in CLIENTS:
        return CLIENTS[endpoint][method == "POST"] or "undeclared"
    roles = ROUTES[endpoint][1]
    if roles is EVERYBODY or Role.SUPPORT in roles:
        return OPEN
    return "over" if roles == {Role.PROGRAM} else "refused"


def verdict(desk: Browser, method: str, path: str) -> str:
    data = {"csrf_token": desk.token()} if method not in ("GET", "HEAD") else None
    response = desk.open(path, method=method, data=data)
    if response.status_code == 403:
        says = 'id="locked"' in response.text or method == "HEAD"
        return LOCKED if says and "no-store" in response.headers["Cache-Control"] else "refused"
    return {401: "over", 405: "no such method"}.get(response.status_code, OPEN)


def test_every_page_that_is_looked_at_has_a_name_in_the_history(app: Flask) -> None:
    looked_at = {endpoint for endpoint, (get, _) in CLIENTS.items() if get == OPEN}
    with app.app_context():
        by_itself = {endpoint for endpoint in looked_at if (rule := access.of(endpoint)) and rule.polling}
    assert looked_at - by_itself == PAGES.keys()


def test_every_route_is_as_the_table_says(
    app: Flask, desk: Browser, jana: Person, letter: SendLetter
) -> None:
    reference = letter(jana).reference
    seen: dict[tuple[str, str], str] = {}
    wanted: dict[tuple[str, str], str] = {}
    for endpoint, path in paths(app, reference).items():
        if endpoint in ("auth.sign_out", "impersonation.end"):
            continue  # they end it
        for method in METHODS:
            if method == "HEAD" and expected(app, path, method) == "refused":
                continue  # no body tells a refusal from a lock
            if not seen:
                begin(desk, jana)
            seen[endpoint, method] = verdict(desk, method, path)
            wanted[endpoint, method] = expected(app, path, method)
    assert seen == wanted


def test_the_table_names_each_route_of_the_clients(app: Flask) -> None:
    there: dict[str, set[str]] = {}
    for rule in app.url_map.iter_rules():
        if app.view_functions[rule.endpoint].__dict__["access"].is_clients:
            there.setdefault(rule.endpoint, set()).update((rule.methods or set()) & {"GET", "POST"})
    table = {
        name: {method for method, said in zip(("GET", "POST"), row, strict=True) if said}
        for name, row in CLIENTS.items()
    }
    assert there == table


@pytest.mark.parametrize(
    ("rule", "methods"),
    [
        (allow(Role.CLIENT), ["GET"]),
        (allow(Role.CLIENT, posted=Impersonated.ACT), ["GET", "POST"]),
        (allow(Role.CLIENT, impersonated=Impersonated.LOOK), ["GET", "POST"]),
        (allow(Role.SUPPORT, impersonated=Impersonated.LOOK), ["GET"]),
    ],
)
def test_a_route_that_does_not_say_fails_the_start(rule: object, methods: list[str]) -> None:
    fresh = Flask("fresh", static_folder=None)
    planted = Blueprint("planted", __name__)
    assert callable(rule)
    planted.add_url_rule("/planted", "door", rule(lambda: "come in"), methods=methods)
    fresh.register_blueprint(planted)
    with pytest.raises(UndeclaredAccess, match=r"planted\.door"):
        check_declared(fresh)


# What is typed into the forms that are locked; those that are not here hold nothing but their token.
TYPED = {
    "client.own_password": {"password": "Zelený mlyn pri rieke"},
    "client.strength": {"password": "Zelený mlyn pri rieke"},
    "client.try_password": {"remembered": "2375"},
    "client.phone": {"code": "123456"},
}


@pytest.mark.parametrize("name", [name for name, (_, posted) in CLIENTS.items() if posted is LOCKED])
def test_whatever_is_posted_to_a_lock_changes_nothing(
    app: Flask, sign_in: SignIn, desk: Browser, jana: Person, database: Database, name: str
) -> None:
    sign_in(jana)  # there is a session of hers to end, and an entry to disown
    entry = Event.get(Event.tag == Tag.SIGN_IN, Event.client_id == jana.client_id)
    path, form = paths(app, "", event=entry.id)[name], TYPED.get(name, {})
    reference = begin(desk, jana)
    with time_machine.travel(now(), tick=False):
        before = snapshot(database)
        for headers in ({}, part(reference)):
            answer = desk.send(path, form, headers=headers)
            assert answer.status_code == 403
            assert SAYS_LOCKED in answer.text
            assert all(typed not in answer.text for typed in form.values())
        assert answer.headers["HX-Retarget"] == "#trouble"
        assert snapshot(database) == before


def test_locks_are_seen_with_their_reason_and_cannot_be_clicked(
    desk: Browser, jana: Person, letter: SendLetter
) -> None:
    reference = letter(jana).reference
    begin(desk, jana)
    pages = {
        PANEL: (2, "Only the client sets", (f"{PANEL}/own", f"{PANEL}/try")),
        "/settings/phone": (1, "Only the client confirms", ("/settings/phone/code",)),
        "/letters": (2, "for the client alone", (f"{reference}.pdf", f"{reference}/view")),
        f"/letters/{reference}": (2, "for the client alone", (f"{reference}.pdf", f"{reference}/view")),
        "/settings/access-history": (
            5,
            "Only the client takes their access history home",
            ("/sign-out-elsewhere", "access-history.csv", "access-history.json", "/not-me"),
        ),
    }
    for path, (count, why, addresses) in pages.items():
        page = desk.get(path).text
        assert page.count('class="locked"') == count, path
        assert why in page
        for address in addresses:
            assert f'{address}"' not in page, (path, address)
