from __future__ import annotations

from datetime import timedelta

import pytest
from peewee import Database

from tests.messages.outbox_parts import Undone, enqueue, fresh, undo
from zone.audit import Actor, Role
from zone.messages import claims, outbox
from zone.messages.handover import Reason, Status
from zone.messages.models import Channel, Kind, Message
from zone.storage import transaction


def ask(actor: Actor) -> Message:
    return outbox.enqueue(
        channel=Channel.MAIL,
        kind=Kind.LETTER,
        client_id=7,
        subject_id=8,
        to_masked="j•••@example.org",
        language="sk",
        actor=actor,
        lifetime=timedelta(days=2),
    )


def test_a_message_holds_what_was_asked_for(database: Database) -> None:
    with transaction():
        message = fresh(ask(Actor(Role.BROKER, 5)))
    assert (message.channel, message.kind, message.status) == (Channel.MAIL, Kind.LETTER, Status.QUEUED)
    assert (message.client_id, message.subject_id, message.address_id) == (7, 8, None)
    assert (message.actor_role, message.actor_id) == (Role.BROKER, 5)
    assert message.due_at == message.queued_at
    assert message.expires_at - message.queued_at == timedelta(days=2)
    assert len(message.reference) >= 20


def test_a_message_needs_the_transaction_of_its_act(database: Database) -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        ask(Actor(Role.CLIENT, 1))
    assert Message.select().count() == 0


def test_an_act_undone_leaves_no_message(database: Database) -> None:
    with pytest.raises(Undone):
        undo(lambda: ask(Actor(Role.CLIENT, 1)))
    assert Message.select().count() == 0


def test_references_differ(database: Database) -> None:
    assert len({enqueue().reference for _ in range(20)}) == 20


def test_what_is_withdrawn_fails_unless_its_hand_over_has_begun(database: Database) -> None:
    begun, other, withdrawn = enqueue(), enqueue(), enqueue()
    taken = claims.take(Channel.SMS, "one", timedelta(minutes=1))
    assert taken is not None
    assert claims.begin(taken, "played", timedelta(minutes=1))
    with transaction():
        outbox.withdraw(Message.id.in_([begun.id, withdrawn.id]))
    assert [fresh(one).status for one in (begun, other, withdrawn)] == ["sending", "queued", "failed"]
    assert fresh(withdrawn).reason == Reason.UNRENDERABLE
