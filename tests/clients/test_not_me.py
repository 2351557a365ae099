"""Links that say "this was not me": one purpose, one client, one thing, one time."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from peewee import Database

from tests.everything import snapshot
from tests.people import make_client
from zone.audit import Actor, Role, Tag
from zone.audit.models import Event
from zone.clients import holds, not_me
from zone.clients.holds import Why
from zone.clients.models import Client
from zone.clients.not_me import Claim, DeadLink, act, read
from zone.clock import now
from zone.config import Limits
from zone.vault import Vault

LIMITS = Limits()
URL = "https://zona.example.org"
AGENT = Actor(Role.SUPPORT, 3)


@pytest.fixture
def client(database: Database, vault: Vault) -> Client:
    return make_client(vault)


def token(vault: Vault, client_id: int, why: Why = Why.PHONE_CHANGE, subject_id: int = 5) -> str:
    link = not_me.link(vault, URL, why, client_id, subject_id)
    assert link.startswith(f"{URL}/not-me/")
    return link.removeprefix(f"{URL}/not-me/")


@pytest.mark.parametrize("why", Why)
def test_it_places_a_hold_for_what_was_not_the_client(client: Client, vault: Vault, why: Why) -> None:
    claim = act(vault, token(vault, client.id, why, 70_000), limits=LIMITS)
    assert claim == Claim(why, client.id, 70_000)
    hold = holds.standing(client.id)
    assert hold is not None
    assert (hold.why, hold.subject_id, hold.placed_by_role, hold.placed_by_account) == (
        why,
        70_000,
        "client",
        None,
    )


def test_reading_changes_nothing(client: Client, vault: Vault, database: Database) -> None:
    link = token(vault, client.id)
    before = snapshot(database)
    assert read(vault, link, limits=LIMITS) == Claim(Why.PHONE_CHANGE, client.id, 5)
    assert snapshot(database) == before


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    why=st.sampled_from(Why),
    client_id=st.integers(0, 2**63 - 1),
    subject_id=st.integers(0, 2**63 - 1),
    at=st.data(),
)
def test_it_says_what_it_was_made_for_and_no_letter_of_it_can_be_another(
    vault: Vault, why: Why, client_id: int, subject_id: int, at: st.DataObject
) -> None:
    link = token(vault, client_id, why, subject_id)
    assert not_me._open(vault, link, LIMITS) == Claim(why, client_id, subject_id)
    # The last letter carries fewer than six bits, so that another may stand for the same bytes.
    place = at.draw(st.integers(0, len(link) - 2))
    other = at.draw(st.sampled_from([letter for letter in "Aa0_-z" if letter != link[place]]))
    with pytest.raises(DeadLink):
        not_me._open(vault, link[:place] + other + link[place + 1 :], LIMITS)


@pytest.mark.parametrize(
    "forged", ["", "x", "A" * 27, "A" * 28, "A" * 29, "Á" * 28, "A" * 500, "..", "=" * 28]
)
def test_what_is_none_of_ours_does_nothing(client: Client, vault: Vault, forged: str) -> None:
    for do in (read, act):
        with pytest.raises(DeadLink):
            do(vault, forged, limits=LIMITS)


def test_it_works_for_thirty_days(client: Client, vault: Vault) -> None:
    link = token(vault, client.id)
    with time_machine.travel(now() + LIMITS.not_me_valid, tick=True):
        read(vault, link, limits=LIMITS)
    with time_machine.travel(now() + LIMITS.not_me_valid + timedelta(days=1), tick=True):
        for do in (read, act):
            with pytest.raises(DeadLink):
                do(vault, link, limits=LIMITS)


def test_a_double_click_is_one_and_then_it_is_used(client: Client, vault: Vault) -> None:
    link = token(vault, client.id)
    act(vault, link, limits=LIMITS)
    act(vault, link, limits=LIMITS)
    assert Event.select().where(Event.tag == Tag.HOLD_PLACED).count() == 1
    with pytest.raises(DeadLink):
        read(vault, link, limits=LIMITS)
    with time_machine.travel(now() + timedelta(minutes=2), tick=True), pytest.raises(DeadLink):
        act(vault, link, limits=LIMITS)


def test_after_support_lifted_the_hold_the_same_link_places_none(client: Client, vault: Vault) -> None:
    link = token(vault, client.id)
    act(vault, link, limits=LIMITS)
    holds.lift(AGENT, client.id)
    with pytest.raises(DeadLink):
        act(vault, link, limits=LIMITS)
    assert holds.standing(client.id) is None
    act(vault, token(vault, client.id, subject_id=6), limits=LIMITS)
    assert holds.standing(client.id) is not None


def test_a_client_who_is_gone_is_no_client(client: Client, vault: Vault) -> None:
    link = token(vault, client.id)
    Client.delete().where(Client.id == client.id).execute()
    for do in (read, act):
        with pytest.raises(DeadLink):
            do(vault, link, limits=LIMITS)
