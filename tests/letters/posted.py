"""Letters that come in and go out, in few words."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tests.letters.samples import letter_pdf
from tests.people import JANA
from zone.audit import OPERATOR
from zone.config import Config, Mode
from zone.letters import sending
from zone.letters.details import LetterDetails
from zone.letters.intake import Intake, receive
from zone.letters.models import Copy, Letter
from zone.messages.handover import Status
from zone.messages.models import Kind, Message
from zone.messages.render import CannotRender, Mail
from zone.secret import Secret

DETAILS = LetterDetails(client=JANA.reference, subject="Výpis")
CONFIG = Config(
    mode=Mode.DEMO,
    var=Path("var"),
    database_url="",
    sms_url="demo:",
    mail_url="demo:",
    keys_url="",
    letters_url="",
    secret_key=Secret("x"),
    public_url="https://zona.example.org",
    assets=Path("build"),
    timezone=ZoneInfo("Europe/Bratislava"),
)


@cache
def pdf() -> bytes:
    return letter_pdf()


def bring(intake: Intake, source: bytes | None = None, **details: Any) -> Letter:
    """A letter that comes in by a command, Jana's unless `details` say otherwise."""
    return receive(intake, OPERATOR, replace(DETAILS, **details), pdf() if source is None else source).letter


def post(intake: Intake) -> dict[int, bytes]:
    """Send all that is queued, as the worker does. The encrypted letters, by copy."""
    sent: dict[int, bytes] = {}
    render = sending.renderer(intake, CONFIG)
    queued = Message.kind == Kind.LETTER, Message.status == Status.QUEUED
    for message in Message.select().where(*queued).order_by(Message.id):
        try:
            carried = render(message)
        except CannotRender as error:
            Message.update(status=Status.FAILED, reason=error.reason).where(
                Message.id == message.id
            ).execute()
            continue
        assert isinstance(carried, Mail)
        (attached,) = carried.message.iter_attachments()
        content = attached.get_payload(decode=True)
        assert isinstance(content, bytes)
        sent[message.subject_id] = content
        Message.update(status=Status.SENT).where(Message.id == message.id).execute()
    return sent


def only_copy(letter: Letter) -> Copy:
    """The copy of a letter that was sent once."""
    copy: Copy = Copy.get(Copy.letter == letter)
    return copy
