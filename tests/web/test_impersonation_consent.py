"""Where the client has to agree, nothing starts before they have read a code to the agent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from peewee import Database

from tests.clients.codes import code_of, wrong
from tests.web.browser import Browser, new_browser
from tests.web.compiled import compile_once
from tests.web.people import PASSWORD, Person
from zone.accounts.models import Impersonation
from zone.app import create_app
from zone.clients.models import Phone
from zone.config import Config, ImpersonationRules
from zone.messages.models import Kind, Message
from zone.vault import Vault

START = "/support/clients/1/impersonate"
FORM = {"reason": "question", "ticket": "PO-7"}


@pytest.fixture
def desk(config: Config, database: Database, jana: Person, agent: Person) -> Iterator[Browser]:
    """The agent in a zone that asks the clients."""
    rules = ImpersonationRules(consent=True)
    zone = compile_once(create_app(replace(config, impersonation=rules)))
    zone.test_client_class = Browser
    desk = new_browser(zone)
    desk.sign_in(agent.email, PASSWORD)
    yield desk
    zone.extensions["zone"].intake.encryptor.close()
    zone.extensions["zone"].database.close_all()


def test_the_code_goes_out_first_and_is_spent_once(desk: Browser, vault: Vault, jana: Person) -> None:
    asked = desk.send(START, {**FORM, "send": "code"})
    assert 'name="code"' in asked.text
    assert 'value="PO-7"' in asked.text
    message = Message.get(Message.kind == Kind.PHONE_CODE)
    assert (message.client_id, message.language) == (jana.client_id, "sk")
    code = code_of(vault, message)
    refused = desk.send(START, {**FORM, "code": wrong(code).reveal()})
    assert refused.status_code == 422
    assert Impersonation.select().count() == 0
    spaced = f" {code.reveal()[:3]} {code.reveal()[3:]} "
    assert desk.send(START, {**FORM, "code": spaced}).status_code == 303
    assert Impersonation.get().consented
    assert desk.send(START, {**FORM, "code": code.reveal()}).status_code == 422
    assert Impersonation.select().count() == 1


def test_a_form_without_a_code_sends_one_and_starts_nothing(desk: Browser) -> None:
    assert desk.send(START, FORM).status_code == 200
    assert Message.select().where(Message.kind == Kind.PHONE_CODE).count() == 1
    assert Impersonation.select().count() == 0


def test_a_client_without_a_phone_cannot_agree_and_the_agent_reads_why(desk: Browser) -> None:
    Phone.delete().execute()
    desk.send("/language", {"language": "en"})
    page = desk.send(START, {**FORM, "send": "code"})
    assert page.status_code == 422
    assert "no mobile number for this client" in page.text
    assert Impersonation.select().count() == 0
