"""What stands on a policy of the requests that were made on it."""

from __future__ import annotations

import logging
from datetime import timedelta
from functools import partial

import pytest

from tests.letters.posted import bring, post
from tests.people import give_mandate
from tests.requests.conftest import Case
from zone.audit import OPERATOR, Actor, Role
from zone.clients.models import Client
from zone.clock import now
from zone.config import Limits
from zone.letter_passwords.set_own import set_own
from zone.letters.erasure import erase
from zone.letters.intake import Intake
from zone.requests.ask import ask_reset
from zone.requests.models import Request, RequestCopy
from zone.requests.overview import PAGE, NoSuchRequest, of_client, one, one_of_client, page
from zone.requests.scope import OnClient, OnPolicy
from zone.secret import Secret
from zone.vault import Vault

LIMITS = Limits(requests_per_client_day=10**6, requests_per_actor_hour=10**6)


def ask(case: Case, vault: Vault, *letters: str) -> Request:
    token = f"t{Request.select().count()}"
    return ask_reset(vault, case.broker, OnPolicy(case.policy.id), letters, token=token, limits=LIMITS)


def test_each_shows_who_made_it_and_what_came_of_it(case: Case, intake: Intake) -> None:
    letter = bring(intake)
    post(intake)
    set_own(intake.vault, Actor(Role.CLIENT, 9), case.client.id, Secret("slnko nad Tatrami"))
    made = ask(case, intake.vault, letter.reference)
    seen = one(case.broker, case.policy.id, made.reference)
    assert (seen.by, [copy.letter_id for copy in seen.copies]) == ("Milan Malý", [letter.id])
    assert seen.request.password is not None
    assert seen.request.password.origin == "default"
    (shown,) = page(case.policy.id).requests
    assert (shown.request, shown.copies) == (seen.request, seen.copies)


def test_a_request_of_another_policy_is_not_found(case: Case, company: Case, vault: Vault) -> None:
    made = ask(case, vault)
    with pytest.raises(NoSuchRequest):
        one(company.broker, company.policy.id, made.reference)
    assert page(company.policy.id).requests == []


def test_of_a_client_there_is_all_and_on_a_policy_what_was_made_on_it(
    agent: Actor, case: Case, company: Case, vault: Vault
) -> None:
    by_broker = ask(case, vault)
    from_desk = ask_reset(vault, agent, OnClient(case.client.id), [], token="desk", limits=LIMITS)
    ask(company, vault)
    shown = of_client(case.client.id).requests
    assert [(seen.request, seen.by) for seen in shown] == [(from_desk, "Eva Malá"), (by_broker, "Milan Malý")]
    assert [seen.request.policy for seen in shown] == [None, case.policy]
    assert [seen.request for seen in page(case.policy.id).requests] == [by_broker]
    with pytest.raises(NoSuchRequest):
        one(case.broker, case.policy.id, from_desk.reference)
    for made in (by_broker, from_desk):
        assert one_of_client(case.client.id, made.reference).request == made
        with pytest.raises(NoSuchRequest):
            one_of_client(company.client.id, made.reference)


def test_a_broker_knows_the_kinds_of_letters_on_policies_in_their_hands_and_support_all(
    case: Case, vault: Vault
) -> None:
    made = ask(case, vault)
    assert one(case.broker, case.policy.id, made.reference).in_hand == frozenset({case.policy.id})
    assert page(case.policy.id).requests[0].in_hand == frozenset({case.policy.id})
    assert one_of_client(case.client.id, made.reference).in_hand is None
    assert of_client(case.client.id).requests[0].in_hand is None


@pytest.mark.parametrize("of", ["policy", "client"])
def test_pages_bring_each_once_newest_first_and_cost_the_same(
    case: Case, vault: Vault, caplog: pytest.LogCaptureFixture, of: str
) -> None:
    read = partial(page, case.policy.id) if of == "policy" else partial(of_client, case.client.id)
    made = [ask(case, vault) for _ in range(PAGE + 3)]
    with caplog.at_level(logging.DEBUG, logger="peewee"):
        first = read()
        assert sum(record.name == "peewee" for record in caplog.records) == 3
    second = read(before=first.older)
    shown = [seen.request for seen in (*first.requests, *second.requests)]
    assert shown == made[::-1]
    assert second.older is None


def test_the_number_is_of_the_year_in_which_it_was_made() -> None:
    assert Request(id=42, asked_at=now().replace(year=2026)).number == "2026-000042"


def test_requests_go_with_the_client(case: Case, intake: Intake) -> None:
    letter = bring(intake)
    post(intake)
    ask(case, intake.vault, letter.reference)
    erase(intake.store, intake.vault, OPERATOR, case.client.reference)
    assert (Client.select().count(), Request.select().count(), RequestCopy.select().count()) == (0, 0, 0)


def test_the_number_of_an_erased_request_is_not_given_again(
    case: Case, company: Case, intake: Intake
) -> None:
    first = ask(case, intake.vault)
    erase(intake.store, intake.vault, OPERATOR, case.client.reference)
    assert ask(company, intake.vault).id > first.id


def test_a_mandate_of_days_ago_changes_nothing_for_what_was_made(case: Case, vault: Vault) -> None:
    made = ask(case, vault)
    give_mandate(case.client, 903, ends=timedelta(0))
    assert one(case.broker, case.policy.id, made.reference).request == made
