"""An agent in a client's pages: an overlay, under a banner, and nothing of the client's own is used up by it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from flask import Flask
from peewee import Database

from tests.people import PETER
from tests.web.browser import HTMX, Browser, new_browser
from tests.web.conftest import SendLetter, SignIn
from tests.web.impersonating import PANEL, begin, part
from tests.web.inspector import parse
from tests.web.people import PASSWORD, Person, add_client
from tests.web.test_impersonation_rights import CLIENTS, OPEN, desk, paths
from zone.accounts.models import Account, Impersonation
from zone.app import create_app
from zone.audit.models import Event
from zone.clock import now
from zone.config import Config, ImpersonationRules, Notice
from zone.letter_passwords.set_own import set_own
from zone.letter_passwords.versions import current
from zone.letters.models import Copy, Letter
from zone.messages.models import Message
from zone.secret import Secret
from zone.vault import Vault

__all__ = ["desk"]
BANNER = 'id="impersonation"'
END = "/support/impersonation/end"
CONTROLS = {"a", "button", "details", "input", "select", "summary"}


@pytest.fixture
def peter(vault: Vault) -> Person:
    return add_client(vault, PETER)


def tags() -> list[str]:
    """What was done under an impersonation."""
    return [event.tag for event in Event.select().order_by(Event.id) if event.impersonation_id]


def test_without_a_reason_and_a_ticket_nothing_starts(desk: Browser, jana: Person) -> None:
    forms: list[dict[str, str]] = [
        {},
        {"reason": "curious", "ticket": "PO-1"},
        {"reason": "question", "ticket": "Jana"},
    ]
    for form in forms:
        assert desk.send(f"/support/clients/{jana.client_id}/impersonate", form).status_code == 422
    assert desk.get("/support/clients/9999/impersonate").status_code == 404
    assert desk.get(PANEL).status_code == 403
    assert Impersonation.select().count() == 0


def says_for_whom(text: str, where: object) -> None:
    """Whether the banner stands on a page, or comes with a part of one."""
    assert BANNER in text, where
    banner = text[text.index(BANNER) :]
    for words in ("Jana Kováčová", "forgotten letter password, PO-2041", f'action="{END}"'):
        assert words in banner, where
    assert ("<title>" not in text) == ('data-hx-swap-oob="true"' in banner), where
    assert "<title>" not in text or "<title>For Jana Kováčová:" in text, where
    (element,) = (each for each in parse(text).iter() if each.get("id") == "impersonation")
    controls = [each for each in element.iter() if each.tag in CONTROLS and each.get("type") != "hidden"]
    assert [each.get("id") for each in controls] == ["impersonation-extend", "impersonation-end"], where
    assert element.get("hidden") is None, where


@pytest.mark.parametrize("as_part", [False, True], ids=["page", "part"])
def test_each_page_and_each_part_says_for_whom(
    app: Flask, desk: Browser, jana: Person, letter: SendLetter, as_part: bool
) -> None:
    where = paths(app, letter(jana).reference)
    mark = begin(desk, jana)
    headers = part(mark) if as_part else {}
    for name, (look, posted) in CLIENTS.items():
        if look:
            answer = desk.get(where[name], headers=headers)
            assert answer.status_code == (200 if look is OPEN else 403), name
            says_for_whom(answer.text, name)
        if posted:
            answer = desk.send(where[name], headers=headers)
            # Who is led on gets the page there, under its own banner.
            assert answer.status_code == (303 if posted is OPEN else 403), name
            if posted is not OPEN:
                says_for_whom(answer.text, name)
    for path in ("/support/", "/support/worklists/letters", "/nowhere", "/prove", f"{PANEL}/nowhere"):
        says_for_whom(desk.get(path, headers=headers).text, path)


def test_the_agent_stays_the_actor_of_all_that_is_done(
    desk: Browser, jana: Person, agent: Person, letter: SendLetter
) -> None:
    sent = letter(jana)
    Copy.update(message=None).execute()
    Message.delete().execute()
    begin(desk, jana)
    for path in (f"{PANEL}/resend", f"/letters/{sent.reference}/send-again"):
        assert desk.send(path).status_code == 303
    assert desk.send(f"{PANEL}/reset", {"letter": sent.reference}).status_code == 303
    done = Event.select().where(Event.impersonation_id.is_null(False))
    assert {(event.actor_role, event.actor_id, event.client_id) for event in done} == {
        ("support", agent.account_id, jana.client_id)
    }
    assert "letter_password:resend" in tags()
    message = Message.get(Message.kind == "letter_password")
    assert (message.actor_id, message.language) == (agent.account_id, "sk")  # Jana's, not the agent's
    assert Letter.get().read_at is None


def test_what_the_agent_does_beside_it_is_their_own(desk: Browser, jana: Person, agent: Person) -> None:
    begin(desk, jana)
    desk.send("/language", {"language": "en"})
    desk.send("/prove", {"password": PASSWORD})
    assert Account.get_by_id(agent.account_id).language == "en"
    assert Account.get_by_id(jana.account_id).language == "sk"
    own = Event.select().where(Event.tag.in_(("account:language", "account:step_up")))
    assert {(event.actor_id, event.client_id, event.impersonation_id) for event in own} == {
        (agent.account_id, None, None)
    }


def test_a_reset_asks_for_the_agents_own_password_again(desk: Browser, jana: Person) -> None:
    with time_machine.travel(now() + timedelta(minutes=6), tick=False):
        begin(desk, jana)
        assert desk.send(f"{PANEL}/reset").location == f"/prove?next={PANEL}/reset"
        assert "you yourself sign in with" in desk.get("/prove").text
        assert desk.send("/prove", {"password": PASSWORD, "next": f"{PANEL}/reset"}).status_code == 303
        assert desk.send(f"{PANEL}/reset").location == PANEL


def test_what_was_looked_at_leaves_one_trace_and_polling_none(
    desk: Browser, jana: Person, letter: SendLetter
) -> None:
    one, two = letter(jana), letter(jana)
    mark = begin(desk, jana)
    for path in (PANEL, PANEL, f"/letters/{one.reference}", f"/letters/{two.reference}", "/letters/nothing"):
        desk.get(path)
        desk.get(path, headers=part(mark))
    desk.get(f"{PANEL}/message", headers=part(mark))
    assert tags().count("impersonation:viewed") == 3
    assert Letter.select().where(Letter.read_at.is_null(False)).count() == 0


def test_without_the_mark_one_is_the_agent_again(
    app: Flask, sign_in: SignIn, desk: Browser, jana: Person, agent: Person
) -> None:
    begin(desk, jana)
    other = sign_in(agent)
    assert other.get(PANEL).status_code == 403
    assert BANNER not in other.get("/support/").text
    assert sign_in(jana).get(PANEL).status_code == 200
    desk.sign_in(agent.email, PASSWORD)
    assert desk.get(PANEL).status_code == 403


@pytest.mark.parametrize("by_time", [True, False], ids=["time", "another tab"])
def test_once_it_is_over_nothing_more_is_done_and_it_is_said(
    desk: Browser, jana: Person, by_time: bool
) -> None:
    mark = begin(desk, jana)
    token = desk.token()
    if by_time:
        Impersonation.update(ends_at=now() - timedelta(seconds=1)).execute()
    for _ in range(0 if by_time else 2):
        assert desk.send(END, {"reference": mark}).status_code == 303
    before = Message.select().count()
    from_page = {"Referer": f"http://localhost{PANEL}"}
    answer = desk.post(f"{PANEL}/resend", data={"csrf_token": token}, headers=from_page)
    assert answer.status_code == 403
    assert "nothing was changed" in answer.text
    assert f'href="/support/clients/{jana.client_id}/impersonate?next={PANEL}"' in answer.text
    for headers in (part(mark), {}):
        polled = desk.get(f"{PANEL}/message", headers=headers)
        assert (polled.status_code, polled.text) == (401, "")
        assert polled.headers["HX-Redirect"].startswith("/support/impersonation/over")
    assert desk.get("/support/impersonation/over").status_code == 200
    assert BANNER not in desk.get("/support/").text
    assert Message.select().count() == before
    assert begin(desk, jana, next="/letters") != mark


@pytest.mark.parametrize("ticked", [0, 1, 2])
def test_the_letters_that_were_ticked_are_not_lost_when_time_runs_out(
    desk: Browser, jana: Person, letter: SendLetter, vault: Vault, ticked: int
) -> None:
    letters = [letter(jana).reference, letter(jana).reference]
    set_own(vault, jana.actor, jana.client_id, Secret("slnko nad Tatrami"))
    Copy.update(password=current(jana.client_id)).execute()
    begin(desk, jana)
    reset = f"{PANEL}/reset"
    form = {"csrf_token": desk.token(), "offered": "yes", "letter": letters[:ticked]}
    Impersonation.update(ends_at=now() - timedelta(seconds=1)).execute()
    late = desk.post(reset, data=form, headers={"Referer": f"http://localhost{reset}"})
    again = [link.get("href") for link in parse(late.text).iter("a") if "impersonate" in link.get("href", "")]
    ((come_back,),) = [parse_qs(urlsplit(link).query)["next"] for link in again]
    begin(desk, jana)
    boxes = [box for box in parse(desk.get(come_back).text).iter("input") if box.get("name") == "letter"]
    checked = {box.get("value"): box.get("checked") is not None for box in boxes}
    assert checked == {reference: reference in letters[:ticked] for reference in letters}


def test_a_page_of_one_client_does_nothing_to_the_next(desk: Browser, jana: Person, peter: Person) -> None:
    first = begin(desk, jana)
    token = desk.token()
    desk.send(END, {"reference": first})
    begin(desk, peter)
    stale = desk.post(f"{PANEL}/resend", data={"csrf_token": token})
    assert stale.status_code == 400
    assert "Nothing was changed" in stale.text
    for headers in (part(first), HTMX):
        assert desk.get(f"{PANEL}/message", headers=headers).status_code == 401
    assert "left that page behind" in desk.get("/support/impersonation/over").text
    desk.send(END, {"reference": first})
    assert desk.get(PANEL).status_code == 200
    assert Message.select().where(Message.kind == "letter_password").count() == 0


def test_a_clients_browser_is_led_away_from_a_page_of_an_agents(sign_in: SignIn, jana: Person) -> None:
    answer = sign_in(jana).get(f"{PANEL}/message", headers=part("somebody"))
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/")


def test_there_is_no_second_and_no_nested_one(desk: Browser, jana: Person, peter: Person) -> None:
    begin(desk, jana)
    answer = desk.send(
        f"/support/clients/{peter.client_id}/impersonate", {"reason": "question", "ticket": "PO-1"}
    )
    assert answer.status_code == 422
    assert "You still act for Jana Kováčová, ticket PO-2041." in answer.text
    assert Impersonation.select().count() == 1


def test_it_is_extended_once_by_its_form(desk: Browser, jana: Person) -> None:
    begin(desk, jana)
    ends = Impersonation.get().ends_at
    assert 'id="impersonation-extend" href' in desk.get(PANEL).text
    form = {"reason": "question", "next": "/letters"}
    assert desk.send("/support/impersonation/extend", {}).status_code == 422
    assert desk.send("/support/impersonation/extend", form).location == "/letters"
    assert Impersonation.get().ends_at == ends + timedelta(minutes=30)
    assert 'id="impersonation-extend"' not in desk.get(PANEL).text
    assert "extended once already" in desk.get("/support/impersonation/extend").text


def test_an_agent_whose_role_is_taken_away_is_out_at_once(desk: Browser, jana: Person, agent: Person) -> None:
    begin(desk, jana)
    form = {"csrf_token": desk.token()}
    Account.update(role="broker").where(Account.id == agent.account_id).execute()
    messages = Message.select().count()
    assert desk.get(PANEL).status_code == 403
    for path in (f"{PANEL}/resend", f"{PANEL}/reset"):
        assert desk.post(path, data=form).status_code == 403
    assert Message.select().count() == messages
    assert set(tags()) == {"impersonation:started"}


@pytest.fixture
def told_in_the_zone(config: Config, database: Database) -> Iterator[Flask]:
    """A zone that tells its clients there, and lets agents read."""
    rules = ImpersonationRules(notice=Notice.ZONE)
    letters = replace(config.letters, agent_may_open=True)
    zone = create_app(replace(config, impersonation=rules, letters=letters))
    zone.test_client_class = Browser
    yield zone
    zone.extensions["zone"].intake.encryptor.close()
    zone.extensions["zone"].database.close_all()


def test_where_the_settings_say_so_the_client_is_told_in_the_zone_and_letters_open(
    told_in_the_zone: Flask, jana: Person, agent: Person, letter: SendLetter
) -> None:
    sent = letter(jana)
    desk, client = new_browser(told_in_the_zone), new_browser(told_in_the_zone)
    desk.sign_in(agent.email, PASSWORD)
    begin(desk, jana)
    for path in (f"/letters/{sent.reference}/view", f"/letters/{sent.reference}.pdf"):
        assert desk.get(path).mimetype == "application/pdf"
    assert "si naša podpora" not in desk.get(PANEL).text
    client.sign_in(jana.email, PASSWORD)
    page = client.get(PANEL).text
    assert "si naša podpora pozrela vaše stránky." in page
    assert "PO-2041" in page
    assert Letter.get().read_at is None
    assert Message.select().where(Message.kind == "impersonation").count() == 0
