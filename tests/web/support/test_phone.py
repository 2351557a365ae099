"""Support confirms a client's number by their word, and puts another one on file by a code."""

from __future__ import annotations

import pytest

from tests.clients.codes import code_of
from tests.people import with_phone_changed_yesterday
from tests.web.browser import Browser
from tests.web.people import Person, add_client
from tests.web.support.conftest import at, token
from zone.audit import Actor, Role
from zone.clients import change_phone
from zone.clients.models import Phone
from zone.clock import now
from zone.messages.models import Kind, Message
from zone.parts import Parts
from zone.vault import Vault

SEND_LABEL = "Send the current password"


def current() -> Phone:
    return Phone.get(Phone.replaced_at.is_null())


def test_the_client_says_that_the_number_is_theirs(desk: Browser, jana: Person, agent: Person) -> None:
    Phone.update(confirmed_at=None).execute()
    shown = desk.get(at(jana, "phone")).text.replace("\u00a0", " ")
    assert "+421 9•• ••• 101" in shown
    assert "905100101" not in shown
    page = desk.send(at(jana, "phone"), {"phone": Phone.get().id}, follow_redirects=True)
    assert page.request.path == at(jana)
    assert "The number is confirmed." in page.text
    phone = Phone.get()
    assert (phone.confirmed_by_role, phone.confirmed_by_account) == (Role.SUPPORT, agent.account_id)


@pytest.mark.parametrize("typed", ["", "x", "0", "9" * 30])
def test_a_number_is_not_confirmed_by_a_form_that_did_not_show_it(
    desk: Browser, jana: Person, typed: str
) -> None:
    Phone.update(confirmed_at=None).execute()
    desk.send(at(jana, "phone"), {"phone": typed})
    assert Phone.get().confirmed_at is None


def test_a_number_that_came_on_file_meanwhile_is_shown_first(desk: Browser, jana: Person) -> None:
    seen = Phone.get()
    Phone.update(replaced_at=now()).execute()
    Phone.create(client=jana.client_id, number="+421905999888", set_at=now(), set_by_role="operator")
    page = desk.send(at(jana, "phone"), {"phone": seen.id}, follow_redirects=True)
    assert "Another number has come on file in the meantime." in page.text
    assert "888" in page.text


def test_a_new_number_comes_on_file_with_the_code_that_the_client_reads_out(
    desk: Browser, jana: Person, parts: Parts
) -> None:
    answer = desk.send(at(jana, "phone/number"), {"number": "0905 777 888"})
    assert answer.location == at(jana, "phone/code")
    assert "+421 9•• ••• 888" in desk.get(answer.location).text.replace("\u00a0", " ")
    right = code_of(parts.vault, Message.get(Message.kind == Kind.PHONE_CODE)).reveal()
    wrong = f"{(int(right) + 1) % 10**6:06}"
    page = desk.send(answer.location, {"code": wrong})
    assert page.status_code == 422
    assert "Ask the client to read you the code of the newest SMS again." in page.text
    page = desk.send(answer.location, {"code": right}, follow_redirects=True)
    assert page.request.path == at(jana)
    assert "The new number is on file." in page.text
    assert (current().number, current().set_by_role) == ("+421905777888", Role.SUPPORT)
    assert {told.channel for told in Message.select().where(Message.kind == Kind.PHONE_CHANGED)} == {
        "sms",
        "mail",
    }


def test_who_changed_the_number_reads_on_the_card_why_no_password_goes_to_it(
    desk: Browser, jana: Person, parts: Parts
) -> None:
    name = {"token": token(desk.get(at(jana)))}
    desk.send(at(jana, "phone/number"), {"number": "0905 777 888"})
    code = code_of(parts.vault, Message.get(Message.kind == Kind.PHONE_CODE)).reveal()
    card = desk.send(at(jana, "phone/code"), {"code": code}, follow_redirects=True).text
    assert "You put this phone number on file yourself." in card
    assert SEND_LABEL not in card
    page = desk.send(at(jana, "requests/resend"), name, follow_redirects=True)
    assert "You put this phone number on file yourself." in page.text
    assert Message.select().where(Message.kind == Kind.LETTER_PASSWORD).count() == 0


@pytest.mark.parametrize("by", [(Role.OPERATOR, None), (Role.SUPPORT, 555)], ids=["insurer", "another agent"])
def test_who_did_not_change_it_reads_until_when_it_is_held_and_then_may(
    desk: Browser, vault: Vault, parts: Parts, by: tuple[Role, int | None]
) -> None:
    zuzana = add_client(vault, client=with_phone_changed_yesterday(vault))
    Phone.update(set_by_role=by[0], set_by_account=by[1]).execute()
    card = desk.get(at(zuzana)).text.replace("&#39;", "'")
    assert "The client's phone number was changed a short time ago." in card
    assert SEND_LABEL not in card
    page = desk.send(
        at(zuzana, "requests/resend"), {"token": token(desk.get(at(zuzana)))}, follow_redirects=True
    )
    assert "no password goes to it before" in page.text
    assert Message.select().count() == 0
    Phone.update(set_at=now() - parts.config.limits.phone_change_hold).execute()
    page = desk.get(at(zuzana))
    assert SEND_LABEL in page.text
    assert desk.send(at(zuzana, "requests/resend"), {"token": token(page)}).status_code == 303
    assert Message.select().where(Message.kind == Kind.LETTER_PASSWORD).count() == 1


@pytest.mark.parametrize("typed", ["", "12", "0800 123 456", "0905 100 101", "x" * 41])
def test_a_number_that_cannot_be_is_refused_beside_the_field(desk: Browser, jana: Person, typed: str) -> None:
    page = desk.send(at(jana, "phone/number"), {"number": typed})
    assert page.status_code == 422
    assert 'id="number-message"' in page.text
    assert Message.select().count() == 0


def test_a_proposal_can_be_dropped(desk: Browser, jana: Person) -> None:
    desk.send(at(jana, "phone/number"), {"number": "0905 777 888"})
    assert "A code is on its way" in desk.get(at(jana, "phone")).text
    desk.send(at(jana, "phone/keep"))
    assert "A code is on its way" not in desk.get(at(jana, "phone")).text
    assert desk.get(at(jana, "phone/code")).location == at(jana, "phone")


def test_another_agents_proposal_is_not_shown(desk: Browser, jana: Person, parts: Parts) -> None:
    config, other = parts.config, Actor(Role.SUPPORT, 555)
    change_phone.propose(
        other,
        jana.client_id,
        "0905 777 888",
        limits=config.limits,
        language="sk",
        countries=config.phone_countries,
    )
    assert desk.get(at(jana, "phone/code")).location == at(jana, "phone")
    assert "888" not in desk.get(at(jana, "phone")).text


def test_a_client_without_a_number_gets_one_first(desk: Browser, jana: Person) -> None:
    Phone.delete().execute()
    page = desk.get(at(jana, "phone")).text
    assert "The client has no phone number on file." in page
    assert "The client confirms the number" not in page
