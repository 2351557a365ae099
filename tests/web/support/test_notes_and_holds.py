"""Writing a note, lifting a hold, and reading the client's access history."""

from __future__ import annotations

import logging

import pytest

from tests.web.browser import HTMX, Browser
from tests.web.conftest import SendLetter, SignIn
from tests.web.people import Person
from tests.web.support.conftest import at, events, token
from zone.audit import Actor, Role
from zone.clients import holds
from zone.clients.holds import Why
from zone.clients.models import ClientNote, Hold

BY_LINK = Actor(Role.CLIENT)
TEXT = "Volala, že jej neprišla SMS. <b>Číslo</b> sedí."


@pytest.fixture
def hold(jana: Person) -> Hold:
    return holds.place(BY_LINK, jana.client_id, Why.ACCESS, 1)


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "part"])
def test_a_note_is_written_once_and_read_by_the_next_agent(
    desk: Browser, jana: Person, headers: dict[str, str]
) -> None:
    form = {"text": TEXT, "token": token(desk.get(at(jana)))}
    for _ in range(2):
        page = desk.send(at(jana, "notes"), form, headers=headers, follow_redirects=True)
        assert page.status_code == 200
        assert (page.text.count("<h1") == 0) is bool(headers)
    assert "Volala, že jej neprišla SMS. &lt;b&gt;Číslo&lt;/b&gt; sedí." in desk.get(at(jana)).text
    assert token(page) != form["token"]
    assert (ClientNote.select().count(), len(events("client:note"))) == (1, 1)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Write something"),
        ("x" * 1001, "at most 1,000 characters"),
        ("RČ 865514/2375, volala", "There is a birth number in the note."),
    ],
)
def test_a_note_that_cannot_be_kept_stays_in_the_form_with_what_to_do(
    desk: Browser, jana: Person, text: str, said: str, caplog: pytest.LogCaptureFixture
) -> None:
    form = {"text": text, "token": "t"}
    with caplog.at_level(logging.DEBUG):
        page = desk.send(at(jana, "notes"), form, headers=HTMX)
    assert page.status_code == 422
    assert said in page.text
    assert f"{text}</textarea>" in page.text
    assert token(page) == "t"
    assert not ClientNote.select().exists()
    assert "865514" not in caplog.text


def test_a_note_in_another_direction_turns_nothing_around_it(desk: Browser, jana: Person) -> None:
    page = desk.send(at(jana, "notes"), {"text": "\u202eabc\x1b", "token": "t"}, follow_redirects=True)
    assert '<p class="note-text" dir="auto">\u202eabc</p>' in page.text


def test_a_form_without_its_name_makes_no_note(desk: Browser, jana: Person) -> None:
    assert desk.send(at(jana, "notes"), {"text": TEXT}).status_code == 422
    assert not ClientNote.select().exists()


def test_neither_the_note_nor_who_wrote_it_is_told_the_client(
    desk: Browser, jana: Person, sign_in: SignIn
) -> None:
    desk.send(at(jana, "notes"), {"text": TEXT, "token": "t"})
    history = sign_in(jana).get("/settings/access-history").text
    assert "Nahliadnutie do vašich údajov" in history
    assert "Volala" not in history
    assert "oznámk" not in history


def test_a_hold_is_lifted_with_what_the_client_said(desk: Browser, jana: Person, hold: Hold) -> None:
    desk.send(at(jana, "notes"), {"text": "Volala.", "token": "t"})
    form = {"text": "Bol to jej syn.", "token": "t"}
    card = desk.send(at(jana, f"holds/{hold.id}"), form, follow_redirects=True).text
    assert desk.send(at(jana, f"holds/{hold.id}"), form).location == at(jana)
    assert "Bol to jej syn." in card
    assert "Volala." in card
    assert "The hold is lifted" in card
    assert "Earlier “this was not me”" in card
    assert "No password goes to the phone" not in card
    assert (len(events("hold:lifted")), len(events("client:note"))) == (1, 2)
    assert "It was lifted already" in desk.get(at(jana, f"holds/{hold.id}")).text


@pytest.mark.parametrize("text", ["", "865514/2375"])
def test_without_a_word_of_the_client_it_stays(desk: Browser, jana: Person, hold: Hold, text: str) -> None:
    page = desk.send(at(jana, f"holds/{hold.id}"), {"text": text})
    assert page.status_code == 422
    assert holds.standing(jana.client_id) == hold


def test_what_it_is_about_is_shown_on_the_card_and_where_it_is_lifted(
    desk: Browser, jana: Person, hold: Hold
) -> None:
    for page in (at(jana), at(jana, f"holds/{hold.id}")):
        assert f'{at(jana, "trail")}?before=2">Show the entry</a>' in desk.get(page).text


def test_looking_at_a_hold_lifts_nothing(desk: Browser, jana: Person, hold: Hold) -> None:
    desk.get(at(jana, f"holds/{hold.id}"))
    assert holds.standing(jana.client_id) == hold


def test_each_page_of_the_history_that_support_reads_is_an_entry_of_it(
    desk: Browser, jana: Person, letter: SendLetter, sign_in: SignIn
) -> None:
    letter(jana)
    page = desk.get(at(jana, "trail")).text
    assert "Went through the access history" in page
    assert "Prepared a letter for you" in page
    assert "Výročná" not in page
    assert "This was not me" not in page
    desk.get(at(jana, "trail?before=2"))
    read = events("trail:read")
    assert [(event.client_id, event.actor_role) for event in read] == [(jana.client_id, "support")] * 2
    assert "Prezretie histórie prístupov" in sign_in(jana).get("/settings/access-history").text
