"""A letter whose e-mail was lost leaves the worklist once another copy of it goes, and for no other letter."""

from __future__ import annotations

from peewee import Database

from tests.clients.statements import planning
from tests.letters.posted import bring, only_copy
from tests.people import JANA, make_client
from zone.audit import OPERATOR
from zone.clock import now
from zone.letters import lost_messages
from zone.letters.intake import Intake
from zone.letters.models import Copy, Letter
from zone.letters.send_again import send_again
from zone.messages.handover import Reason, Status
from zone.messages.models import Message
from zone.storage import is_postgres, marks


def lose(letter: Letter) -> int:
    copy = only_copy(letter)
    Message.update(status=Status.FAILED, reason=Reason.ADDRESS).where(Message.id == copy.message_id).execute()
    return int(copy.message_id or 0)


def listed() -> list[int]:
    return [message.id for message in lost_messages.page().messages]


def test_only_another_copy_of_the_same_letter_makes_up_for_it(database: Database, intake: Intake) -> None:
    client = make_client(intake.vault, JANA)
    first, second = bring(intake), bring(intake)
    lost = [lose(first), lose(second)]
    bring(intake)  # a third letter, which arrives
    assert listed() == lost[::-1]
    assert lost_messages.count().count == 2
    (copy,) = send_again(intake.vault, OPERATOR, client.id, [first.reference], limits=intake.limits)
    assert listed() == [lost[1]]
    again = Message.id == copy.message_id
    Message.update(status=Status.FAILED).where(again).execute()
    assert listed() == [copy.message_id, *lost[::-1]]


def test_one_that_waits_stands_on_the_letters_own_worklist(database: Database, intake: Intake) -> None:
    client = make_client(intake.vault, JANA)
    letter = bring(intake)
    lose(letter)
    (copy,) = send_again(intake.vault, OPERATOR, client.id, [letter.reference], limits=intake.limits)
    Copy.update(message=None, waits_for="no_phone").where(Copy.id == copy.id).execute()
    assert listed() == []


def test_it_reads_the_lost_ones_alone_and_for_each_its_own(database: Database, intake: Intake) -> None:
    make_client(intake.vault, JANA)
    for _ in range(5):
        lose(bring(intake))
    with planning(database) as plans:
        lost_messages.page(after=marks.at(now(), 5))
        lost_messages.count()
    assert len(plans) == 2
    for _, plan in plans:
        assert "message_lost" in plan
        assert "SCAN message\n" not in plan
        assert "B-TREE" not in plan
        assert "hashed" not in plan
        assert "copy_letter_id" in plan or is_postgres(database)
        # PostgreSQL takes it once it knows how many clients there are.
        assert "client_id_kind" in plan or is_postgres(database)
