"""The page behind "this was not me": it works signed out, and says the same of every link that does nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from peewee import Database

from tests.everything import snapshot
from tests.web.browser import Browser, masked, new_browser
from tests.web.conftest import SignIn
from tests.web.people import Person
from zone.accounts.throttle import ADDRESS
from zone.audit import Tag
from zone.audit.models import Event
from zone.clients import holds, not_me
from zone.clients.holds import Why
from zone.clients.models import Client
from zone.clock import now
from zone.vault import Vault

PANEL = "/settings/electronic-correspondence"
SAID = {
    Why.PHONE_CHANGE: "The phone number that we have for you was changed",
    Why.REQUEST: "Somebody asked us for something in your name",
    Why.ACCESS: "Somebody acted here in your name",
}


@pytest.fixture
def english(app: Flask) -> Browser:
    """Nobody is signed in."""
    browser = new_browser(app)
    browser.send("/language", {"language": "en"})
    return browser


def path(vault: Vault, person: Person, why: Why = Why.PHONE_CHANGE, subject_id: int = 5) -> str:
    return not_me.link(vault, "", why, person.client_id, subject_id)


def forged(vault: Vault, person: Person) -> str:
    right = path(vault, person)
    return right[:-6] + ("A" if right[-6] != "A" else "B") + right[-5:]


def expired(vault: Vault, person: Person) -> str:
    with time_machine.travel(now() - timedelta(days=32)):
        return path(vault, person)


def used(vault: Vault, person: Person) -> str:
    holds.place(not_me.BY_LINK, person.client_id, Why.PHONE_CHANGE, 5)
    return path(vault, person)


def of_one_who_is_gone(vault: Vault, person: Person) -> str:
    right = path(vault, person)
    Client.delete().where(Client.id == person.client_id).execute()
    return right


DEAD = [forged, expired, used, of_one_who_is_gone]


@pytest.mark.parametrize("why", Why)
def test_it_explains_first_and_the_button_does_it(
    english: Browser, vault: Vault, jana: Person, why: Why
) -> None:
    link = path(vault, jana, why)
    page = english.get(link)
    assert page.status_code == 200
    assert SAID[why] in page.text
    assert "until our support has talked to you" in page.text
    assert holds.standing(jana.client_id) is None
    answer = english.send(link)
    assert (answer.status_code, answer.location) == (303, "/not-me/stopped")
    assert "It is stopped" in english.get(answer.location).text
    hold = holds.standing(jana.client_id)
    assert hold is not None
    assert (hold.why, hold.subject_id) == (why, 5)


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_looking_changes_nothing(
    english: Browser, vault: Vault, jana: Person, database: Database, method: str
) -> None:
    link = path(vault, jana)
    before = snapshot(database)
    assert english.open(link, method=method).status_code == 200
    assert snapshot(database) == before


def test_without_a_token_of_the_form_nothing_is_done(english: Browser, vault: Vault, jana: Person) -> None:
    link = path(vault, jana)
    assert english.post(link).status_code == 400
    assert english.post(link, data={"csrf_token": "forged"}).status_code == 400
    assert holds.standing(jana.client_id) is None


def test_every_link_that_does_nothing_is_answered_alike(english: Browser, vault: Vault, jana: Person) -> None:
    answers = set()
    for dead in DEAD:
        link = dead(vault, jana)
        page = english.get(link)
        answers.add((page.status_code, masked(page).replace(link, "…")))
    assert {code for code, _ in answers} == {404}
    assert len(answers) == 1
    assert "This link cannot be used" in answers.pop()[1]


@pytest.mark.parametrize("dead", [forged, expired, of_one_who_is_gone])
def test_a_dead_link_does_nothing_when_sent_either(
    english: Browser, vault: Vault, jana: Person, dead: object
) -> None:
    assert callable(dead)
    assert english.send(dead(vault, jana)).status_code == 404
    assert not Event.select().where(Event.tag == Tag.HOLD_PLACED).exists()


def test_the_button_pressed_twice_does_it_once(english: Browser, vault: Vault, jana: Person) -> None:
    link = path(vault, jana)
    assert [english.send(link).location for _ in range(2)] == ["/not-me/stopped"] * 2
    assert Event.select().where(Event.tag == Tag.HOLD_PLACED).count() == 1
    assert english.get(link).status_code == 404


def test_it_stops_its_own_client_whoever_is_signed_in(
    sign_in: SignIn, vault: Vault, jana: Person, company: Person, agent: Person
) -> None:
    for someone, subject_id in ((company, 5), (agent, 6)):
        sign_in(someone).send(path(vault, jana, subject_id=subject_id))
    assert holds.standing(jana.client_id) is not None
    assert holds.standing(company.client_id) is None
    placed = Event.select().where(Event.tag == Tag.HOLD_PLACED)
    assert {(event.actor_role, event.actor_id, event.client_id) for event in placed} == {
        ("client", None, jana.client_id)
    }


def test_who_guesses_has_to_wait_and_a_right_link_never_does(
    english: Browser, vault: Vault, jana: Person
) -> None:
    answers = [english.get(forged(vault, jana)).status_code for _ in range(ADDRESS.free + 5)]
    assert answers[: ADDRESS.free] == [404] * ADDRESS.free
    assert answers[-1] == 429
    assert english.get(path(vault, jana)).status_code == 200


def test_the_client_reads_on_their_panel_why_no_password_is_sent(
    sign_in: SignIn, vault: Vault, jana: Person
) -> None:
    english = sign_in(jana)
    english.send("/language", {"language": "en"})
    english.send(path(vault, jana))
    page = english.get(PANEL).text
    assert "We were told that something was done here that was not your wish." in page
    assert "Send the password by SMS" not in page
    refused = english.send(f"{PANEL}/resend", follow_redirects=True)
    assert "we send no password by SMS until our support has talked to you" in refused.text
