"""The e-mail around an encrypted copy."""

from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest
from peewee import Database

from tests.letters.samples import letter_pdf
from tests.people import COMPANY, JANA, MARIA, make_client
from zone.audit import OPERATOR, Actor, Role
from zone.clients.models import Client
from zone.clients.people import ClientDetails
from zone.config import Config, load
from zone.letter_passwords.set_own import set_own
from zone.letters import archive, cover_mail
from zone.letters.intake import Intake, copy_context, copy_name, send_letter
from zone.messages.handover import Reason
from zone.messages.models import Message
from zone.messages.render import CannotRender, Mail
from zone.secret import Secret
from zone.storage import transaction

ACTOR = Actor(Role.CLIENT, 1)
OWN = "slnko nad Tatrami"
PAGE = "http://127.0.0.1:8000/settings/electronic-correspondence"


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return load({"ZONE_MODE": "demo", "ZONE_VAR": str(tmp_path)})


def written(intake: Intake, config: Config, message: Message) -> EmailMessage:
    """The mail as it arrives: over the wire and parsed anew."""
    carried = cover_mail.renderer(intake, config)(message)
    assert isinstance(carried, Mail)
    raw = carried.message.as_bytes()
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    parsed = message_from_bytes(raw, policy=SMTP)
    assert isinstance(parsed, EmailMessage)
    assert not [part for part in parsed.walk() if part.defects]
    return parsed


def text(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def send(intake: Intake, details: ClientDetails) -> Message:
    copy = send_letter(intake, OPERATOR, details.reference, letter_pdf(), subject="Výpoveď zmluvy 2375")
    return Message.get(Message.id == copy.message_id)


@pytest.mark.parametrize("code", ["sk", "en"])
@pytest.mark.parametrize("details", [JANA, MARIA, COMPANY], ids=["four digits", "three digits", "generated"])
def test_it_says_which_password_and_never_its_value(
    database: Database, intake: Intake, config: Config, details: ClientDetails, code: str
) -> None:
    make_client(intake.vault, replace(details, language=code))
    said = text(written(intake, config, send(intake, details)))
    assert PAGE in said
    for secret in (
        "2375",
        "417",
        "865514",
        "486123",
        details.policy_number or "",
        details.reference,
        details.name,
    ):
        assert secret not in said
    if details is not COMPANY:
        assert ("3" if details is MARIA else "4") in said
    if code == "en":
        which = "the password of" if details is COMPANY else "digits of your birth number"
        assert which in said


@pytest.mark.parametrize("code", ["sk", "en"])
def test_an_own_password_is_named_by_its_day(
    database: Database, intake: Intake, config: Config, code: str
) -> None:
    client = make_client(intake.vault, replace(JANA, language=code))
    set_own(intake.vault, ACTOR, client.id, Secret(OWN))
    said = text(written(intake, config, send(intake, JANA)))
    assert OWN not in said
    assert ("your own password of" in said) == (code == "en")


@pytest.mark.parametrize("code", ["sk", "en"])
def test_subject_file_name_and_headers_reveal_nothing(
    database: Database, intake: Intake, config: Config, code: str
) -> None:
    make_client(intake.vault, replace(JANA, language=code))
    mail = written(intake, config, send(intake, JANA))
    assert mail["To"] == JANA.email
    assert mail["Content-Language"] == code
    (attachment,) = mail.iter_attachments()
    name = attachment.get_filename() or ""
    assert name.isascii()
    assert name.endswith(".pdf")
    for shown in (mail["Subject"], name):
        for own in ("Výpoveď", "2375", "Jana", "Kováčová", "2001"):
            assert own not in shown


def test_the_attachment_is_the_stored_copy(intake: Intake, config: Config, jana: Client) -> None:
    message = send(intake, JANA)
    (attachment,) = written(intake, config, message).iter_attachments()
    (copy,) = archive.page(jana.id).copies
    assert attachment.get_content_type() == "application/pdf"
    assert attachment.get_content() == archive.download(intake, ACTOR, jana.id, copy.reference)


def test_it_speaks_of_the_copys_password_and_not_of_the_current_one(
    intake: Intake, config: Config, jana: Client
) -> None:
    Client.update(language="en").where(Client.id == jana.id).execute()
    message = send(intake, JANA)
    set_own(intake.vault, ACTOR, jana.id, Secret(OWN))
    assert "the last 4 digits of your birth number" in text(written(intake, config, message))


def test_a_copy_that_cannot_be_had_is_not_sent(intake: Intake, config: Config, jana: Client) -> None:
    gone, destroyed = send(intake, JANA), send(intake, JANA)
    second, first = archive.page(jana.id).copies
    intake.store.delete(copy_name(first))
    with transaction():
        intake.vault.destroy(copy_context(second, jana.id))
    for message in (gone, destroyed):
        with pytest.raises(CannotRender) as refused:
            cover_mail.renderer(intake, config)(message)
        assert refused.value.reason is Reason.UNRENDERABLE
