"""Settings → Electronic correspondence: the panel, sending, resetting, trying."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask, url_for

from tests.people import with_phone_changed_yesterday, with_phone_confirmed_two_years_ago
from tests.web.browser import HTMX, Browser
from tests.web.conftest import SignIn
from tests.web.inspector import parse
from tests.web.people import Person, add_client
from zone.clients.models import Phone
from zone.clock import now
from zone.config import Limits
from zone.letter_passwords.models import Origin
from zone.letter_passwords.resend import resend
from zone.letter_passwords.set_own import set_own
from zone.letter_passwords.versions import current
from zone.letters.cover_mail import PAGE
from zone.messages.handover import Reason, Status
from zone.messages.models import Message
from zone.secret import Secret
from zone.vault import Vault

PANEL = "/settings/electronic-correspondence"
OWN = "Zelený mlyn pri rieke"
LATER = "Modrý vlak do Žiliny"
PAGES = ("", "/own", "/try", "/reset")


@pytest.fixture
def english(sign_in: SignIn, jana: Person) -> Browser:
    """Jana, reading English."""
    browser = sign_in(jana)
    browser.send("/language", {"language": "en"})
    return browser


def ask(jana: Person) -> Message:
    return resend(jana.actor, jana.client_id, language="en", limits=Limits())


def test_what_our_mails_link_to_is_there(app: Flask) -> None:
    with app.test_request_context():
        assert url_for("client.electronic_correspondence") == PAGE


@pytest.mark.parametrize("language", ["sk", "en"])
@pytest.mark.parametrize("origin", list(Origin))
def test_every_page_shows_every_kind_of_password(
    sign_in: SignIn, jana: Person, company: Person, vault: Vault, language: str, origin: Origin
) -> None:
    if origin is Origin.OWN:
        set_own(vault, jana.actor, jana.client_id, Secret(OWN))
    browser = sign_in(company if origin is Origin.GENERATED else jana)
    browser.send("/language", {"language": language})
    for page in PAGES:
        answer = browser.get(PANEL + page)
        assert answer.status_code == 200
        assert f'<html lang="{language}">' in answer.text
        assert OWN not in answer.text


def test_the_panel_says_in_plain_words_what_opens_the_letters(
    english: Browser, jana: Person, vault: Vault
) -> None:
    assert "the last 4 digits of your birth number" in english.get(PANEL).text
    set_own(vault, jana.actor, jana.client_id, Secret(OWN))
    page = english.get(PANEL).text
    assert "your own password" in page
    assert "by you" in page


def test_asking_by_a_plain_form_leads_back_to_the_page(english: Browser, jana: Person) -> None:
    answer = english.send(f"{PANEL}/resend")
    assert (answer.status_code, answer.location) == (303, PANEL)
    page = english.get(PANEL).text
    assert 'data-hx-trigger="every 2s"' in page
    assert "+421\u00a09••\u00a0•••\u00a0101" in page


def test_asking_by_htmx_brings_the_panel_and_nothing_else(english: Browser) -> None:
    answer = english.send(f"{PANEL}/resend", headers=HTMX, follow_redirects=True)
    roots = list(parse(answer.text))
    assert [(root.tag, root.get("id")) for root in roots] == [("section", "panel")]
    assert 'data-hx-trigger="every 2s"' in answer.text


def test_within_the_cool_down_the_same_message_is_shown(english: Browser) -> None:
    for _ in range(3):
        english.send(f"{PANEL}/resend")
    assert Message.select().count() == 1


def test_the_panel_says_what_became_of_the_last_message_and_of_which_password_it_was(
    english: Browser, jana: Person, vault: Vault
) -> None:
    def row() -> str:
        panel = parse(english.get(PANEL).text)
        (last,) = [row for row in panel.iter("div") if row.findtext("dt") == "Last sent"]
        return " ".join(" ".join(last.itertext()).split())

    assert row() == "Last sent not yet"
    message = ask(jana)
    assert "waiting to be sent" not in row()
    Message.update(status=Status.DELIVERED, settled_at=now()).where(Message.id == message.id).execute()
    assert row().endswith("to +421 9•• ••• 101 delivered")
    set_own(vault, jana.actor, jana.client_id, Secret(OWN))
    assert row().endswith("delivered That SMS carried an earlier password, not the one in force now.")


def test_after_a_minute_the_panel_asks_less_often(english: Browser, jana: Person) -> None:
    ask(jana)
    with time_machine.travel(now() + timedelta(minutes=2), tick=False):
        assert 'data-hx-trigger="every 15s"' in english.get(PANEL).text


@pytest.mark.parametrize("language", ["sk", "en"])
@pytest.mark.parametrize(
    ("status", "reason"),
    [(status, None) for status in Status]
    + [(Status.FAILED, reason) for reason in Reason]
    + [(Status.UNKNOWN, Reason.INTERRUPTED)],
)
def test_every_state_of_a_message_is_shown(
    english: Browser, jana: Person, status: Status, reason: Reason | None, language: str
) -> None:
    english.send("/language", {"language": language})
    message = ask(jana)
    sent = now() if status in (Status.SENT, Status.DELIVERED) else None
    Message.update(status=status, reason=reason, sent_at=sent, settled_at=sent).where(
        Message.id == message.id
    ).execute()
    for path in (PANEL, f"{PANEL}/message"):
        page = english.get(path).text
        unfinished = status not in (Status.DELIVERED, Status.FAILED)
        assert ("data-hx-trigger" in page) == unfinished
    part = english.get(f"{PANEL}/message", headers=HTMX)
    assert [root.get("id") for root in parse(part.text)] == ["message"]


def test_a_number_not_confirmed_for_long_leads_to_confirming_it(sign_in: SignIn, vault: Vault) -> None:
    browser = sign_in(add_client(vault, client=with_phone_confirmed_two_years_ago(vault)))
    browser.send("/language", {"language": "en"})
    page = browser.get(PANEL).text
    assert "has not been confirmed for a long time" in page
    assert 'href="/settings/phone"' in page
    assert "Send the password by SMS" not in page


def test_a_number_changed_yesterday_gets_nothing(sign_in: SignIn, vault: Vault) -> None:
    browser = sign_in(add_client(vault, client=with_phone_changed_yesterday(vault)))
    browser.send("/language", {"language": "en"})
    assert "was changed a short time ago" in browser.get(PANEL).text
    assert 'href="/settings/phone"' not in browser.get(PANEL).text
    answer = browser.send(f"{PANEL}/resend", headers=HTMX, follow_redirects=True)
    assert answer.text.count("was changed a short time ago") == 2
    assert Message.select().count() == 0


def test_without_a_number_the_page_says_whom_to_call(english: Browser, jana: Person) -> None:
    Phone.delete().where(Phone.client == jana.client_id).execute()
    assert "We have no mobile number for you" in english.get(PANEL).text
    assert "We have no mobile number for you" in english.get("/settings/phone").text
    for path in (f"{PANEL}/resend", "/settings/phone/code"):
        page = english.send(path, follow_redirects=True)
        assert page.text.count("We have no mobile number for you") == 2


def test_a_used_up_quota_says_until_when(english: Browser) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        for _ in range(6):
            answer = english.send(f"{PANEL}/resend", follow_redirects=True)
            Message.update(status=Status.DELIVERED).execute()
            clock.shift(timedelta(minutes=11))
        assert "You can have it sent again after" in answer.text
        assert Message.select().count() == 5


def test_a_reset_says_what_it_means_and_then_does_it(english: Browser, jana: Person, vault: Vault) -> None:
    set_own(vault, jana.actor, jana.client_id, Secret(OWN))
    assert f'href="{PANEL}/reset"' in english.get(PANEL).text
    assert english.get(f"{PANEL}/reset").status_code == 200
    assert current(jana.client_id).origin == Origin.OWN
    page = english.send(f"{PANEL}/reset", follow_redirects=True)
    assert "the last 4 digits of your birth number" in page.text
    assert f'href="{PANEL}/reset"' not in page.text
    assert current(jana.client_id).origin == Origin.DEFAULT


def test_a_reset_that_is_refused_says_why(sign_in: SignIn, company: Person) -> None:
    browser = sign_in(company)
    browser.send("/language", {"language": "en"})
    before = current(company.client_id)
    Phone.update(confirmed_at=now() - timedelta(days=800)).execute()
    page = browser.send(f"{PANEL}/reset", follow_redirects=True)
    assert page.text.count("has not been confirmed for a long time") == 2
    assert current(company.client_id) == before


def test_trying_tells_which_password_it_is(english: Browser, jana: Person, vault: Vault) -> None:
    set_own(vault, jana.actor, jana.client_id, Secret(OWN))
    set_own(vault, jana.actor, jana.client_id, Secret(LATER))
    said = {
        LATER: "Yes, this is your current password.",
        OWN: "This is an earlier password.",
        "2375": "This is an earlier password.",
        "Niečo celkom iné": "This is none of your passwords.",
    }
    for typed, answer in said.items():
        for headers in ({}, HTMX):
            page = english.send(f"{PANEL}/try", {"remembered": typed}, headers=headers)
            assert page.status_code == 200
            assert answer in page.text
            assert typed not in page.text
        assert [root.get("id") for root in parse(page.text)] == ["try"]
        assert answer not in english.get(f"{PANEL}/try").text


def test_trying_too_often_has_to_wait(english: Browser) -> None:
    with time_machine.travel(now(), tick=False):
        for _ in range(12):
            page = english.send(f"{PANEL}/try", {"remembered": "Niečo celkom iné"})
    assert page.status_code == 422
    assert "Too many attempts." in page.text
