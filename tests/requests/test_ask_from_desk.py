"""Support asks for a client, on no policy: once, within the same quotas as brokers, with the client told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import count

import pytest
import time_machine
from peewee import Database

from tests.clients.codes import code_of
from tests.everything import snapshot
from tests.letters.posted import bring, post
from tests.requests.conftest import Case
from tests.together import together
from zone.audit import OPERATOR, SYSTEM, Actor, Role
from zone.audit.models import Event
from zone.clients import change_phone, holds
from zone.clients.holds import OnHold, Why
from zone.clients.models import Phone
from zone.clients.people import UnknownClient
from zone.clients.phone_rules import PhoneChangedByYou, PhoneChangedRecently, PhoneMissing, PhoneNotConfirmed
from zone.clock import now
from zone.config import Limits
from zone.letter_passwords.models import Origin
from zone.letter_passwords.set_own import set_own
from zone.letter_passwords.versions import current
from zone.letters.archive import NoSuchLetter
from zone.letters.intake import Intake
from zone.letters.models import Copy
from zone.messages.handover import Status
from zone.messages.models import Kind, Message
from zone.requests.ask import ask_resend, ask_reset
from zone.requests.models import Request, RequestCopy, RequestKind
from zone.requests.quotas import TooManyRequests
from zone.requests.scope import OnClient, OnPolicy
from zone.secret import Secret
from zone.vault import Vault

LIMITS = Limits()
OWN = Secret("slnko nad Tatrami")
CLIENT = Actor(Role.CLIENT, 901)
_tokens = count(1)

Ask = Callable[[Actor, int, Vault], Request]


def resend(agent: Actor, client_id: int, token: str | None = None, limits: Limits = LIMITS) -> Request:
    return ask_resend(agent, OnClient(client_id), token=token or f"t{next(_tokens)}", limits=limits)


def reset(
    agent: Actor,
    client_id: int,
    vault: Vault,
    *letters: str,
    token: str | None = None,
    limits: Limits = LIMITS,
) -> Request:
    token = token or f"t{next(_tokens)}"
    return ask_reset(vault, agent, OnClient(client_id), letters, token=token, limits=limits)


ASKS: dict[str, Ask] = {
    "resend": lambda agent, client_id, _: resend(agent, client_id),
    "reset": lambda agent, client_id, vault: reset(agent, client_id, vault),
}
both = pytest.mark.parametrize("ask", ASKS.values(), ids=ASKS)


def messages(kind: Kind) -> int:
    return Message.select().where(Message.kind == kind).count()


def test_the_password_goes_to_the_client_and_the_request_stands_with_them(agent: Actor, case: Case) -> None:
    request = resend(agent, case.client.id)
    assert (request.client_id, request.policy_id, request.kind) == (case.client.id, None, RequestKind.RESEND)
    assert (request.actor_role, request.actor_id) == (Role.SUPPORT, agent.account_id)
    sms = Message.get(Message.id == request.message_id)
    assert (sms.kind, sms.client_id, sms.actor_role) == (Kind.LETTER_PASSWORD, case.client.id, Role.SUPPORT)
    assert messages(Kind.REQUEST) == 1
    event = Event.get(Event.tag == "request:made")
    assert (event.actor_role, event.client_id, event.impersonation_id) == ("support", case.client.id, None)
    assert request.number in event.facts
    assert case.policy.number not in event.facts


@pytest.mark.parametrize("same_form", [True, False])
def test_fifty_at_once_make_one_sms_and_one_request(
    agent: Actor, case: Case, database: Database, same_form: bool
) -> None:
    tokens = ["form"] * 50 if same_form else [f"form {number}" for number in range(50)]
    made = together(database, [partial(resend, agent, case.client.id, token) for token in tokens])
    assert len({request.id for request in made}) == 1
    assert (messages(Kind.LETTER_PASSWORD), messages(Kind.REQUEST), Request.select().count()) == (1, 1, 1)


def test_a_double_click_on_reset_makes_one_request_and_each_letter_once(
    agent: Actor, case: Case, intake: Intake, database: Database
) -> None:
    letter = bring(intake)
    post(intake)
    set_own(intake.vault, CLIENT, case.client.id, OWN)
    act = partial(reset, agent, case.client.id, intake.vault, letter.reference, token="form")
    made = together(database, [act] * 8)
    assert len({request.id for request in (*made, act())}) == 1
    assert (Copy.select().count(), RequestCopy.select().count(), messages(Kind.REQUEST)) == (2, 1, 1)


def test_a_reset_sends_the_chosen_letters_under_the_default_in_the_same_act(
    agent: Actor, case: Case, intake: Intake
) -> None:
    letters = [bring(intake) for _ in range(3)]
    set_own(intake.vault, CLIENT, case.client.id, OWN)
    post(intake)
    request = reset(agent, case.client.id, intake.vault, *(letter.reference for letter in letters[:2]))
    version = current(case.client.id)
    assert (version.origin, version.set_by_role) == (Origin.DEFAULT, Role.SUPPORT)
    sent = [link.copy.letter_id for link in RequestCopy.select().where(RequestCopy.request == request)]
    assert sorted(sent) == [letter.id for letter in letters[:2]]
    assert len(post(intake)) == 2


def test_a_reset_without_a_birth_number_sends_a_generated_password(
    agent: Actor, company: Case, vault: Vault
) -> None:
    set_own(vault, CLIENT, company.client.id, OWN)
    request = reset(agent, company.client.id, vault)
    assert Message.get_by_id(request.message_id).subject_id == current(company.client.id).id


@both
@pytest.mark.parametrize("who", ["broker", "client", "operator", "system", "support in the client's pages"])
def test_nobody_else_asks_without_a_policy(
    agent: Actor, case: Case, vault: Vault, database: Database, ask: Ask, who: str
) -> None:
    actor = {
        "broker": case.broker,  # with a mandate for the client's only policy
        "client": CLIENT,
        "operator": OPERATOR,
        "system": SYSTEM,
        "support in the client's pages": replace(agent, impersonation_id=7),
    }[who]
    before = snapshot(database)
    with pytest.raises(PermissionError):
        ask(actor, case.client.id, vault)
    assert snapshot(database) == before


@both
def test_for_nobody_nothing_is_asked(agent: Actor, vault: Vault, ask: Ask) -> None:
    with pytest.raises(UnknownClient):
        ask(agent, 10**9, vault)


@both
def test_the_phone_comes_first(agent: Actor, case: Case, vault: Vault, ask: Ask) -> None:
    Phone.update(confirmed_at=now() - LIMITS.phone_confirmation_valid - timedelta(minutes=1)).execute()
    with pytest.raises(PhoneNotConfirmed):
        ask(agent, case.client.id, vault)
    Phone.delete().execute()
    with pytest.raises(PhoneMissing):
        ask(agent, case.client.id, vault)
    assert Request.select().count() == 0


@both
def test_a_hold_stops_support_too(agent: Actor, case: Case, vault: Vault, ask: Ask) -> None:
    holds.place(CLIENT, case.client.id, Why.REQUEST, 1)
    with pytest.raises(OnHold):
        ask(agent, case.client.id, vault)
    assert Request.select().count() == 0


def test_who_changed_the_number_does_not_get_the_password_sent_to_it(
    agent: Actor, case: Case, vault: Vault
) -> None:
    change_phone.propose(
        agent,
        case.client.id,
        "0905 999 888",
        limits=LIMITS,
        language="sk",
        countries=frozenset({"SK"}),
    )
    code = code_of(vault, Message.get(Message.kind == Kind.PHONE_CODE))
    change_phone.confirm(vault, agent, case.client.id, code)
    with pytest.raises(PhoneChangedByYou):
        resend(agent, case.client.id)
    with pytest.raises(PhoneChangedRecently):
        resend(Actor(Role.SUPPORT, 77), case.client.id)
    assert Request.select().count() == 0
    with time_machine.travel(now() + LIMITS.phone_change_hold):
        resend(agent, case.client.id)


def test_brokers_and_support_share_the_quota_of_the_client(agent: Actor, case: Case, vault: Vault) -> None:
    limits = replace(LIMITS, requests_per_client_day=2)
    with time_machine.travel(now(), tick=False):
        reset(agent, case.client.id, vault, limits=limits)
        ask_reset(vault, case.broker, OnPolicy(case.policy.id), [], token="broker's", limits=limits)
        with pytest.raises(TooManyRequests) as refused:
            reset(agent, case.client.id, vault, limits=limits)
        assert refused.value.facts == {"until": now() + timedelta(days=1)}


def test_an_agent_has_a_quota_over_all_clients(agent: Actor, case: Case, company: Case, vault: Vault) -> None:
    limits = replace(LIMITS, requests_per_actor_hour=1)
    reset(agent, case.client.id, vault, limits=limits)
    with pytest.raises(TooManyRequests):
        reset(agent, company.client.id, vault, limits=limits)


def test_an_sms_that_a_broker_asked_for_is_not_doubled_and_both_requests_are_kept(
    agent: Actor, case: Case
) -> None:
    by_broker = ask_resend(case.broker, OnPolicy(case.policy.id), token="b", limits=LIMITS)
    by_agent = resend(agent, case.client.id)
    assert by_agent != by_broker
    assert by_agent.message_id == by_broker.message_id
    assert messages(Kind.LETTER_PASSWORD) == 1


def test_after_a_failure_support_asks_anew(agent: Actor, case: Case) -> None:
    first = resend(agent, case.client.id)
    Message.update(status=Status.FAILED).where(Message.kind == Kind.LETTER_PASSWORD).execute()
    assert resend(agent, case.client.id) != first


def test_one_forms_name_for_two_clients_is_two_requests(
    agent: Actor, case: Case, company: Case, vault: Vault
) -> None:
    first = reset(agent, case.client.id, vault, token="form")
    assert reset(agent, company.client.id, vault, token="form") != first


def test_somebody_elses_letter_is_not_sent_and_nothing_is_reset(
    agent: Actor, case: Case, company: Case, intake: Intake, database: Database
) -> None:
    letter = bring(intake, client=company.client.reference)
    set_own(intake.vault, CLIENT, case.client.id, OWN)
    before = snapshot(database)
    with pytest.raises(NoSuchLetter):
        reset(agent, case.client.id, intake.vault, letter.reference)
    assert snapshot(database) == before
