"""A client is erased while a worker has one of their messages in hand."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from peewee import Database

from tests.letters.posted import CONFIG, bring, only_copy
from tests.messages.outbox_parts import Carrier, comes_to, fresh, working
from tests.people import JANA, PETER, make_client
from zone.audit import OPERATOR
from zone.clients.models import Client
from zone.letters import sending
from zone.letters.erasure import erase
from zone.letters.intake import Intake
from zone.messages import claims
from zone.messages.handover import Reason, Status
from zone.messages.models import Channel, Kind, Message
from zone.messages.render import CannotRender, Mail, Sms

LEASE = timedelta(minutes=1)


class Meeting:
    """Two threads meet: one waits here in the midst of its work until the other has done something."""

    def __init__(self) -> None:
        self.here, self.on = threading.Event(), threading.Event()

    def wait(self) -> None:
        self.here.set()
        assert self.on.wait(20)

    def meanwhile(self, act: Callable[[], object]) -> None:
        assert self.here.wait(20)
        act()
        self.on.set()


@pytest.fixture
def peter(database: Database, intake: Intake, jana: Client) -> Client:
    return make_client(intake.vault, PETER)


def brought(intake: Intake, client: str = JANA.reference) -> Message:
    """The message of a letter that came in just now."""
    message = only_copy(bring(intake, client=client)).message
    assert message is not None
    return message


def forget_jana(intake: Intake) -> None:
    assert erase(intake.store, intake.vault, OPERATOR, JANA.reference) is not None


@pytest.mark.parametrize("when", ["before", "after"])
def test_while_the_letter_is_written_nothing_goes_out_and_the_worker_works_on(
    intake: Intake, peter: Client, database: Database, when: str
) -> None:
    message = brought(intake)
    meeting, carrier = Meeting(), Carrier()
    write = sending.renderer(intake, CONFIG)

    def render(taken: Message) -> Mail | Sms:
        if taken.id != message.id:
            return write(taken)
        if when == "before":
            meeting.wait()
            return write(taken)
        carried = write(taken)
        meeting.wait()
        return carried

    with working(database, mail=carrier, renderers={Kind.LETTER: render}):
        meeting.meanwhile(lambda: forget_jana(intake))
        comes_to(brought(intake, PETER.reference), Status.SENT)
    assert len(carrier.taken) == 1
    assert message.reference not in carrier.taken
    assert not Message.select().where(Message.id == message.id).exists()


def test_what_is_being_handed_over_ends_as_sent_without_an_address(
    intake: Intake, peter: Client, database: Database
) -> None:
    message = brought(intake)
    meeting = Meeting()
    carrier = Carrier(during=lambda reference: meeting.wait() if reference == message.reference else None)
    with working(database, mail=carrier, renderers={Kind.LETTER: sending.renderer(intake, CONFIG)}):
        meeting.meanwhile(lambda: forget_jana(intake))
        comes_to(message, Status.SENT)
        comes_to(brought(intake, PETER.reference), Status.SENT)
    assert (fresh(message).to_masked, fresh(message).address_id) == ("", None)


def test_what_was_not_taken_fails_at_its_next_attempt(
    intake: Intake, peter: Client, database: Database
) -> None:
    bring(intake)
    taken = claims.take(Channel.MAIL, "one", LEASE)
    assert taken is not None
    assert claims.begin(taken, "played", LEASE)
    forget_jana(intake)
    assert claims.put_back(taken, Reason.UNAVAILABLE, "421")
    with pytest.raises(CannotRender):
        sending.renderer(intake, CONFIG)(fresh(taken))
