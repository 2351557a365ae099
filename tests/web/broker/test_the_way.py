"""From a policy to an SMS or a reset, in the procedure's own steps and labels."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from werkzeug.test import TestResponse

from tests.letters.posted import bring, post
from tests.people import give_mandate, with_phone_confirmed_two_years_ago
from tests.web.broker.conftest import CLIENT, NEW, OWN, at, choose, token
from tests.web.browser import HTMX, Browser, ticked
from tests.web.inspector import parse
from tests.web.people import Person
from zone.audit import Actor, Role
from zone.audit.models import Event
from zone.clients import change_phone
from zone.clients.models import Client, Phone, Policy
from zone.clock import now
from zone.letter_passwords.set_own import set_own
from zone.letters.models import Letter
from zone.messages.handover import Status
from zone.messages.models import Kind, Message
from zone.messages.render import Sms
from zone.parts import Parts
from zone.requests.models import Request


def links(page: TestResponse) -> dict[str, str]:
    """What can be followed in the page's content, by its label."""
    (main,) = parse(page.text).iter("main")
    return {" ".join("".join(link.itertext()).split()): link.get("href") for link in main.iter("a")}


def code_in(parts: Parts, message: Message) -> str:
    sms = parts.renderers[Kind.PHONE_CODE](message)
    assert isinstance(sms, Sms)
    (digits,) = re.findall(r"\b\d{6}\b", sms.text.reveal())
    return str(digits)


def test_the_labels_of_the_procedure_lead_to_the_sms(portal: Browser, policy: Policy) -> None:
    page = portal.get(at(policy))
    for label in ("Editácia PZ", "Zadanie požiadavky", "Elektronická korešpondencia"):
        page = portal.get(links(page)[label])
    assert "+421 9•• ••• 102" in page.text.replace("\u00a0", " ")
    page = portal.send(at(policy, f"{NEW}/phone"), {"phone": Phone.get().id}, follow_redirects=True)
    assert "Klient má od" in page.text
    assert "posledné 4 číslice rodného čísla" in page.text
    page = portal.get(links(page)["OK"])
    for label in (
        "Zaslať aktuálne heslo pre elektronickú korešpondenciu prostredníctvom SMS",
        "Reset hesla pre elektronickú korešpondenciu",
        "Pokračovať",
    ):
        assert label in page.text
    page = portal.send(
        at(policy, f"{NEW}/choice"), {"token": token(page), "kind": "resend"}, follow_redirects=True
    )
    assert page.status_code == 200
    assert "čaká na odoslanie" in page.text
    assert Message.select().where(Message.kind == Kind.LETTER_PASSWORD).count() == 1
    assert Request.get().number in portal.get(at(policy)).text


def test_an_own_password_is_told_with_its_day(portal: Browser, policy: Policy, parts: Parts) -> None:
    set_own(parts.vault, CLIENT, policy.client_id, OWN)
    assert "Klient si nastavil heslo dňa" in portal.get(at(policy, f"{NEW}/information")).text


def test_the_status_lives_on_the_page_until_it_is_final(english: Browser, policy: Policy) -> None:
    request = choose(english, policy, "resend").location
    part = english.get(f"{request}/outcome", headers=HTMX)
    assert 'data-hx-trigger="every 2s"' in part.text
    Message.update(status=Status.FAILED, reason="address", settled_at=now()).execute()
    part = english.get(f"{request}/outcome", headers=HTMX)
    assert "data-hx-trigger" not in part.text
    assert "not delivered" in part.text


def test_a_reset_says_what_it_does_and_sends_the_ticked_letters(
    english: Browser, policy: Policy, parts: Parts
) -> None:
    letters = [bring(parts.intake, client=policy.client.reference, subject="Tajná vec") for _ in range(3)]
    Letter.update(read_at=now()).where(Letter.id == letters[2].id).execute()
    set_own(parts.vault, CLIENT, policy.client_id, OWN)
    post(parts.intake)
    answer = choose(english, policy, "reset")
    page = english.get(answer.location)
    assert "New letters will open with the basic setting: the last digits of the birth number." in page.text
    assert "Letters that the client has already keep the password they had." in page.text
    assert ticked(page.text) == [letters[number].reference for number in (1, 0, 2)]  # what is unread first
    assert "Tajná vec" not in page.text
    form = {"token": token(page), "letter": [letters[0].reference]}
    page = english.send(answer.location, form, follow_redirects=True)
    assert "The password is reset." in page.text
    assert "0 of 1 letter sent" in page.text
    post(parts.intake)
    assert "1 of 1 letter sent" in english.get(page.request.path).text
    assert "1 of 1 letter sent" in english.get(at(policy)).text


@pytest.mark.parametrize("kind", ["resend", "reset"])
def test_a_double_click_and_a_reload_make_one_request(english: Browser, policy: Policy, kind: str) -> None:
    path = at(policy, f"{NEW}/{'choice' if kind == 'resend' else 'reset'}")
    form = {"token": token(english.get(path)), "kind": kind}
    answers = {english.send(path, form).location for _ in range(3)}
    assert len(answers) == 1
    assert Request.select().count() == 1


def test_without_a_choice_the_field_says_so(english: Browser, policy: Policy) -> None:
    path = at(policy, f"{NEW}/choice")
    page = english.send(path, {"token": token(english.get(path))})
    assert page.status_code == 422
    assert "Choose one of the two." in page.text


def test_a_form_without_its_name_makes_nothing(english: Browser, policy: Policy) -> None:
    for name in ({}, {"token": "x" * 33}):
        assert english.send(at(policy, f"{NEW}/choice"), {"kind": "resend", **name}).status_code == 422
        assert english.send(at(policy, f"{NEW}/reset"), name).status_code == 422
    assert Request.select().count() == 0


@pytest.mark.parametrize("step", ["information", "choice", "reset"])
def test_no_step_opens_before_the_phone_is_confirmed(english: Browser, policy: Policy, step: str) -> None:
    Phone.update(confirmed_at=now() - timedelta(days=366)).execute()
    for answer in (
        english.get(at(policy, f"{NEW}/{step}")),
        english.send(at(policy, f"{NEW}/{step}"), {"token": "t", "kind": "resend"}),
    ):
        if answer.status_code != 405:
            assert answer.location == at(policy, f"{NEW}/phone")
    assert Request.select().count() == 0
    english.send(at(policy, f"{NEW}/phone"), {"phone": Phone.get().id})
    phone = Phone.get()
    assert (phone.confirmed_by_role, now() - phone.confirmed_at < timedelta(minutes=1)) == ("broker", True)
    assert english.get(at(policy, f"{NEW}/{step}")).status_code == 200


def test_a_new_number_comes_on_file_with_the_code_that_the_client_reads_out(
    english: Browser, policy: Policy, parts: Parts
) -> None:
    answer = english.send(at(policy, f"{NEW}/phone/number"), {"number": "0905 777 888"})
    assert answer.location == at(policy, f"{NEW}/phone/code")
    page = english.get(answer.location)
    assert "+421 9•• ••• 888" in page.text.replace("\u00a0", " ")
    assert "0905 777 888" not in page.text
    message = Message.get(Message.kind == Kind.PHONE_CODE)
    right = code_in(parts, message)
    wrong = f"{(int(right) + 1) % 10**6:06}"
    assert english.send(answer.location, {"code": wrong}).status_code == 422
    page = english.send(answer.location, {"code": right}, follow_redirects=True)
    assert "The new number is on file." in page.text
    told = Message.select().where(Message.kind == Kind.PHONE_CHANGED)
    assert {message.channel for message in told} == {"sms", "mail"}
    answer = choose(english, policy, "resend")
    assert "You put this phone number on file yourself." in english.get(answer.location).text
    assert Message.select().where(Message.kind == Kind.LETTER_PASSWORD).count() == 0


@pytest.mark.parametrize("typed", ["", "12", "0800 123 456", "0905 100 102", "x" * 41])
def test_a_number_that_cannot_be_is_refused_beside_the_field(
    english: Browser, policy: Policy, typed: str
) -> None:
    page = english.send(at(policy, f"{NEW}/phone/number"), {"number": typed})
    assert page.status_code == 422
    assert 'id="number-message"' in page.text
    assert Message.select().count() == 0


def test_a_proposal_can_be_dropped(english: Browser, policy: Policy) -> None:
    english.send(at(policy, f"{NEW}/phone/number"), {"number": "0905 777 888"})
    assert "A code is on its way" in english.get(at(policy, f"{NEW}/phone")).text
    english.send(at(policy, f"{NEW}/phone/keep"))
    assert "A code is on its way" not in english.get(at(policy, f"{NEW}/phone")).text
    assert english.get(at(policy, f"{NEW}/phone/code")).location == at(policy, f"{NEW}/phone")


def test_a_client_without_a_number_gets_one_first(english: Browser, policy: Policy) -> None:
    Phone.delete().execute()
    page = english.get(at(policy, f"{NEW}/phone"))
    assert "The client has no phone number on file." in page.text
    assert "The client confirms the number" not in page.text
    page = english.send(at(policy, f"{NEW}/phone"), {"phone": 1}, follow_redirects=True)
    assert "Put one on file first." in page.text


def test_the_broker_sees_neither_secrets_nor_what_letters_say(
    english: Browser, policy: Policy, parts: Parts
) -> None:
    client = policy.client
    old = Phone.get(Phone.client == client)
    Phone.update(replaced_at=now()).execute()
    Phone.create(
        client=client,
        number="+421905123789",
        set_at=now() - timedelta(days=9),
        set_by_role="operator",
        confirmed_at=now(),
        confirmed_by_role="operator",
    )
    set_own(parts.vault, CLIENT, client.id, OWN)
    bring(parts.intake, client=client.reference, subject="Tajná vec")
    choose(english, policy, "resend")
    pages = [at(policy), at(policy, "edit"), at(policy, "requests/new"), "/broker/"]
    pages += [at(policy, f"{NEW}/{step}") for step in ("phone", "information", "choice", "reset")]
    pages += [at(policy, f"requests/{Request.get().reference}")]
    for page in pages:
        text = english.get(page).text
        for hidden in (OWN.reveal(), "790302", "3744", old.number, "905123789", "Tajná vec", client.email):
            assert hidden not in text, page


def test_of_a_letter_on_a_policy_in_other_hands_the_broker_learns_its_date(
    english: Browser, policy: Policy, parts: Parts
) -> None:
    client = policy.client
    Policy.create(number="PZ-9090", client=client, product="Život", since=now())
    set_own(parts.vault, CLIENT, client.id, OWN)
    for number in (policy.number, "PZ-9090"):
        bring(parts.intake, client=client.reference, policy=number, kind="claim", external_id=number)
    post(parts.intake)
    path = at(policy, f"{NEW}/reset")
    offered = english.get(path)
    form = {"token": token(offered), "letter": [letter.reference for letter in Letter.select()]}
    for page in (offered, english.send(path, form, follow_redirects=True)):
        assert (page.status_code, page.text.count("Insurance claim")) == (200, 1)
        assert f"policy {policy.number}" in page.text
        assert "PZ-9090" not in page.text


def test_opening_a_policy_leaves_an_event_for_the_client(english: Browser, policy: Policy) -> None:
    english.get(at(policy))
    english.get(at(policy), headers=HTMX)
    event = Event.get(Event.tag == "policy:viewed")
    assert (event.client_id, event.actor_role) == (policy.client_id, "broker")
    assert Event.select().where(Event.tag == "policy:viewed").count() == 1


def test_another_clients_stale_phone_is_no_obstacle(
    english: Browser, policy: Policy, broker: Person, parts: Parts
) -> None:
    other: Client = with_phone_confirmed_two_years_ago(parts.vault)
    give_mandate(other, broker.account_id)
    assert english.get(at(policy, f"{NEW}/information")).status_code == 200
    stale = Policy.get(Policy.client == other)
    assert english.get(at(stale, f"{NEW}/information")).location == at(stale, f"{NEW}/phone")


@pytest.mark.parametrize("typed", ["", "x", "0", "9" * 30])
def test_a_number_is_not_confirmed_by_a_form_that_did_not_show_it(
    english: Browser, policy: Policy, typed: str
) -> None:
    Phone.update(confirmed_at=None).execute()
    english.send(at(policy, f"{NEW}/phone"), {"phone": typed})
    assert Phone.get().confirmed_at is None


def test_a_number_that_came_on_file_meanwhile_is_shown_first(english: Browser, policy: Policy) -> None:
    seen = Phone.get()
    Phone.update(replaced_at=now()).execute()
    Phone.create(
        client=policy.client_id,
        number="+421905999888",
        set_at=now(),
        set_by_role="operator",
        confirmed_at=None,
    )
    page = english.send(at(policy, f"{NEW}/phone"), {"phone": seen.id}, follow_redirects=True)
    assert "Another number has come on file in the meantime." in page.text
    assert "888" in page.text


def test_another_brokers_proposal_is_not_shown(
    english: Browser, policy: Policy, parts: Parts, broker: Person
) -> None:
    give_mandate(policy.client, 555)
    limits, countries = parts.config.limits, parts.config.phone_countries
    other = Actor(Role.BROKER, 555)
    change_phone.propose(
        other, policy.client_id, "0905 777 888", limits=limits, language="sk", countries=countries
    )
    assert english.get(at(policy, f"{NEW}/phone/code")).location == at(policy, f"{NEW}/phone")
    assert "888" not in english.get(at(policy, f"{NEW}/phone")).text


def test_a_letter_that_is_no_longer_kept_is_said_and_nothing_is_reset(
    english: Browser, policy: Policy, parts: Parts
) -> None:
    set_own(parts.vault, CLIENT, policy.client_id, OWN)
    path = at(policy, f"{NEW}/reset")
    page = english.send(path, {"token": token(english.get(path)), "letter": ["gone"]}, follow_redirects=True)
    assert "One of the letters is no longer kept." in page.text
    assert Request.select().count() == 0
