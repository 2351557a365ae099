"""Migration 0012 with requests in the database: they stay, with their letters, and find their client."""

from __future__ import annotations

from datetime import timedelta

import pytest
from peewee import Database

from tests.letters.posted import bring, post
from tests.people import give_mandate
from tests.requests.conftest import agent
from zone.audit import OPERATOR, Actor, Role
from zone.clients import policies
from zone.clients.models import Client, Mandate, Policy
from zone.clock import now
from zone.config import Limits
from zone.letter_passwords.set_own import set_own
from zone.letters.erasure import erase
from zone.letters.intake import Intake
from zone.requests.ask import ask_resend, ask_reset
from zone.requests.models import Request, RequestCopy
from zone.requests.scope import OnClient, OnPolicy
from zone.secret import Secret
from zone.storage import transaction
from zone.storage.migrate import downgrade, upgrade

__all__ = ["agent"]

MIGRATION = "0012_requests_of_clients"
LIMITS = Limits()
BROKER = Actor(Role.BROKER, 7)


@pytest.fixture
def made(database: Database, jana: Client, intake: Intake) -> Request:
    """A reset with a letter, as a broker made it."""
    give_mandate(jana, 7)
    letter = bring(intake)
    post(intake)
    set_own(intake.vault, Actor(Role.CLIENT, 9), jana.id, Secret("slnko nad Tatrami"))
    scope = OnPolicy(Policy.get().id)
    return ask_reset(intake.vault, BROKER, scope, [letter.reference], token="form", limits=LIMITS)


def there_and_back(database: Database) -> None:
    downgrade(database, MIGRATION)
    upgrade(database)


def test_requests_stay_with_their_letters_and_know_their_client(
    database: Database, jana: Client, made: Request
) -> None:
    links = list(RequestCopy.select().tuples())
    there_and_back(database)
    kept = Request.get()
    assert kept.__data__ == made.__data__
    assert kept.client_id == jana.id
    assert list(RequestCopy.select().tuples()) == links != []


def test_the_form_still_makes_one_request(database: Database, made: Request, intake: Intake) -> None:
    there_and_back(database)
    scope = OnPolicy(made.policy_id or 0)
    assert ask_reset(intake.vault, BROKER, scope, [], token="form", limits=LIMITS) == made


def test_requests_of_support_do_not_outlive_the_way_back_and_their_numbers_are_not_given_again(
    database: Database, jana: Client, made: Request, agent: Actor, intake: Intake
) -> None:
    from_desk = ask_reset(intake.vault, agent, OnClient(jana.id), [], token="desk", limits=LIMITS)
    there_and_back(database)
    there_and_back(database)
    assert [request.id for request in Request.select()] == [made.id]
    again = ask_reset(intake.vault, agent, OnClient(jana.id), [], token="desk", limits=LIMITS)
    assert again.id > from_desk.id


def test_two_requests_by_one_forms_name_on_two_policies_are_both_kept(
    database: Database, jana: Client, made: Request
) -> None:
    with transaction():
        policies.upsert(jana.id, "PZ-other", "Život", at=now())
    other = Policy.get(Policy.number == "PZ-other")
    Mandate.create(broker_id=7, policy=other, starts_at=now() - timedelta(days=1))
    second = ask_resend(BROKER, OnPolicy(other.id), token="another", limits=LIMITS)
    Request.update(kind=made.kind).where(Request.id == second.id).execute()
    downgrade(database, MIGRATION)
    database.execute_sql("""UPDATE "request" SET "token" = 'form'""")
    upgrade(database)
    tokens = [request.token for request in Request.select().order_by(Request.id)]
    assert tokens == ["form", second.reference]


def test_what_belongs_to_a_client_still_goes_with_them(
    database: Database, jana: Client, made: Request, intake: Intake
) -> None:
    there_and_back(database)
    erase(intake.store, intake.vault, OPERATOR, jana.reference)
    assert (Request.select().count(), RequestCopy.select().count()) == (0, 0)


def test_killed_before_it_was_noted_it_is_done_again(database: Database, made: Request) -> None:
    database.execute_sql(f"DELETE FROM schema_migration WHERE name = '{MIGRATION}'")  # our own
    assert upgrade(database) == [MIGRATION]
    assert Request.get() == made
