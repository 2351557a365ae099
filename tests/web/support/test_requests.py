"""From the client's card to an SMS or a reset, without acting in the client's place."""

from __future__ import annotations

from datetime import timedelta

import pytest
from werkzeug.test import TestResponse

from tests.letters.posted import bring, post
from tests.people import PETER, make_client
from tests.web.browser import HTMX, Browser, ticked
from tests.web.conftest import SignIn
from tests.web.impersonating import begin
from tests.web.people import Person
from tests.web.support.conftest import at, token
from zone.audit import Actor, Role
from zone.audit.models import Event
from zone.clients import holds
from zone.clients.holds import Why
from zone.clients.models import Phone, Policy
from zone.clock import now
from zone.config import Limits
from zone.letter_passwords.set_own import set_own
from zone.letters.models import Letter
from zone.messages.handover import Status
from zone.messages.models import Kind, Message
from zone.parts import Parts
from zone.requests.ask import ask_reset
from zone.requests.models import Request
from zone.requests.overview import PAGE
from zone.requests.scope import OnClient, OnPolicy
from zone.secret import Secret

OWN = Secret("slnko nad Tatrami")
SEND_LABEL = "Send the current password for electronic correspondence by SMS"
RESET_LABEL = "Reset the password for electronic correspondence"


def resend(desk: Browser, client: Person) -> TestResponse:
    return desk.send(at(client, "requests/resend"), {"token": token(desk.get(at(client)))})


def set_own_password(parts: Parts, client: Person) -> None:
    set_own(parts.vault, Actor(Role.CLIENT, client.account_id), client.client_id, OWN)


def stale(client: Person) -> None:
    Phone.update(confirmed_at=now() - timedelta(days=366)).where(Phone.client == client.client_id).execute()


def test_the_password_is_sent_from_the_card_and_its_way_is_followed(desk: Browser, jana: Person) -> None:
    answer = resend(desk, jana)
    request = Request.get()
    assert answer.location == at(jana, f"requests/{request.reference}")
    page = desk.get(answer.location).text
    for words in (request.number, "waiting to be sent", "support desk", "Eva Malá"):
        assert words in page
    part = desk.get(f"{answer.location}/outcome", headers=HTMX)
    assert f'data-hx-get="{answer.location}/outcome" data-hx-trigger="every 2s"' in part.text
    Message.update(status=Status.DELIVERED, settled_at=now()).execute()
    assert "data-hx-trigger" not in desk.get(f"{answer.location}/outcome", headers=HTMX).text
    assert Message.select().where(Message.kind == Kind.LETTER_PASSWORD).count() == 1


def test_a_reset_says_what_it_does_and_sends_the_ticked_letters(
    desk: Browser, jana: Person, parts: Parts
) -> None:
    letters = [
        bring(parts.intake, client="K-1001", subject="Tajná vec", policy="PZ-2001", kind="claim")
        for _ in range(3)
    ]
    Letter.update(read_at=now()).where(Letter.id == letters[2].id).execute()
    set_own_password(parts, jana)
    post(parts.intake)
    path = at(jana, "requests/reset")
    page = desk.get(path)
    assert ticked(page.text) == [letters[number].reference for number in (1, 0, 2)]  # what is unread first
    for words in (
        "New letters will open with the basic setting: the last digits of the birth number.",
        "Letters that the client has already keep",
        "Insurance claim",
        "PZ-2001",
        letters[0].reference,
    ):
        assert words in page.text
    answer = desk.send(path, {"token": token(page), "letter": [letters[0].reference]})
    page = desk.get(answer.location)
    assert "The password is reset." in page.text
    assert "0 of 1 letter sent" in page.text
    assert letters[0].reference in page.text
    post(parts.intake)
    assert "1 of 1 letter sent" in desk.get(answer.location).text
    for shown in (path, answer.location, at(jana)):
        assert "Tajná vec" not in desk.get(shown).text


def test_a_double_click_and_a_reload_make_one_request(desk: Browser, jana: Person) -> None:
    for place, form in (("requests/resend", at(jana)), ("requests/reset", at(jana, "requests/reset"))):
        name = {"token": token(desk.get(form))}
        assert len({desk.send(at(jana, place), name).location for _ in range(3)}) == 1
    assert Request.select().count() == 2


def test_a_form_without_its_name_makes_nothing(desk: Browser, jana: Person) -> None:
    for name in ({}, {"token": "x" * 33}):
        page = desk.send(at(jana, "requests/resend"), name, follow_redirects=True)
        assert page.request.path == at(jana)
        assert 'class="notice notice-caution"' in page.text
        assert desk.send(at(jana, "requests/reset"), name).status_code == 422
    assert Request.select().count() == 0


def test_a_new_number_that_nobody_confirmed_is_checked_first_as_well(desk: Browser, jana: Person) -> None:
    Phone.update(confirmed_at=None, set_at=now(), set_by_role="support", set_by_account=7).execute()
    card = desk.get(at(jana)).text
    assert "to be confirmed" in card
    assert RESET_LABEL not in card
    assert desk.get(at(jana, "requests/reset")).location == at(jana, "phone")


def test_before_the_phone_is_confirmed_the_card_leads_to_it_and_nothing_is_asked(
    desk: Browser, jana: Person
) -> None:
    name = {"token": token(desk.get(at(jana)))}
    stale(jana)
    card = desk.get(at(jana)).text
    assert "First check the phone number with the client." in card
    assert f'href="{at(jana, "phone")}"' in card
    assert SEND_LABEL not in card
    assert RESET_LABEL not in card
    page = desk.send(at(jana, "requests/resend"), name, follow_redirects=True)
    assert "Ask the client whether it is still theirs" in page.text
    for answer in (
        desk.get(at(jana, "requests/reset")),
        desk.send(at(jana, "requests/reset"), name),
    ):
        assert answer.location == at(jana, "phone")
    assert Request.select().count() == 0


def test_without_a_number_on_file_the_card_says_so(desk: Browser, jana: Person) -> None:
    Phone.delete().execute()
    assert "The client has no phone number on file." in desk.get(at(jana)).text


def test_a_hold_is_said_with_why_and_leaves_nothing_to_click(desk: Browser, jana: Person) -> None:
    name = {"token": token(desk.get(at(jana)))}
    holds.place(jana.actor, jana.client_id, Why.REQUEST, 1)
    card = desk.get(at(jana)).text
    assert "The client told us that something was not done by them." in card
    assert f'href="{at(jana, "requests/reset")}"' not in card
    assert "data-once" not in desk.get(at(jana, "requests/reset")).text
    for place in ("resend", "reset"):
        page = desk.send(at(jana, f"requests/{place}"), name, follow_redirects=True)
        assert "The client told us that something was not done by them." in page.text
    assert Request.select().count() == 0


def test_a_letter_that_is_no_longer_kept_is_said_and_nothing_is_reset(
    desk: Browser, jana: Person, parts: Parts
) -> None:
    set_own_password(parts, jana)
    path = at(jana, "requests/reset")
    page = desk.send(path, {"token": token(desk.get(path)), "letter": ["gone"]}, follow_redirects=True)
    assert "One of the letters is no longer kept." in page.text
    assert Request.select().count() == 0


def test_the_card_lists_what_brokers_and_support_asked_for(
    desk: Browser, jana: Person, broker: Person, parts: Parts
) -> None:
    peter = Policy.get(Policy.number == PETER.policy_number)
    made = ask_reset(parts.vault, broker.actor, OnPolicy(peter.id), [], token="t", limits=Limits())
    here = f"/support/clients/{peter.client_id}"
    assert "No requests yet" in desk.get(at(jana)).text
    card = desk.get(here).text
    assert made.number in card
    assert f"policy {PETER.policy_number}" in card
    assert f"policy {PETER.policy_number}" in desk.get(f"{here}/requests/{made.reference}").text


def test_older_requests_are_a_page_away(desk: Browser, jana: Person, agent: Person, parts: Parts) -> None:
    limits = Limits(requests_per_client_day=10**6, requests_per_actor_hour=10**6)
    made = [
        ask_reset(parts.vault, agent.actor, OnClient(jana.client_id), [], token=f"t{number}", limits=limits)
        for number in range(PAGE + 1)
    ]
    page = desk.get(at(jana)).text
    assert made[0].number not in page
    older = f"{at(jana, 'requests')}?before={made[1].id}"
    assert f'href="{older}"' in page
    second = desk.get(older).text
    assert made[0].number in second
    assert f'href="{at(jana, "requests")}"' in second  # the way back
    part = desk.get(older, headers=HTMX).text
    assert part.lstrip().startswith('<div class="stack" id="requests">')


def test_another_clients_request_is_not_there(
    desk: Browser, jana: Person, parts: Parts, agent: Person
) -> None:
    other = make_client(parts.vault)
    made = ask_reset(parts.vault, agent.actor, OnClient(other.id), [], token="t", limits=Limits())
    for place in (f"requests/{made.reference}", f"requests/{made.reference}/outcome", "requests/none"):
        assert desk.get(at(jana, place)).status_code == 404


def test_a_broker_neither_sees_nor_opens_what_support_asked_for(
    desk: Browser, sign_in: SignIn, broker: Person, agent: Person, parts: Parts
) -> None:
    policy = Policy.get(Policy.number == PETER.policy_number)
    made = ask_reset(parts.vault, agent.actor, OnClient(policy.client_id), [], token="t", limits=Limits())
    portal, here = sign_in(broker), f"/broker/policies/{policy.id}"
    assert made.number not in portal.get(here).text
    for place in (f"{here}/requests/{made.reference}", f"{here}/requests/{made.reference}/outcome"):
        assert portal.get(place).status_code == 404


def test_while_an_impersonation_is_open_a_request_from_the_card_is_the_agents_own(
    desk: Browser, jana: Person
) -> None:
    begin(desk, jana)
    resend(desk, jana)
    event = Event.get(Event.tag == "request:made")
    assert (event.actor_role, event.impersonation_id) == ("support", None)


def test_the_client_reads_of_it_in_the_access_history(desk: Browser, jana: Person, sign_in: SignIn) -> None:
    resend(desk, jana)
    client = sign_in(jana)
    client.send("/language", {"language": "en"})
    page = client.get("/settings/access-history").text
    for words in ("Our support, Eva Malá", "Made a request for you", Request.get().number):
        assert words in page


def test_neither_secrets_nor_what_letters_say_are_shown(desk: Browser, jana: Person, parts: Parts) -> None:
    set_own_password(parts, jana)
    bring(parts.intake, client="K-1001", subject="Tajná vec")
    place = resend(desk, jana).location
    for page in (at(jana), at(jana, "requests"), at(jana, "requests/reset"), at(jana, "phone"), place):
        text = desk.get(page).text
        for hidden in (OWN.reveal(), "865514", "2375", "905100101", "Tajná vec", "jana.kovacova"):
            assert hidden not in text, page


@pytest.mark.parametrize("client_id", ["0", "999999", "9223372036854775808", "x"])
def test_of_nobody_there_is_no_page(desk: Browser, client_id: str) -> None:
    for place in ("phone", "requests", "requests/reset", "requests/x"):
        assert desk.get(f"/support/clients/{client_id}/{place}").status_code == 404
