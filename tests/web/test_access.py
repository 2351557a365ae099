"""Who may come to which route."""

from __future__ import annotations

import pytest
from flask import Blueprint, Flask
from werkzeug.exceptions import MethodNotAllowed

from tests.web.browser import HTMX, Browser
from tests.web.conftest import SignIn
from tests.web.people import Person
from zone.accounts.models import Account
from zone.audit import Role
from zone.web.access import UndeclaredAccess, check_declared

READ, SEND, FORM = {"GET"}, {"POST"}, {"GET", "POST"}
EVERYBODY = None
CLIENT, BROKER, SUPPORT = {Role.CLIENT}, {Role.BROKER}, {Role.SUPPORT}
WRITE, PROGRAM = {"PUT"}, {Role.PROGRAM}
SIGNED_IN = CLIENT | BROKER | SUPPORT

# A new route belongs here too: its methods, and who may.
ROUTES: dict[str, tuple[set[str], set[Role] | None]] = {
    "assets.static": (READ, EVERYBODY),
    "root.index": (READ, EVERYBODY),
    "root.language": (SEND, EVERYBODY),
    "root.brand_css": (READ, EVERYBODY),
    "root.healthz": (READ, EVERYBODY),
    "not_me.stop": (FORM, EVERYBODY),
    "not_me.stopped": (READ, EVERYBODY),
    "auth.sign_in": (FORM, EVERYBODY),
    "auth.sign_out": (SEND, SIGNED_IN),
    "auth.prove": (FORM, SIGNED_IN),
    "client.settings": (READ, CLIENT),
    "client.electronic_correspondence": (READ, CLIENT),
    "client.password_message": (READ, CLIENT),
    "client.resend_password": (SEND, CLIENT),
    "client.reset_password": (FORM, CLIENT),
    "client.own_password": (FORM, CLIENT),
    "client.strength": (SEND, CLIENT),
    "client.suggestion": (READ, CLIENT),
    "client.try_password": (FORM, CLIENT),
    "client.phone": (FORM, CLIENT),
    "client.send_phone_code": (SEND, CLIENT),
    "client.access_history": (READ, CLIENT),
    "client.access_history_file": (READ, CLIENT),
    "client.sign_out_elsewhere": (SEND, CLIENT),
    "client.not_me": (FORM, CLIENT),
    "client.letters": (READ, CLIENT),
    "client.letter": (READ, CLIENT),
    "client.letter_copies": (READ, CLIENT),
    "client.earlier_password_message": (READ, CLIENT),
    "client.view_letter": (READ, CLIENT),
    "client.download_letter": (READ, CLIENT),
    "client.send_letter_again": (SEND, CLIENT),
    "client.send_earlier_password": (SEND, CLIENT),
    "client.letters_again": (READ, CLIENT),
    "client.send_letters_again": (SEND, CLIENT),
    "client.letters_progress": (READ, CLIENT),
    "client.letters_states": (READ, CLIENT),
    "broker.portfolio": (FORM, BROKER),
    "broker.policy": (READ, BROKER),
    "broker.edit_policy": (READ, BROKER),
    "broker.new_request": (READ, BROKER),
    "broker.request_phone": (FORM, BROKER),
    "broker.propose_phone": (SEND, BROKER),
    "broker.request_code": (FORM, BROKER),
    "broker.keep_phone": (SEND, BROKER),
    "broker.request_information": (READ, BROKER),
    "broker.request_choice": (FORM, BROKER),
    "broker.request_reset": (FORM, BROKER),
    "broker.request_made": (READ, BROKER),
    "broker.request_outcome": (READ, BROKER),
    "support.worklists": (READ, SUPPORT),
    "support.search": (FORM, SUPPORT),
    "support.client": (READ, SUPPORT),
    "support.client_messages": (READ, SUPPORT),
    "support.client_messages_progress": (READ, SUPPORT),
    "support.settle_message": (SEND, SUPPORT),
    "support.client_letters": (READ, SUPPORT),
    "support.client_letters_progress": (READ, SUPPORT),
    "support.client_letter": (READ, SUPPORT),
    "support.client_letter_copies": (READ, SUPPORT),
    "support.client_notes": (FORM, SUPPORT),
    "support.lift_hold": (FORM, SUPPORT),
    "support.trail": (READ, SUPPORT),
    "support.messages": (READ, SUPPORT),
    "support.letters": (READ, SUPPORT),
    "support.phone": (FORM, SUPPORT),
    "support.propose_phone": (SEND, SUPPORT),
    "support.phone_code": (FORM, SUPPORT),
    "support.keep_phone": (SEND, SUPPORT),
    "support.requests": (READ, SUPPORT),
    "support.resend": (SEND, SUPPORT),
    "support.reset": (FORM, SUPPORT),
    "support.request_made": (READ, SUPPORT),
    "support.request_outcome": (READ, SUPPORT),
    "support.phones": (READ, SUPPORT),
    "support.default_passwords": (READ, SUPPORT),
    "support.campaigns": (READ, SUPPORT),
    "support.new_campaign": (READ, SUPPORT),
    "support.check_campaign": (READ, SUPPORT),
    "support.start_campaign": (SEND, SUPPORT),
    "support.campaign": (READ, SUPPORT),
    "support.campaign_progress": (READ, SUPPORT),
    "support.change_campaign": (SEND, SUPPORT),
    "impersonation.start": (FORM, SUPPORT),
    "impersonation.extend": (FORM, SUPPORT),
    "impersonation.end": (SEND, SUPPORT),
    "impersonation.over": (READ, SUPPORT),
    "api.openapi": (READ, EVERYBODY),
    "api.client": (READ, PROGRAM),
    "api.put_client": (WRITE, PROGRAM),
    "api.policy": (READ, PROGRAM),
    "api.put_policy": (WRITE, PROGRAM),
    "api.mandate": (READ, PROGRAM),
    "api.put_mandate": (WRITE, PROGRAM),
    "api.letter": (READ, PROGRAM),
    "api.letters": (READ, PROGRAM),
    "api.receive_letter": (SEND, PROGRAM),
    "demo.index": (READ, EVERYBODY),
    "demo.phone": (READ, EVERYBODY),
    "demo.mailbox": (READ, EVERYBODY),
    "demo.attachment": (READ, EVERYBODY),
}
POLLING = {
    "client.password_message",
    "client.letter_copies",
    "client.earlier_password_message",
    "client.letters_states",
    "broker.request_outcome",
    "support.request_outcome",
    "support.campaign_progress",
    "support.client_messages_progress",
    "support.client_letters_progress",
    "support.client_letter_copies",
}
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
ARGUMENTS = {
    "name": "zone.css",
    "reference": "0123456789abcdef",
    "number": "PZ-2001",
    "version": 1,
    "token": "x",
    "policy_id": 1,
    "client_id": 1,
    "hold_id": 1,
    "event": 1,
    "ending": "csv",
    "act": "pause",
}


def paths(app: Flask) -> dict[str, str]:
    """Each endpoint and an address of it."""
    addresses = app.url_map.bind("")
    return {
        rule.endpoint: addresses.build(rule.endpoint, {name: ARGUMENTS[name] for name in rule.arguments})
        for rule in app.url_map.iter_rules()
    }


def verdict(browser: Browser, method: str, path: str) -> str:
    """What the zone says to a well-formed request."""
    data = {"csrf_token": browser.token()} if method not in ("GET", "HEAD") else None
    response = browser.open(path, method=method, data=data)
    if response.status_code == 303 and response.location.startswith("/sign-in?"):
        return "sign in"
    if response.status_code == 303 and response.location == "/sign-in" and path not in ("/", "/sign-out"):
        return "sign in"
    return {401: "over", 403: "refused", 405: "no such method"}.get(response.status_code, "taken")


def expected(app: Flask, path: str, role: Role | None, method: str) -> str:
    try:
        endpoint, _ = app.url_map.bind("").match(path, method)
    except MethodNotAllowed:
        return "no such method"
    _, roles = ROUTES[endpoint]
    if roles is EVERYBODY or role in roles:
        return "taken"
    if roles == PROGRAM:
        return "over"
    if role is not None:
        return "refused"
    return "over" if endpoint in POLLING else "sign in"


def test_the_table_names_every_route_and_its_methods(app: Flask) -> None:
    there: dict[str, set[str]] = {}
    for rule in app.url_map.iter_rules():
        there.setdefault(rule.endpoint, set()).update((rule.methods or set()) - {"HEAD", "OPTIONS"})
    assert there == {name: methods for name, (methods, _) in ROUTES.items()}


@pytest.mark.parametrize("role", [None, Role.CLIENT, Role.BROKER, Role.SUPPORT])
def test_every_route_takes_whom_it_should(
    app: Flask,
    browser: Browser,
    sign_in: SignIn,
    jana: Person,
    broker: Person,
    agent: Person,
    role: Role | None,
) -> None:
    person = {Role.CLIENT: jana, Role.BROKER: broker, Role.SUPPORT: agent}.get(role) if role else None
    seen, wanted = {}, {}
    someone = sign_in(person) if person else browser
    for endpoint, path in paths(app).items():
        for method in METHODS:
            seen[endpoint, method] = verdict(someone, method, path)
            wanted[endpoint, method] = expected(app, path, role, method)
            if person and endpoint.startswith("auth."):  # it may have ended the session
                someone = sign_in(person)
    # Without a session there is nothing to sign out of, and the way leads to the same page.
    if role is None:
        wanted["auth.sign_out", "POST"] = seen["auth.sign_out", "POST"]
    assert seen == wanted


def test_options_tell_nothing_to_strangers(app: Flask, browser: Browser) -> None:
    for endpoint, path in paths(app).items():
        if ROUTES[endpoint][1] is not EVERYBODY:
            response = browser.open(path, method="OPTIONS")
            assert response.status_code in (303, 401), endpoint


def test_a_part_of_a_page_sends_a_stranger_to_the_sign_in_page(browser: Browser) -> None:
    response = browser.get("/settings/electronic-correspondence", headers=HTMX)
    assert (response.status_code, response.headers["HX-Redirect"], response.text) == (401, "/sign-in", "")


def test_a_route_without_a_rule_fails_the_start(app: Flask) -> None:
    planted = Blueprint("planted", __name__)
    planted.add_url_rule("/planted", "open_door", lambda: "come in")
    fresh = Flask("fresh", static_folder=None)
    check_declared(fresh)
    fresh.register_blueprint(planted)
    with pytest.raises(UndeclaredAccess, match=r"planted\.open_door"):
        check_declared(fresh)


def test_an_account_that_is_gone_is_signed_out(sign_in: SignIn, jana: Person) -> None:
    someone = sign_in(jana)
    Account.delete().where(Account.id == jana.account_id).execute()
    assert someone.get("/settings").status_code == 303
