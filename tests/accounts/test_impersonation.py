"""Acting for a client: who may, how often, how long, and what is left of it in the trail."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
import time_machine
from peewee import Database, DoesNotExist

from tests.accounts.conftest import EVA, LIMITS, Add, Door
from tests.audit.trails import facts_of
from tests.together import together
from zone.accounts import acting_for, impersonation, sessions
from zone.accounts.acting_for import ActingFor
from zone.accounts.impersonation import AnotherOpen, ExtendedBefore, NotAgreed, NotAnAgent, OfStaff, Over
from zone.accounts.impersonation_reasons import NoTicket, Reason, ticket
from zone.accounts.impersonation_views import viewed
from zone.accounts.models import Account, Impersonation, Session
from zone.accounts.principal import Principal
from zone.audit import Role
from zone.audit.models import Event
from zone.clients.models import Client
from zone.clock import now
from zone.config import ImpersonationRules, Notice
from zone.messages.models import Message
from zone.storage import accompany, close_database, open_database
from zone.vault import Vault

RULES = ImpersonationRules()


def _start(
    agent: Principal,
    client_id: int | None,
    *,
    ticket_number: str = "PO-1",
    rules: ImpersonationRules = RULES,
    consented: bool = False,
) -> ActingFor:
    assert client_id is not None
    return impersonation.start(
        agent,
        client_id,
        reason=Reason.FORGOTTEN,
        ticket_number=ticket_number,
        rules=rules,
        consented=consented,
    )


def _tags() -> list[str]:
    return [e.tag for e in Event.select().order_by(Event.id) if e.tag.startswith("impersonation:")]


def _found(agent: Principal, started: ActingFor) -> ActingFor | None:
    return acting_for.find(agent.account_id, agent.session_id, started.reference)


def test_the_agent_stays_the_actor_and_the_client_is_whom_they_act_for(eva: Principal, jana: Account) -> None:
    started = _start(eva, jana.client_id)
    principal = eva.for_client(started)
    assert (principal.role, principal.account_id, principal.client_id) == (
        Role.SUPPORT,
        eva.account_id,
        jana.client_id,
    )
    event = Event.get(Event.tag == "impersonation:started")
    assert (event.actor_role, event.actor_id) == (Role.SUPPORT, eva.account_id)
    assert (event.client_id, event.impersonation_id) == (jana.client_id, started.id)
    assert principal.actor.impersonation_id == started.id
    assert facts_of(event)["ticket"] == "PO-1"


@pytest.mark.parametrize("notice", Notice)
def test_the_client_is_told_as_the_setting_says(eva: Principal, jana: Account, notice: Notice) -> None:
    _start(eva, jana.client_id, rules=ImpersonationRules(notice=notice))
    assert [message.kind for message in Message.select()] == ["impersonation"] * (notice is Notice.MAIL)


def test_one_at_a_time_and_a_double_click_is_one(eva: Principal, jana: Account, add: Add) -> None:
    started = _start(eva, jana.client_id)
    assert _start(eva, jana.client_id).id == started.id
    with pytest.raises(AnotherOpen):
        _start(eva, add("peter@example.org").client_id)
    with time_machine.travel(now() + impersonation.DOUBLE_CLICK, tick=False), pytest.raises(AnotherOpen):
        _start(eva, jana.client_id)
    with pytest.raises(AnotherOpen):
        impersonation.check_free(eva)
    assert (Impersonation.select().count(), Message.select().count()) == (1, 1)


def test_the_same_agent_in_another_browser_has_none_and_may_end_that_one(
    door: Door, eva: Principal, jana: Account
) -> None:
    started = _start(eva, jana.client_id)
    other = door(email=EVA).principal
    assert _found(other, started) is None
    with pytest.raises(AnotherOpen):
        _start(other, jana.client_id)
    impersonation.end(other, started.reference)
    assert _start(other, jana.client_id).id != started.id


def test_parallel_starts_make_one(
    eva: Principal, jana: Account, add: Add, database_url: str, vault: Vault
) -> None:
    peter = add("peter@example.org")
    database = open_database(database_url)
    accompany(database, vault)

    def act(client_id: int | None) -> int | None:
        try:
            return _start(eva, client_id).id
        except AnotherOpen:
            return None

    clients = [jana.client_id, peter.client_id] * 4
    got = together(database, [partial(act, client_id) for client_id in clients])
    close_database(database)
    assert Impersonation.select().count() == 1
    assert len({number for number in got if number is not None}) == 1


@pytest.mark.parametrize("role", [Role.CLIENT, Role.BROKER])
def test_who_is_no_agent_any_more_starts_none(eva: Principal, jana: Account, role: Role) -> None:
    Account.update(role=role).where(Account.id == eva.account_id).execute()
    with pytest.raises(NotAnAgent):
        _start(eva, jana.client_id)


def test_nor_does_who_is_signed_out(eva: Principal, jana: Account) -> None:
    sessions.sign_out(eva)
    with pytest.raises(NotAnAgent):
        _start(eva, jana.client_id)
    assert _tags() == []


@pytest.mark.parametrize("email", [EVA, EVA.upper()])
def test_nobody_acts_for_staff(eva: Principal, jana: Account, email: str) -> None:
    Client.update(email=email).where(Client.id == jana.client_id).execute()
    with pytest.raises(OfStaff):
        _start(eva, jana.client_id)
    with pytest.raises(DoesNotExist):
        _start(eva, 10**9)


@pytest.mark.parametrize("close", [impersonation.close_over, None], ids=["by the worker", "by the next one"])
def test_it_is_over_once_the_client_is_one_of_the_staff(
    eva: Principal, jana: Account, add: Add, close: Callable[[], None] | None
) -> None:
    started = _start(eva, jana.client_id)
    Client.update(email=EVA).where(Client.id == jana.client_id).execute()
    found = _found(eva, started)
    assert found is not None
    assert not found.in_force
    impersonation.check_free(eva)
    with pytest.raises(Over):
        impersonation.extend(eva, started.reference, reason=Reason.FORGOTTEN, rules=RULES)
    if close:
        close()
    _start(eva, add("peter@example.org").client_id)
    ended = Impersonation.get(Impersonation.reference == started.reference)
    assert (ended.ended_by, ended.ended_at < ended.ends_at) == ("staff", True)
    assert _tags() == ["impersonation:started", "impersonation:ended", "impersonation:started"]


def test_where_the_client_has_to_agree_nothing_starts_without_that(eva: Principal, jana: Account) -> None:
    rules = ImpersonationRules(consent=True)
    with pytest.raises(NotAgreed):
        _start(eva, jana.client_id, rules=rules)
    _start(eva, jana.client_id, rules=rules, consented=True)
    assert Impersonation.get().consented


@pytest.mark.parametrize("typed", ["PO-1", " 2041 ", "#12/B", "A" * 31 + "1"])
def test_a_ticket_has_a_number(typed: str) -> None:
    assert ticket(typed) == typed.strip()


@pytest.mark.parametrize("typed", ["", "Kovacova", "PO 1", "1\n2", "č1", "-1", "1" * 33, "<1>"])
def test_anything_else_is_none(typed: str) -> None:
    with pytest.raises(NoTicket):
        ticket(typed)


def test_it_ends_by_itself_and_the_trail_says_when(eva: Principal, jana: Account) -> None:
    started = _start(eva, jana.client_id)
    found = _found(eva, started)
    assert found is not None
    assert found.in_force
    with time_machine.travel(started.ends_at, tick=False):
        found = _found(eva, started)
        assert found is not None
        assert (found.in_force, found.over_at) == (False, started.ends_at)
        with pytest.raises(Over):
            impersonation.extend(eva, started.reference, reason=Reason.QUESTION, rules=RULES)
        impersonation.close_over()
        impersonation.close_over()
        impersonation.end(eva, started.reference)
    row = Impersonation.get()
    assert (row.ended_at, row.ended_by) == (row.ends_at, "time")
    assert _tags() == ["impersonation:started", "impersonation:expired"]


def test_it_is_extended_once(eva: Principal, jana: Account) -> None:
    started = _start(eva, jana.client_id)
    for _ in range(2):
        impersonation.extend(eva, started.reference, reason=Reason.QUESTION, rules=RULES)
    row = Impersonation.get()
    assert row.ends_at == started.ends_at + timedelta(minutes=RULES.minutes)
    assert row.extension_reason == Reason.QUESTION
    with time_machine.travel(now() + impersonation.DOUBLE_CLICK, tick=False), pytest.raises(ExtendedBefore):
        impersonation.extend(eva, started.reference, reason=Reason.QUESTION, rules=RULES)
    assert _tags() == ["impersonation:started", "impersonation:extended"]


def test_ending_twice_is_ending_once(eva: Principal, jana: Account) -> None:
    started = _start(eva, jana.client_id)
    for _ in range(2):
        impersonation.end(eva, started.reference)
    with pytest.raises(Over):
        impersonation.extend(eva, started.reference, reason=Reason.QUESTION, rules=RULES)
    assert _tags() == ["impersonation:started", "impersonation:ended"]


def test_signing_out_ends_it(eva: Principal, jana: Account) -> None:
    _start(eva, jana.client_id)
    sessions.sign_out(eva)
    assert Impersonation.get().ended_by == "sign_out"


def test_a_lost_session_ends_it_and_no_later_one_takes_it_up(
    door: Door, eva: Principal, jana: Account
) -> None:
    started = _start(eva, jana.client_id)
    Session.delete().where(Session.id == eva.session_id).execute()
    later = door(email=EVA).principal  # SQLite may give the session the number of the one before
    assert _found(later, started) is None
    assert _start(later, jana.client_id).id != started.id
    assert Impersonation.get_by_id(started.id).ended_by == "session"


def test_another_agent_has_nothing_of_it(eva: Principal, jana: Account, door: Door, add: Add) -> None:
    started = _start(eva, jana.client_id)
    add("ivo@example.org")
    Account.update(role=Role.SUPPORT, client=None).where(Account.email == "ivo@example.org").execute()
    ivo = door(email="ivo@example.org").principal
    assert _found(ivo, started) is None
    impersonation.end(ivo, started.reference)
    with pytest.raises(Over):
        impersonation.extend(ivo, started.reference, reason=Reason.QUESTION, rules=RULES)
    assert Impersonation.get().ended_at is None


def test_each_page_leaves_one_trace(eva: Principal, jana: Account) -> None:
    principal = eva.for_client(_start(eva, jana.client_id))
    for subject in (None, "a", "a", "b", None):
        viewed(principal, "client.letter", subject)
    viewed(eva, "client.letter", None)
    assert _tags().count("impersonation:viewed") == 3


def test_it_outlives_the_client_and_is_nothing_then(
    eva: Principal, jana: Account, database: Database
) -> None:
    started = _start(eva, jana.client_id)
    Client.delete().where(Client.id == jana.client_id).execute()
    assert _found(eva, started) is None
    assert Impersonation.get().ticket == "PO-1"


def test_limits_are_those_of_the_session_too(door: Door, eva: Principal, jana: Account) -> None:
    token = door(email=EVA)
    started = _start(token.principal, jana.client_id)
    with time_machine.travel(now() + LIMITS.session_idle, tick=False):
        assert sessions.find(token.token, limits=LIMITS, renew=True) is None
        impersonation.close_over()
    assert Impersonation.get_by_id(started.id).ended_by == "session"
