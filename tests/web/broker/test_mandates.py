"""Every route of the portal that is about a policy, for a policy that is not the broker's: there is no such page.

The routes come from the application, so that a new one is held to it too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from peewee import Database

from tests.everything import snapshot
from tests.people import JANA, make_client
from tests.web.browser import Browser
from tests.web.people import Person
from zone.clients.models import Mandate, Policy
from zone.clock import now
from zone.config import Limits
from zone.parts import Parts
from zone.requests.ask import ask_reset
from zone.requests.scope import OnPolicy
from zone.vault import Vault

Case = Callable[[Policy, Vault], int]


def ended(policy: Policy, _: Vault) -> int:
    Mandate.update(ends_at=now()).where(Mandate.policy == policy).execute()
    return policy.id


def not_begun(policy: Policy, _: Vault) -> int:
    Mandate.update(starts_at=now() + timedelta(minutes=1)).where(Mandate.policy == policy).execute()
    return policy.id


def anothers(policy: Policy, _: Vault) -> int:
    Mandate.update(broker_id=10**6).where(Mandate.policy == policy).execute()
    return policy.id


def foreign(_: Policy, vault: Vault) -> int:
    foreigner = make_client(vault, JANA)
    found: Policy = Policy.get(Policy.client == foreigner)
    return found.id


def beside_it(policy: Policy, _: Vault) -> int:
    """The same client's, but under no mandate."""
    beside = Policy.create(number="PZ-x", client=policy.client_id, product="Život", since=now())
    return int(beside.id)


CASES: dict[str, Case] = {
    "ended": ended,
    "not begun": not_begun,
    "another broker's": anothers,
    "foreign": foreign,
    "the client's other one": beside_it,
    "none": lambda _, __: 10**9,
    "too large for a row": lambda _, __: 2**63 - 1,
}


def routes(app: Flask, policy_id: int, reference: str) -> Iterator[tuple[str, str]]:
    """Method and address of each route below a policy."""
    addresses = app.url_map.bind("")
    values = {"policy_id": policy_id, "reference": reference}
    for rule in app.url_map.iter_rules():
        if "policy_id" in rule.arguments:
            path = addresses.build(rule.endpoint, {name: values[name] for name in rule.arguments})
            yield from ((method, path) for method in rule.methods or () if method in ("GET", "POST"))


@pytest.fixture
def reference(broker: Person, policy: Policy, parts: Parts) -> str:
    """A request that was made while the mandate was in force."""
    made = ask_reset(parts.vault, broker.actor, OnPolicy(policy.id), [], token="t", limits=Limits())
    return str(made.reference)


def send(portal: Browser, method: str, path: str) -> int:
    data = {
        "csrf_token": portal.token(),
        "token": "t2",
        "kind": "resend",
        "number": "0905777888",
        "code": "1",
    }
    return portal.open(path, method=method, data=data if method == "POST" else None).status_code


def test_on_an_own_policy_every_page_opens(
    app: Flask, portal: Browser, policy: Policy, reference: str
) -> None:
    seen = {route: send(portal, *route) for route in routes(app, policy.id, reference)}
    assert len(seen) > 12
    assert set(seen.values()) <= {200, 303, 422}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_without_a_mandate_in_force_there_is_no_such_page(
    app: Flask, portal: Browser, policy: Policy, reference: str, vault: Vault, database: Database, case: Case
) -> None:
    policy_id = case(policy, vault)
    tables = {name: rows for name, rows in snapshot(database).items() if name != "session"}
    for method, path in routes(app, policy_id, reference):
        assert (path, send(portal, method, path)) == (path, 404)
    after = {name: rows for name, rows in snapshot(database).items() if name != "session"}
    assert after == tables


def test_a_mandate_that_ends_is_felt_at_the_next_click(portal: Browser, policy: Policy, vault: Vault) -> None:
    path = f"/broker/policies/{policy.id}"
    assert portal.get(path).status_code == 200
    ended(policy, vault)
    assert portal.get(path).status_code == 404
    assert policy.number not in portal.get("/broker/").text


def test_the_request_of_another_policy_is_not_found(
    portal: Browser, policy: Policy, broker: Person, reference: str
) -> None:
    other = Policy.create(number="PZ-y", client=policy.client_id, product="Život", since=now())
    Mandate.create(broker_id=broker.account_id, policy=other, starts_at=now() - timedelta(days=1))
    assert portal.get(f"/broker/policies/{other.id}/requests/{reference}").status_code == 404
    assert portal.get(f"/broker/policies/{policy.id}/requests/{reference}").status_code == 200
