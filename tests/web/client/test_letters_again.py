"""After a change of password: letters that are sent again under the new one, all in one go."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from tests.letters.posted import post
from tests.letters.samples import letter_text
from tests.people import PETER
from tests.readers import READERS
from tests.web.browser import Browser, ticked
from tests.web.client.conftest import OWN, SendLetters
from tests.web.conftest import SendLetter
from tests.web.inspector import parse
from tests.web.people import Person, add_client
from zone.clients.models import Phone
from zone.clock import now
from zone.letter_passwords.models import Origin
from zone.letter_passwords.reset import reset
from zone.letter_passwords.set_own import set_own
from zone.letter_passwords.versions import current
from zone.letters.models import Copy, Letter
from zone.messages.handover import Status
from zone.messages.models import Kind, Message
from zone.parts import Parts

PANEL = "/settings/electronic-correspondence"
RESET = f"{PANEL}/reset"
AGAIN = "/letters/send-again"
PROGRESS = f"{AGAIN}/progress"
STATES = f"{AGAIN}/states"


def copies() -> int:
    return int(Copy.select().count())


def test_after_a_change_the_panel_offers_what_it_does_not_open(
    reader: Browser, jana: Person, sent: SendLetters, parts: Parts
) -> None:
    sent(jana, 2)
    assert AGAIN not in reader.get(PANEL).text
    set_own(parts.vault, jana.actor, jana.client_id, OWN)
    page = reader.get(PANEL).text
    assert "2 letters open with an earlier password." in page
    assert f'href="{AGAIN}"' in page


def test_back_on_the_default_the_first_letters_open_again(
    reader: Browser, jana: Person, parts: Parts, under_another: list[Letter]
) -> None:
    reset(parts.vault, jana.actor, jana.client_id, limits=parts.config.limits)
    assert AGAIN not in reader.get(PANEL).text
    assert "Nothing to send again" in reader.get(AGAIN).text


def test_all_are_ticked_the_unread_first(reader: Browser, under_another: list[Letter]) -> None:
    first, second, third = under_another
    Letter.update(read_at=now()).where(Letter.id == third.id).execute()
    page = reader.get(AGAIN).text
    assert ticked(page) == [second.reference, first.reference, third.reference]
    assert "your own password of" in page


def test_they_go_under_the_current_password_and_one_sees_them_go(
    reader: Browser, parts: Parts, under_another: list[Letter]
) -> None:
    chosen = [letter.reference for letter in under_another]
    answer = reader.send(AGAIN, {"letter": chosen})
    assert (answer.status_code, answer.location) == (303, PROGRESS)
    page = reader.get(PROGRESS).text
    assert "0 of 3 letters sent" in page
    assert f'data-hx-get="{STATES}"' in page
    posted = post(parts.intake)
    assert {READERS["pikepdf"](content, OWN.reveal()) for content in posted.values()} == {letter_text()}
    (root,) = parse(reader.get(STATES).text)
    assert (root.get("id"), root.get("data-hx-get")) == ("states", None)
    assert "3 of 3 letters sent" in "".join(root.itertext())
    assert "Nothing to send again" in reader.get(AGAIN).text


def test_the_page_asks_as_long_as_one_is_on_its_way(
    reader: Browser, parts: Parts, under_another: list[Letter]
) -> None:
    reader.send(AGAIN, {"letter": [letter.reference for letter in under_another]})
    newest = Message.select().order_by(Message.id.desc()).limit(2)
    Message.update(status=Status.SENT).where(Message.id.in_([each.id for each in newest])).execute()
    assert 'data-hx-trigger="every 2s"' in reader.get(STATES).text
    with time_machine.travel(now() + timedelta(minutes=2), tick=True):
        assert 'data-hx-trigger="every 15s"' in reader.get(STATES).text


def test_a_second_click_sends_nothing_more(
    reader: Browser, parts: Parts, under_another: list[Letter]
) -> None:
    chosen = {"letter": [letter.reference for letter in under_another]}
    for _ in range(2):
        assert reader.send(AGAIN, chosen).location == PROGRESS
    post(parts.intake)
    assert reader.send(AGAIN, chosen).location == PROGRESS
    assert copies() == 6


def test_only_what_is_ticked_goes(reader: Browser, under_another: list[Letter]) -> None:
    reader.send(AGAIN, {"letter": [under_another[1].reference]})
    assert {copy.letter_id for copy in Copy.select().where(Copy.password.is_null())} == {under_another[1].id}


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        ([], "Choose at least one letter."),
        ([f"letter-{number}" for number in range(51)], "That is too many letters at once."),
    ],
)
def test_nothing_and_too_many_are_told(
    reader: Browser, under_another: list[Letter], chosen: list[str], words: str
) -> None:
    answer = reader.send(AGAIN, {"letter": chosen})
    assert (answer.status_code, answer.location) == (303, AGAIN)
    assert words in reader.get(AGAIN).text
    assert copies() == 3


def test_with_somebody_else_s_letter_among_them_none_goes(
    reader: Browser, parts: Parts, letter: SendLetter, under_another: list[Letter]
) -> None:
    theirs = letter(add_client(parts.vault, PETER))
    chosen = {"letter": [under_another[0].reference, theirs.reference]}
    assert reader.send(AGAIN, chosen).status_code == 404
    assert copies() == 4


def test_without_letters_there_is_no_progress(reader: Browser) -> None:
    assert "No letter is on its way" in reader.get(PROGRESS).text


@pytest.mark.parametrize("language", ["sk", "en"])
def test_every_page_speaks_both_languages(
    reader: Browser, under_another: list[Letter], language: str
) -> None:
    reader.send(AGAIN, {"letter": [under_another[0].reference]})
    reader.send("/language", {"language": language})
    for path in (PANEL, AGAIN, PROGRESS, RESET):
        assert f'<html lang="{language}">' in reader.get(path).text


@pytest.fixture
def under_own(under_another: list[Letter], jana: Person, sent: SendLetters) -> list[Letter]:
    """Two letters that went out under Jana's own password, after three under the default."""
    return sent(jana, 2)


def test_a_reset_offers_what_the_default_will_not_open(reader: Browser, under_own: list[Letter]) -> None:
    assert set(ticked(reader.get(RESET).text)) == {letter.reference for letter in under_own}


def test_a_reset_sends_what_was_ticked_in_the_same_act(
    reader: Browser, jana: Person, parts: Parts, under_own: list[Letter]
) -> None:
    answer = reader.send(RESET, {"letter": [under_own[0].reference]})
    assert (answer.status_code, answer.location) == (303, PROGRESS)
    assert current(jana.client_id).origin == Origin.DEFAULT
    page = reader.get(PROGRESS).text
    assert "The password is reset" in page
    (content,) = post(parts.intake).values()
    assert READERS["pikepdf"](content, "2375") == letter_text()


def test_a_reset_without_letters_leads_to_the_panel(
    reader: Browser, jana: Person, under_own: list[Letter]
) -> None:
    assert reader.send(RESET).location == PANEL
    assert current(jana.client_id).origin == Origin.DEFAULT
    assert copies() == 5


def test_of_a_refused_reset_nothing_is_sent(
    reader: Browser, sent: SendLetters, parts: Parts, jana: Person, under_own: list[Letter]
) -> None:
    nine = [f"letter-{number}" for number in range(51)]
    answer = reader.send(RESET, {"letter": nine}, follow_redirects=True)
    assert "That is too many letters at once." in answer.text
    assert current(jana.client_id).origin == Origin.OWN
    assert copies() == 5


def test_a_company_gets_its_letters_under_a_new_password(
    sign_in: object, company: Person, parts: Parts, sent: SendLetters
) -> None:
    sent(company, 1)
    assert callable(sign_in)
    browser = sign_in(company)
    (reference,) = ticked(browser.get(RESET).text)
    browser.send(RESET, {"letter": [reference]})
    assert current(company.client_id).number == 2
    assert Message.select().where(Message.kind == Kind.LETTER).count() == 2


def test_a_company_whose_phone_is_not_fit_keeps_its_password(
    sign_in: object, company: Person, sent: SendLetters
) -> None:
    (mine,) = sent(company, 1)
    Phone.update(confirmed_at=None).execute()
    assert callable(sign_in)
    browser = sign_in(company)
    assert browser.send(RESET, {"letter": [mine.reference]}).location == PANEL
    assert current(company.client_id).number == 1
    assert copies() == 1
