"""The worker's part: each client once, at the pace, however many work."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from threading import Event as Signal

import pytest
import time_machine
from peewee import Database

from tests.campaigns.conftest import MakeClients, Start, fresh
from tests.clients.statements import counting
from tests.messages.outbox_parts import ON_POSTGRES
from tests.people import MARIA, make_client, someone
from tests.together import together
from zone.accounts.models import Account
from zone.audit import OPERATOR, Actor, Role
from zone.audit.models import Event
from zone.campaigns.advance import BATCH, advance
from zone.campaigns.models import Campaign, Invitation, State
from zone.campaigns.start import pause, resume, stop
from zone.campaigns.whom import NOT_AGAIN_WITHIN, Criteria
from zone.clients.models import Client, hold
from zone.clients.people import upsert
from zone.clock import now
from zone.letter_passwords.set_own import set_own
from zone.messages.models import Kind, Message
from zone.secret import Secret
from zone.storage import transaction, using
from zone.vault import Vault

OWN = Secret("slnko nad Tatrami")
MINUTE = timedelta(minutes=1)


def run(campaign: Campaign, *, minutes: int = 10) -> Campaign:
    """Let the worker look each minute until the campaign is over."""
    at = now()
    for minute in range(minutes):
        with time_machine.travel(at + minute * MINUTE, tick=False):
            advance()
    return fresh(campaign)


def invited() -> list[int]:
    return [row.client_id for row in Invitation.select().order_by(Invitation.id)]


def test_each_gets_one_mail_in_their_language_under_the_name_of_who_started(
    begin: Start, agent: Actor, clients: MakeClients
) -> None:
    made = [*clients(2), *clients(1, language="en")]
    campaign = run(begin())
    assert (campaign.state, campaign.invited, campaign.finished_at is not None) == (State.DONE, 3, True)
    messages = list(Message.select().order_by(Message.id))
    assert [message.client_id for message in messages] == invited() == [client.id for client in made]
    assert {(message.kind, message.channel) for message in messages} == {(Kind.INVITATION, "mail")}
    assert [message.language for message in messages] == ["sk", "sk", "en"]
    assert {row.message_id for row in Invitation.select()} == {message.id for message in messages}
    events = list(Event.select().where(Event.tag == "campaign:invited").order_by(Event.id))
    assert [event.client_id for event in events] == invited()
    assert {(event.actor_role, event.actor_id) for event in events} == {(Role.SUPPORT, agent.account_id)}


def test_who_cannot_or_need_not_set_one_is_left_alone(
    begin: Start, clients: MakeClients, vault: Vault
) -> None:
    (wanted,) = clients()
    make_client(vault)  # has no account
    clients(1, birth_number=None)  # has a generated one
    (own,) = clients()
    set_own(vault, Actor(Role.CLIENT, Account.get(Account.client == own).id), own.id, OWN)
    run(begin())
    assert invited() == [wanted.id]


@pytest.mark.parametrize(
    ("criteria", "names"),
    [
        (Criteria(), {"three", "four", "english"}),
        (Criteria(digits=3), {"three"}),
        (Criteria(digits=4), {"four", "english"}),
        (Criteria(language="en"), {"english"}),
        (Criteria(digits=3, language="en"), set()),
    ],
)
def test_the_chosen_part_is_invited(
    begin: Start, clients: MakeClients, criteria: Criteria, names: set[str]
) -> None:
    clients(1, name="three", birth_number=MARIA.birth_number)
    clients(1, name="four")
    clients(1, name="english", language="en")
    run(begin(criteria))
    found = Client.select().where(Client.id.in_(invited()))
    assert {client.name for client in found} == names


def test_nobody_is_invited_again_too_soon(begin: Start, clients: MakeClients) -> None:
    clients(2)
    run(begin())
    run(begin(token="again"))
    assert len(invited()) == 2
    with time_machine.travel(now() + NOT_AGAIN_WITHIN + timedelta(hours=1), tick=True):
        assert run(begin(token="later")).invited == 2
    assert Counter(invited()).most_common()[0][1] == 2


def test_no_more_are_invited_than_at_most(begin: Start, clients: MakeClients) -> None:
    clients(5)
    campaign = run(begin(most=3))
    assert (campaign.state, campaign.invited, len(invited())) == (State.DONE, 3, 3)


def test_it_keeps_its_pace(begin: Start, clients: MakeClients) -> None:
    clients(9)
    at = now()
    gone = []
    with time_machine.travel(at, tick=False) as clock:
        campaign = begin(per_hour=60)
        for _ in range(4):
            gone.append(advance() + advance())
            clock.shift(MINUTE)
        clock.shift(timedelta(hours=5))  # the worker stood still
        gone.append(advance())
    assert gone == [1, 1, 1, 1, 4]
    assert fresh(campaign).state == State.RUNNING


def test_a_pause_is_no_saving_up(begin: Start, agent: Actor, clients: MakeClients) -> None:
    clients(6)
    with time_machine.travel(now(), tick=False) as clock:
        campaign = begin(per_hour=60)
        assert advance() == 1
        pause(agent, campaign.reference)
        clock.shift(timedelta(hours=1))
        assert advance() == 0
        resume(agent, campaign.reference)
        assert advance() == 0
        clock.shift(MINUTE)
        assert advance() == 1
        stop(agent, campaign.reference)
        clock.shift(MINUTE)
        assert advance() == 0
    assert len(invited()) == 2


def test_a_clock_that_ran_ahead_holds_nobody_up_once_it_is_put_right(
    begin: Start, clients: MakeClients
) -> None:
    clients(9)
    at = now()
    with time_machine.travel(at, tick=False) as clock:
        begin(per_hour=60)
        assert advance() == 1
        clock.move_to(at + timedelta(days=2))
        assert advance() == 4
        clock.move_to(at + MINUTE)
        gone = []
        for _ in range(4):
            gone.append(advance())
            clock.shift(MINUTE)
    assert gone == [0, 1, 1, 1]


@pytest.mark.parametrize("campaigns", [1, 3])
def test_several_workers_invite_each_client_once(
    database: Database, begin: Start, clients: MakeClients, campaigns: int
) -> None:
    made = clients(12)
    for number in range(campaigns):
        begin(token=f"t{number}")
    for minute in range(1, 5):
        with time_machine.travel(now() + minute * MINUTE, tick=True):
            together(database, [advance] * 4)
    assert sorted(invited()) == sorted(client.id for client in made)
    assert Message.select().count() == 12
    assert sum(campaign.invited for campaign in Campaign.select()) == 12


@contextmanager
def elsewhere(database: Database, act: Callable[[], None]) -> Iterator[Callable[[], None]]:
    """Another transaction in which `act` was done; it ends with the block, or when what is given is called."""
    begun, end = Signal(), Signal()

    def run() -> None:
        with using(database), transaction():
            act()
            begun.set()
            assert end.wait(timeout=30)

    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(run)
        assert begun.wait(timeout=30)

        def finish() -> None:
            end.set()
            running.result(timeout=30)

        try:
            yield finish
        finally:
            finish()


@ON_POSTGRES  # SQLite has one writer at a time: nobody else holds anything meanwhile
@pytest.mark.parametrize("place", [0, 2, 4])
def test_a_batch_ends_before_who_is_held_and_waits_for_nobody(
    database: Database, begin: Start, clients: MakeClients, place: int
) -> None:
    made = [client.id for client in clients(5)]
    campaign = begin()
    with time_machine.travel(now() + MINUTE, tick=False):
        with elsewhere(database, lambda: hold(made[place])):
            assert (advance(), invited()) == (place, made[:place])
            assert (advance(), fresh(campaign).state) == (0, State.RUNNING)
            assert fresh(campaign).cursor == (made[place - 1] if place else 0)
        assert (advance(), invited()) == (5 - place, made)
    assert (fresh(campaign).invited, fresh(campaign).state) == (5, State.DONE)


@ON_POSTGRES
def test_who_is_erased_at_that_moment_is_waited_for_and_then_passed_over(
    database: Database, begin: Start, clients: MakeClients
) -> None:
    first, gone, last = (client.id for client in clients(3))
    begin()
    with time_machine.travel(now() + MINUTE, tick=False):
        with elsewhere(database, lambda: Client.delete().where(Client.id == gone).execute()):
            assert (advance(), invited()) == (1, [first])
        assert (advance(), invited()) == (1, [first, last])


@ON_POSTGRES
def test_an_import_in_any_order_and_a_campaign_do_not_wait_for_each_other(
    database: Database, begin: Start, clients: MakeClients, vault: Vault
) -> None:
    made = clients(3)
    begin()

    def change(client: Client) -> None:
        details = someone(reference=client.reference, email=client.email, name="Jana Nová")
        upsert(vault, OPERATOR, details, at=now())

    def bring_in() -> None:
        with transaction():
            for client in reversed(made):
                change(client)

    with time_machine.travel(now() + MINUTE, tick=True):
        with elsewhere(database, lambda: change(made[2])):
            assert (advance(), invited()) == (2, [made[0].id, made[1].id])
        together(database, [advance, bring_in, advance, bring_in])
        advance()
    assert invited() == [client.id for client in made]


def test_who_comes_meanwhile_is_invited_too(begin: Start, clients: MakeClients) -> None:
    clients(1)
    with time_machine.travel(now(), tick=False) as clock:
        campaign = begin(per_hour=60)
        advance()
        clients(2)
        for _ in range(3):
            clock.shift(MINUTE)
            advance()
    found = fresh(campaign)
    assert (found.invited, found.planned, found.state) == (3, 1, State.DONE)


def test_a_batch_reads_as_much_however_many_are_invited(
    database: Database, begin: Start, clients: MakeClients
) -> None:
    reads = []
    for number in (2, 20):
        clients(number)
        begin(token=str(number))
        with time_machine.travel(now() + MINUTE, tick=False), counting(database) as statements:
            assert advance() == number
        reads.append(
            sum(text.lstrip().startswith("SELECT") and "pg_notify" not in text for text in statements)
        )
    assert reads[0] == reads[1]


def test_large_ones_go_batch_by_batch(begin: Start, clients: MakeClients) -> None:
    clients(BATCH + 2)
    campaign = begin()
    with time_machine.travel(now() + MINUTE, tick=False):
        assert advance() == BATCH + 2
    assert fresh(campaign).state == State.DONE
