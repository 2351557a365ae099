"""Each page about a policy is a look at it; the routes come from the application, so that a new one is held to it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from peewee import Database

from tests.people import give_mandate, make_client
from tests.web.broker.conftest import NEW, at
from tests.web.broker.test_mandates import routes, send
from tests.web.browser import Browser
from tests.web.people import Person
from zone.audit.models import Event
from zone.clients.models import Policy
from zone.clients.search_models import PolicyLook, Reading
from zone.config import Config, Limits
from zone.parts import Parts
from zone.requests.ask import ask_reset
from zone.requests.scope import OnPolicy
from zone.vault import Vault


@pytest.fixture
def reference(broker: Person, policy: Policy, parts: Parts) -> str:
    made = ask_reset(parts.vault, broker.actor, OnPolicy(policy.id), [], token="t", limits=Limits())
    return str(made.reference)


def events(tag: str) -> int:
    return int(Event.select().where(Event.tag == tag).count())


def test_every_page_about_a_policy_is_a_look_at_it_but_the_one_that_asks_by_itself(
    app: Flask, portal: Browser, policy: Policy, reference: str, database: Database
) -> None:
    looks: dict[str, int] = {}
    for method, path in routes(app, policy.id, reference):
        PolicyLook.delete().execute()
        Reading.delete().execute()
        before = events("policy:viewed")
        send(portal, method, path)
        looks[f"{method} {path}"] = events("policy:viewed") - before
        assert {reading.rows for reading in Reading.select()} <= {looks[f"{method} {path}"]}
    assert [route for route, count in looks.items() if count != 1] == [
        f"GET {at(policy, f'requests/{reference}/outcome')}"
    ]


def test_the_way_from_the_policy_to_the_request_is_one_look(portal: Browser, policy: Policy) -> None:
    for place in ("", "edit", "requests/new", f"{NEW}/phone", f"{NEW}/information", f"{NEW}/choice"):
        assert portal.get(at(policy, place)).status_code == 200
    assert events("policy:viewed") == 1
    assert {reading.rows for reading in Reading.select()} == {1}


class TestFewRowsAnHour:
    """A zone in which a broker may read three rows an hour."""

    @pytest.fixture
    def config(self, config: Config) -> Config:
        return replace(config, limits=Limits(portfolio_rows_per_hour=3))

    @pytest.mark.parametrize("place", ["", "edit", "requests/new", f"{NEW}/phone", f"{NEW}/information"])
    def test_nobody_reads_a_portfolio_policy_by_policy(
        self, english: Browser, broker: Person, vault: Vault, place: str
    ) -> None:
        for _ in range(6):
            give_mandate(make_client(vault), broker.account_id)
        pages = [english.get(at(policy, place)) for policy in Policy.select().order_by(Policy.id)]
        opened = [page for page in pages if page.status_code < 400]
        refused = [page for page in pages if page.status_code == 409]
        assert (len(opened), len(refused)) == (3, len(pages) - 3)
        assert all("you can search and open more after" in page.text for page in refused)
        assert (events("policy:viewed"), events("portfolio:alarm")) == (3, 1)
