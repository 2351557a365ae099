"""The client is told of each request, and can say that it was not agreed with them."""

from __future__ import annotations

import re
from dataclasses import replace
from email.message import EmailMessage

import pytest

from tests.letters.posted import CONFIG
from tests.requests.conftest import Case
from zone.accounts.models import Account
from zone.audit import Actor
from zone.clients import holds, not_me
from zone.clients.holds import OnHold
from zone.clients.models import Client
from zone.config import Limits
from zone.messages.models import Kind, Message
from zone.messages.render import CannotRender, Mail
from zone.requests.ask import ask_resend, ask_reset
from zone.requests.models import Request
from zone.requests.notice import renderer
from zone.requests.scope import OnClient, OnPolicy
from zone.vault import Vault

LIMITS = Limits()
SAID = {
    ("sk", "resend"): ("Milan Malý zadal", "aby sme vám SMS správou poslali"),
    ("en", "resend"): ("Milan Malý asked on", "sent to your phone by SMS"),
    ("sk", "reset"): ("Milan Malý zadal", "na reset vášho hesla"),
    ("en", "reset"): ("Milan Malý asked on", "to reset your letter password"),
}
SAID_OF_SUPPORT = {
    ("sk", "resend"): (
        "Naša podpora zadala",
        "Naša podpora ho nevidí",
        "Dohodli ste sa na tom s našou podporou?",
    ),
    ("en", "resend"): ("our support had", "sent to your phone by SMS", "Our support does not see it."),
    ("sk", "reset"): (
        "Naša podpora zadala",
        "na reset vášho hesla",
        "Dohodli ste sa na tom s našou podporou?",
    ),
    ("en", "reset"): ("our support reset your letter password", "basic setting", "You agreed on it with our"),
}


def ask(case: Case, vault: Vault, kind: str) -> Request:
    if kind == "resend":
        return ask_resend(case.broker, OnPolicy(case.policy.id), token="t", limits=LIMITS)
    return ask_reset(vault, case.broker, OnPolicy(case.policy.id), [], token="t", limits=LIMITS)


def ask_from_desk(agent: Actor, case: Case, vault: Vault, kind: str) -> Request:
    on = OnClient(case.client.id)
    if kind == "resend":
        return ask_resend(agent, on, token="t", limits=LIMITS)
    return ask_reset(vault, agent, on, [], token="t", limits=LIMITS)


def mail(vault: Vault) -> EmailMessage:
    message = Message.get(Message.kind == Kind.REQUEST)
    carried = renderer(vault, replace(CONFIG, brand=CONFIG.brand))(message)
    assert isinstance(carried, Mail)
    return carried.message


def bodies(sent: EmailMessage) -> dict[str, str]:
    parts = [part for part in sent.walk() if not part.is_multipart()]
    return {part.get_content_type(): part.get_content() for part in parts}


@pytest.mark.parametrize(("language", "kind"), SAID)
def test_it_says_who_asked_for_what_in_the_clients_language(
    case: Case, vault: Vault, language: str, kind: str
) -> None:
    Client.update(language=language).execute()
    ask(case, vault, kind)
    sent = mail(vault)
    assert sent["To"] == case.client.email
    found = bodies(sent)
    assert found.keys() == {"text/plain", "text/html"}
    for body in found.values():
        for words in SAID[language, kind]:
            assert words in re.sub(r"\s+", " ", body)
        assert case.policy.number not in body
        assert "%(" not in body


@pytest.mark.parametrize(("language", "kind"), SAID_OF_SUPPORT)
def test_of_support_it_says_so_and_no_name(
    agent: Actor, case: Case, vault: Vault, language: str, kind: str
) -> None:
    Client.update(language=language).execute()
    ask_from_desk(agent, case, vault, kind)
    sent = mail(vault)
    for text in (sent["Subject"], *bodies(sent).values()):
        for unfit in ("Eva Malá", "broker", "sprostredkovateľ", "%("):
            assert unfit not in text
    for body in bodies(sent).values():
        for words in SAID_OF_SUPPORT[language, kind]:
            assert words in re.sub(r"\s+", " ", body)


def test_the_client_can_say_that_supports_request_was_not_theirs(
    agent: Actor, case: Case, vault: Vault
) -> None:
    request = ask_from_desk(agent, case, vault, "resend")
    (token,) = set(re.findall(r"/not-me/([\w.-]+)", bodies(mail(vault))["text/plain"]))
    found = not_me.act(vault, token, limits=LIMITS)
    assert (found.client_id, found.subject_id, found.why) == (case.client.id, request.id, "request")
    with pytest.raises(OnHold):
        holds.check(case.client.id)


def test_its_link_is_of_this_client_and_this_request(case: Case, vault: Vault) -> None:
    request = ask(case, vault, "reset")
    (token,) = set(re.findall(r"/not-me/([\w.-]+)", bodies(mail(vault))["text/plain"]))
    found = not_me.read(vault, token, limits=LIMITS)
    assert (found.client_id, found.subject_id, found.why) == (case.client.id, request.id, "request")


def test_a_broker_who_has_left_is_still_told_of(case: Case, vault: Vault) -> None:
    Client.update(language="en").execute()
    ask(case, vault, "resend")
    Account.delete().where(Account.id == case.broker.account_id).execute()
    assert "Your broker (no longer with us) asked" in bodies(mail(vault))["text/plain"].replace("\n", " ")


def test_nothing_is_sent_of_a_request_that_is_gone(case: Case, vault: Vault) -> None:
    ask(case, vault, "resend")
    Request.delete().execute()
    with pytest.raises(CannotRender):
        mail(vault)
