"""A letter comes in and goes out encrypted, or nothing happens at all."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from peewee import Database, IntegrityError

from tests.letters.conftest import LIMITS, ObservedStore
from tests.letters.samples import letter_pdf, letter_text
from tests.people import COMPANY, JANA, MARIA, make_client
from tests.readers import READERS, WrongPassword
from zone.audit import OPERATOR, SYSTEM, Actor, Role
from zone.audit.models import Event
from zone.clients.models import Client
from zone.clients.people import ClientDetails
from zone.clients.phone_rules import PhoneMissing
from zone.letter_passwords.models import LetterPassword
from zone.letter_passwords.set_own import set_own
from zone.letter_passwords.versions import current, open_password
from zone.letters import sealed
from zone.letters.encryption import CannotEncrypt
from zone.letters.intake import (
    BadSubject,
    Intake,
    NoSuchClient,
    copy_context,
    copy_name,
    send_letter,
    source_context,
    source_name,
)
from zone.letters.models import Copy, Letter
from zone.letters.store import FileGone
from zone.messages.handover import Status
from zone.messages.models import Message
from zone.secret import Secret
from zone.storage import transaction
from zone.vault import CannotOpen, Context, NotInVault, Purpose
from zone.vault.models import VaultEntry

ACTOR = Actor(Role.CLIENT, 1)


@cache
def pdf() -> bytes:
    return letter_pdf()


def send(intake: Intake, reference: str = JANA.reference, source: bytes | None = None) -> Copy:
    return send_letter(intake, OPERATOR, reference, pdf() if source is None else source, subject="Výpis")


def content(intake: Intake, copy: Copy) -> bytes:
    context = copy_context(copy, copy.letter.client_id)
    return sealed.read(intake.store, intake.vault, copy_name(copy), context)


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def rows() -> tuple[int, ...]:
    of_letters = VaultEntry.select().where(VaultEntry.purpose.startswith("letter_source"))
    return (Letter.select().count(), Copy.select().count(), Message.select().count(), of_letters.count())


def assert_opens_with(intake: Intake, copy: Copy, password: str) -> None:
    encrypted = content(intake, copy)
    read = READERS["pikepdf"]
    assert read(encrypted, password) == letter_text()
    for wrong in (None, password[:-1] + "_", "2376"):
        with pytest.raises(WrongPassword):
            read(encrypted, wrong)


@pytest.mark.parametrize(
    ("details", "own", "password"),
    [
        (JANA, None, "2375"),
        (MARIA, None, "417"),
        (JANA, "slnko nad Tatrami", "slnko nad Tatrami"),
        (JANA, "Žltý kôň úpel ďábelské", "Žltý kôň úpel ďábelské"),
    ],
    ids=["four digits", "three digits", "own in ASCII", "own in Slovak"],
)
def test_the_current_password_opens_it_and_no_other(
    database: Database, intake: Intake, details: ClientDetails, own: str | None, password: str
) -> None:
    client = make_client(intake.vault, details)
    if own:
        set_own(intake.vault, ACTOR, client.id, Secret(own))
    copy = send(intake, details.reference)
    assert_opens_with(intake, copy, password)
    assert copy.password_id == current(client.id).id


def test_everything_is_recorded_together(jana: Client, intake: Intake, folder: Path) -> None:
    copy = send(intake)
    letter, message = copy.letter, Message.get()
    assert (letter.client_id, letter.subject, letter.pages) == (jana.id, "Výpis", 1)
    assert copy.message_id == Copy.get().message_id == message.id
    assert (message.channel, message.kind, message.subject_id) == ("mail", "letter", copy.id)
    assert message.to_masked == "j•••@example.org"
    assert files(folder) == sorted([copy_name(copy), source_name(letter)])
    kept = sealed.read(intake.store, intake.vault, source_name(letter), source_context(letter))
    assert kept == pdf()
    assert copy.size == len(content(intake, copy))
    tags = [event.tag for event in Event.select().order_by(Event.id)][-2:]
    assert tags == ["letter_password:opened", "letter:received"]


def test_what_lies_in_the_store_is_neither_pdf_nor_twice_the_same(
    jana: Client, intake: Intake, folder: Path
) -> None:
    send(intake)
    send(intake)
    contents = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    assert len(set(contents)) == 4
    for raw in contents:
        assert b"%PDF" not in raw
        assert b"Encrypt" not in raw


@pytest.mark.parametrize("source", [b"", b"no pdf", b"%PDF-1.7\n%%EOF", pdf()[:900]], ids=range(4))
def test_a_broken_pdf_leaves_nothing(jana: Client, intake: Intake, folder: Path, source: bytes) -> None:
    with pytest.raises(CannotEncrypt):
        send(intake, source=source)
    assert rows() == (0, 0, 0, 0)
    assert files(folder) == []


def test_a_client_who_is_not_there(database: Database, intake: Intake) -> None:
    with pytest.raises(NoSuchClient):
        send(intake, "nobody")


@pytest.mark.parametrize("subject", ["", "  ", "a\nb", "x" * 201, "a\x00b", "caf\udce9"])
def test_a_subject_that_no_database_takes(jana: Client, intake: Intake, subject: str) -> None:
    with pytest.raises(BadSubject):
        send_letter(intake, OPERATOR, JANA.reference, pdf(), subject=subject)
    assert send_letter(intake, OPERATOR, JANA.reference, pdf(), subject="ž" * 200).letter.pages == 1


def test_a_password_set_during_encryption_is_the_one_that_opens_it(
    jana: Client, intake: Intake, store: ObservedStore, folder: Path
) -> None:
    new = Secret("slnko nad Tatrami")
    store.meanwhile = lambda: set_own(intake.vault, ACTOR, jana.id, new)
    copy = send(intake)
    assert copy.password.number == 2
    assert_opens_with(intake, copy, new.reveal())
    assert rows() == (1, 1, 1, 1)
    assert files(folder) == sorted([copy_name(copy), source_name(copy.letter)])


def test_a_disk_that_is_full_leaves_nothing(
    jana: Client, intake: Intake, store: ObservedStore, folder: Path
) -> None:
    def full() -> None:
        raise OSError(28, "No space left on device")

    store.meanwhile = full
    with pytest.raises(OSError, match="No space"):
        send(intake)
    assert rows() == (0, 0, 0, 0)
    assert files(folder) == []


def test_a_crash_in_the_transaction_leaves_nothing(
    jana: Client, intake: Intake, store: ObservedStore, folder: Path
) -> None:
    """The crash: an entry stands where the copy's key belongs, the last thing before the message."""
    done = send(intake)
    after = (Event.select().count(), files(folder))
    with transaction():
        intake.vault.put(Context(Purpose.LETTER_COPY, jana.id, done.id + 1), b"in the way")
    with pytest.raises(IntegrityError):
        send(intake)
    assert rows() == (1, 1, 1, 1)
    assert files(folder) == after[1]
    assert Event.select().count() == after[0] + 1  # the password was opened, and that stays on record


def test_a_company_gets_its_password_by_sms_once_and_before_the_letter(
    company: Client, intake: Intake
) -> None:
    first = send(intake, COMPANY.reference)
    sms, mail = Message.select().order_by(Message.id)
    assert (sms.kind, sms.subject_id, sms.language) == ("letter_password", current(company.id).id, "sk")
    assert (mail.kind, mail.subject_id) == ("letter", first.id)
    send(intake, COMPANY.reference)
    assert Message.select().where(Message.kind == "letter_password").count() == 1
    with transaction():
        password = open_password(intake.vault, SYSTEM, LetterPassword.get(), use="test")
    assert_opens_with(intake, first, password.reveal())


def test_a_password_that_failed_to_arrive_goes_again_with_the_next_letter(
    company: Client, intake: Intake
) -> None:
    send(intake, COMPANY.reference)
    Message.update(status=Status.FAILED).where(Message.kind == "letter_password").execute()
    send(intake, COMPANY.reference)
    assert Message.select().where(Message.kind == "letter_password").count() == 2


def test_a_nights_letters_to_more_companies_than_a_person_may_ask_for(
    database: Database, intake: Intake
) -> None:
    fewer = Intake(intake.vault, intake.store, LIMITS.__class__(resends_per_actor_hour=1))
    for number in range(3):
        make_client(intake.vault, COMPANY, reference=f"F-{number}", policy_number=f"PF-{number}")
        send(fewer, f"F-{number}")
    assert Message.select().where(Message.kind == "letter_password").count() == 3


def test_a_company_without_a_phone_gets_no_letter_that_it_could_not_open(
    database: Database, intake: Intake, folder: Path
) -> None:
    make_client(intake.vault, COMPANY, phone=None)
    with pytest.raises(PhoneMissing):
        send(intake, COMPANY.reference)
    assert rows() == (0, 0, 0, 0)
    assert files(folder) == []


@pytest.mark.parametrize("harm", ["shorten", "empty", "flip", "swap"])
def test_a_file_that_was_tampered_with_does_not_open(
    jana: Client, intake: Intake, folder: Path, harm: str
) -> None:
    copy, other = send(intake), send(intake)
    path, another = (next(folder.rglob(copy_name(each))) for each in (copy, other))
    raw = path.read_bytes()
    harmed = {
        "shorten": raw[:-1],
        "empty": b"",
        "flip": raw[:100] + bytes([raw[100] ^ 1]) + raw[101:],
        "swap": another.read_bytes(),
    }
    path.write_bytes(harmed[harm])
    with pytest.raises(CannotOpen):
        content(intake, copy)
    assert content(intake, other) or harm == "swap"


def test_a_file_that_is_gone_and_a_key_that_was_destroyed(jana: Client, intake: Intake, folder: Path) -> None:
    copy, other = send(intake), send(intake)
    next(folder.rglob(copy_name(copy))).unlink()
    with pytest.raises(FileGone):
        content(intake, copy)
    with transaction():
        intake.vault.destroy(copy_context(other, jana.id))
    with pytest.raises(NotInVault):
        content(intake, other)
