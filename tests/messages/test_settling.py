"""What a person says of an unknown message, and what a carrier says after that."""

from __future__ import annotations

import json

import pytest
from peewee import Database

from tests.clients.statements import planning
from tests.messages.outbox_parts import enqueue, fresh
from tests.together import together
from zone.audit import OPERATOR, Actor, Role
from zone.audit.models import Event
from zone.messages import of_client, receipts
from zone.messages.claims import finish
from zone.messages.handover import Reason, Receipt, Status
from zone.messages.models import Message
from zone.messages.of_client import NoSuchMessage
from zone.messages.settling import may_settle, settle

AGENT = Actor(Role.SUPPORT, 3)


def message_in(status: Status, reason: Reason | None = None) -> Message:
    message = enqueue()
    Message.update(status=status, reason=reason).where(Message.id == message.id).execute()
    return fresh(message)


def settled_events() -> list[Event]:
    return list(Event.select().where(Event.tag == "message:settled").order_by(Event.id))


@pytest.mark.parametrize(
    ("arrived", "status", "reason"),
    [(True, Status.DELIVERED, None), (False, Status.FAILED, Reason.NOT_ARRIVED)],
)
@pytest.mark.parametrize("actor", [AGENT, OPERATOR])
def test_a_person_settles_an_unknown_message_once(
    database: Database, actor: Actor, arrived: bool, status: Status, reason: Reason | None
) -> None:
    message = message_in(Status.UNKNOWN, Reason.INTERRUPTED)
    assert may_settle(message)
    assert settle(actor, message.reference, arrived=arrived)
    assert not settle(actor, message.reference, arrived=arrived)
    assert not settle(actor, message.reference, arrived=not arrived)
    settled = fresh(message)
    assert (settled.status, settled.reason) == (status, reason)
    assert settled.settled_at is not None
    (event,) = settled_events()
    assert (event.client_id, event.actor_role) == (message.client_id, actor.role)
    assert json.loads(event.facts) == {"message": message.reference, "arrived": arrived}


@pytest.mark.parametrize("status", [each for each in Status if each is not Status.UNKNOWN])
def test_what_is_not_unknown_is_not_theirs_to_settle(database: Database, status: Status) -> None:
    message = message_in(status)
    assert not may_settle(message)
    assert not settle(AGENT, message.reference, arrived=True)
    assert not settle(AGENT, message.reference, arrived=False)
    assert (fresh(message).status, settled_events()) == (status, [])


def test_what_is_not_there_changes_nothing(database: Database) -> None:
    assert not settle(AGENT, "no such message", arrived=True)


@pytest.mark.parametrize("role", [Role.CLIENT, Role.BROKER, Role.PROGRAM, Role.SYSTEM])
def test_nobody_else_settles(database: Database, role: Role) -> None:
    message = message_in(Status.UNKNOWN)
    with pytest.raises(PermissionError):
        settle(Actor(role, 1), message.reference, arrived=True)
    assert fresh(message).status == Status.UNKNOWN


@pytest.mark.parametrize("arrived", [True, False])
@pytest.mark.parametrize("later", [Status.SENT, Status.DELIVERED, Status.FAILED])
def test_a_receipt_that_comes_later_changes_nothing(database: Database, arrived: bool, later: Status) -> None:
    message = message_in(Status.UNKNOWN)
    settle(AGENT, message.reference, arrived=arrived)
    before = fresh(message)
    assert not receipts.settle(Receipt(message.reference, later, Reason.EXPIRED))
    after = fresh(message)
    assert (after.status, after.reason, after.settled_at) == (before.status, before.reason, before.settled_at)


def test_nor_does_a_worker_that_comes_back_late(database: Database) -> None:
    message = message_in(Status.UNKNOWN)
    settle(AGENT, message.reference, arrived=True)
    assert not finish(message, Status.FAILED, Reason.UNAVAILABLE)
    assert fresh(message).status == Status.DELIVERED


@pytest.mark.parametrize("_", range(4))
def test_of_a_person_and_a_receipt_at_the_same_moment_one_has_it(database: Database, _: int) -> None:
    message = message_in(Status.UNKNOWN)
    receipt = Receipt(message.reference, Status.DELIVERED)
    by_person, by_carrier = together(
        database,
        [lambda: settle(AGENT, message.reference, arrived=False), lambda: receipts.settle(receipt)],
    )
    assert by_person != by_carrier
    assert fresh(message).status == (Status.FAILED if by_person else Status.DELIVERED)


def test_the_messages_of_a_client_come_newest_first_page_by_page(database: Database) -> None:
    mine = [enqueue() for _ in range(of_client.PAGE + 2)]
    others = enqueue()
    Message.update(client_id=2).where(Message.id == others.id).execute()
    first = of_client.page(1)
    second = of_client.page(1, before=first.older)
    found = [message.id for message in (*first.messages, *second.messages)]
    assert found == [message.id for message in reversed(mine)]
    assert (len(first.messages), second.older) == (of_client.PAGE, None)
    assert of_client.one(1, mine[0].reference) == mine[0]
    with pytest.raises(NoSuchMessage):
        of_client.one(1, others.reference)


def test_a_page_is_read_off_an_index_however_many_messages_others_have(database: Database) -> None:
    enqueue()
    with planning(database) as plans:
        of_client.page(1, before=10**6)
    ((_, plan),) = plans
    assert "message_client_id_id" in plan
