from __future__ import annotations

import pytest
from peewee import Database

from tests.messages.outbox_parts import enqueue, fresh
from zone.messages.handover import Reason, Receipt, Status
from zone.messages.models import Message
from zone.messages.receipts import settle


def message_in(status: Status, reason: Reason | None = None) -> Message:
    message = enqueue()
    Message.update(status=status, reason=reason).where(Message.id == message.id).execute()
    return message


def test_a_receipt_delivers_once(database: Database) -> None:
    message = message_in(Status.SENT)
    receipt = Receipt(message.reference, Status.DELIVERED)
    assert settle(receipt)
    settled = fresh(message)
    assert settled.status == Status.DELIVERED
    assert settled.settled_at is not None
    assert not settle(receipt)
    assert not settle(Receipt(message.reference, Status.FAILED, Reason.EXPIRED))
    assert not settle(Receipt(message.reference, Status.SENT))
    assert fresh(message).settled_at == settled.settled_at


def test_a_receipt_settles_the_unknown(database: Database) -> None:
    message = message_in(Status.UNKNOWN, Reason.INTERRUPTED)
    assert settle(Receipt(message.reference, Status.DELIVERED))
    settled = fresh(message)
    assert (settled.status, settled.reason) == (Status.DELIVERED, None)
    assert settled.sent_at is not None


def test_a_failing_receipt_keeps_its_reason(database: Database) -> None:
    message = message_in(Status.SENT)
    assert settle(Receipt(message.reference, Status.FAILED, Reason.EXPIRED))
    assert fresh(message).reason == Reason.EXPIRED


def test_a_receipt_may_come_before_the_hand_over_is_recorded(database: Database) -> None:
    message = message_in(Status.SENDING)
    assert settle(Receipt(message.reference, Status.DELIVERED))
    assert fresh(message).status == Status.DELIVERED


@pytest.mark.parametrize("status", [Status.SENT, Status.DELIVERED, Status.FAILED])
def test_a_receipt_for_what_is_still_queued_changes_nothing(database: Database, status: Status) -> None:
    message = message_in(Status.QUEUED)
    assert not settle(Receipt(message.reference, status))
    assert fresh(message).status == Status.QUEUED


@pytest.mark.parametrize("status", [Status.QUEUED, Status.SENDING, Status.UNKNOWN])
def test_a_receipt_that_tells_nothing_changes_nothing(database: Database, status: Status) -> None:
    message = message_in(Status.SENT)
    assert not settle(Receipt(message.reference, status))
    assert fresh(message).status == Status.SENT


def test_a_receipt_for_nobody_is_passed_over_and_its_reference_is_shown_safely(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    assert not settle(Receipt("no such\nreference" + "x" * 1000, Status.DELIVERED))
    assert "no such\\nreference" in caplog.text
    assert len(caplog.text) < 250
