"""A carrier and a mail server that do as they are told, and the rest of what a worker needs."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from email.message import EmailMessage

import pytest
from peewee import Database

from zone.audit import SYSTEM
from zone.messages import outbox, wake
from zone.messages.claims import LEASES, Leases
from zone.messages.handover import Receipt, Status
from zone.messages.mail.gateway import MailGateway
from zone.messages.models import Channel, Kind, Message
from zone.messages.render import Mail, Renderer, Sms
from zone.messages.sms.gateway import SmsGateway
from zone.messages.worker import Worker
from zone.secret import Secret
from zone.storage import transaction

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ON_POSTGRES = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
PHONE = "+421901000111"
TEXT = "kôň žerie ovos"
KINDS = {Channel.SMS: Kind.LETTER_PASSWORD, Channel.MAIL: Kind.LETTER}


@dataclass
class Carrier:
    """Plays either kind of gateway: answers each hand-over with the next of `answers`, then with yes."""

    name: str = "played"
    answers: list[Exception] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)
    reports: list[Receipt] = field(default_factory=list)
    closed: bool = False
    during: Callable[[str], object] = lambda _: None

    def send(
        self,
        *,
        reference: str,
        to: str = "",
        text: Secret | None = None,
        message: EmailMessage | None = None,
    ) -> None:
        self.during(reference)
        if self.answers:
            raise self.answers.pop(0)
        self.taken.append(reference)

    def receipts(self) -> Iterator[Receipt]:
        while self.reports:
            yield self.reports.pop(0)

    def close(self) -> None:
        self.closed = True


def render_sms(message: Message) -> Sms:
    return Sms(to=PHONE, text=Secret(TEXT))


def render_mail(message: Message) -> Mail:
    return Mail(EmailMessage())


RENDERERS: Mapping[Kind, Renderer] = {Kind.LETTER_PASSWORD: render_sms, Kind.LETTER: render_mail}


def enqueue(channel: Channel = Channel.SMS, *, lifetime: timedelta = timedelta(minutes=30)) -> Message:
    """One message in the outbox, committed."""
    with transaction():
        return outbox.enqueue(
            channel=channel,
            kind=KINDS[channel],
            client_id=1,
            subject_id=2,
            address_id=3,
            to_masked="+421 901 ••• 111",
            language="sk",
            actor=SYSTEM,
            lifetime=lifetime,
        )


@contextmanager
def working(
    database: Database,
    *,
    sms: SmsGateway | None = None,
    mail: MailGateway | None = None,
    renderers: Mapping[Kind, Renderer] = RENDERERS,
    leases: Mapping[Channel, Leases] = LEASES,
) -> Iterator[threading.Event]:
    """A worker in threads of this process. Yields what stops it; it must end well and soon."""
    worker = Worker(
        database, sms=sms or Carrier(), mail=mail or Carrier(), renderers=renderers, leases=leases
    )
    stop = threading.Event()
    with ThreadPoolExecutor(1) as thread:
        work = thread.submit(worker.run, stop)
        try:
            yield stop
        finally:
            stop.set()
            call_everyone()
            work.result(30)


def call_everyone() -> None:
    """Wake both lanes, so that a test need not wait for their next look."""
    with transaction():
        for channel in Channel:
            wake.nudge(channel)


def until(holds: Callable[[], object], seconds: float = 15) -> None:
    """Wait for something that must come to pass."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come to pass in time"
        time.sleep(0.005)


def comes_to(message: Message, status: Status, seconds: float = 15) -> None:
    """Wait until `message` has `status`."""
    until(lambda: state(message) == status, seconds)


def state(message: Message) -> str:
    """The status that the database has for it now."""
    return str(fresh(message).status)


def fresh(message: Message) -> Message:
    """The row as it is now."""
    return Message.get_by_id(message.id)


class Undone(Exception):
    """An act went wrong after it had asked for a message."""


def undo(act: Callable[[], object]) -> None:
    """Do `act` in a transaction that fails afterwards."""
    with transaction():
        act()
        raise Undone
