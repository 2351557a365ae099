"""A letter comes in: kept and queued once, or nothing happens at all."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from peewee import Database, IntegrityError

from tests.letters.conftest import LIMITS, ObservedStore
from tests.letters.posted import DETAILS, bring, only_copy, pdf
from tests.letters.samples import letter_pdf
from tests.people import COMPANY, PETER, make_client
from tests.together import together
from zone.audit import OPERATOR, Actor, Role
from zone.audit.models import Event
from zone.clients.models import Client, Policy
from zone.clients.people import UnknownClient
from zone.config import LetterKind
from zone.letter_passwords.versions import current
from zone.letters.details import LetterDetails
from zone.letters.encryption import Problem
from zone.letters.intake import (
    AlreadyIn,
    Intake,
    NoSuchPolicy,
    Rejected,
    receive,
    source_context,
    source_of,
)
from zone.letters.models import Copy, Letter, State
from zone.letters.store import FileGone, StoreAway
from zone.messages.handover import Status
from zone.messages.models import Message
from zone.storage import transaction
from zone.vault import CannotOpen, Context, NotInVault, Purpose
from zone.vault.models import VaultEntry

PROGRAM = Actor(Role.PROGRAM, 7, "billing")
OTHER_PROGRAM = Actor(Role.PROGRAM, 8, "claims")


def another_pdf() -> bytes:
    return letter_pdf(pages=2)


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("*/*") if path.is_file())


def rows() -> tuple[int, ...]:
    of_letters = VaultEntry.select().where(VaultEntry.purpose == Purpose.LETTER_SOURCE)
    kept = Letter.select().where(Letter.state == State.KEPT)
    return (kept.count(), Copy.select().count(), Message.select().count(), of_letters.count())


def test_everything_is_recorded_together(jana: Client, intake: Intake, folder: Path) -> None:
    details = replace(DETAILS, policy="PZ-2001", kind=LetterKind.CLAIM, date=date(2026, 5, 3))
    received = receive(intake, OPERATOR, details, pdf())
    letter, message = Letter.get(), Message.get()
    copy = only_copy(letter)
    assert received.letter == letter
    assert not received.repeated
    assert (letter.client_id, letter.subject, letter.pages) == (jana.id, "Výpis", 1)
    assert (letter.kind, letter.dated) == ("claim", date(2026, 5, 3))
    assert letter.policy == Policy.get(Policy.number == "PZ-2001")
    assert letter.keep_until == letter.received_at + timedelta(days=3650)
    assert copy.message_id == message.id
    assert copy.password_id is None  # until it is sent
    assert (message.channel, message.kind, message.subject_id) == ("mail", "letter", copy.id)
    assert message.to_masked == "j•••@example.org"
    assert files(folder) == [letter.file]
    assert source_of(intake, letter) == pdf()
    event = Event.select().order_by(Event.id.desc()).get()
    assert (event.tag, json.loads(event.facts)["engine"]) == ("letter:received", "splice")


def test_nothing_is_opened_but_the_store_when_a_letter_comes_in(jana: Client, intake: Intake) -> None:
    bring(intake)
    assert not Event.select().where(Event.tag == "letter_password:opened").exists()


def test_what_lies_in_the_store_is_neither_pdf_nor_twice_the_same(
    jana: Client, intake: Intake, folder: Path
) -> None:
    bring(intake)
    bring(intake)
    contents = [path.read_bytes() for path in folder.glob("*/*")]
    assert len(set(contents)) == 2
    assert all(b"%PDF" not in raw for raw in contents)


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        (b"", Problem.NOT_A_PDF),
        (b"no pdf", Problem.NOT_A_PDF),
        (b"%PDF-1.7\n%%EOF", Problem.DAMAGED),
        (pdf()[:900], Problem.DAMAGED),
    ],
    ids=range(4),
)
def test_a_broken_pdf_is_rejected_with_its_reason(
    jana: Client, intake: Intake, folder: Path, source: bytes, problem: Problem
) -> None:
    with pytest.raises(Rejected) as rejected:
        bring(intake, source)
    assert rejected.value.problem is problem
    assert rows() == (0, 0, 0, 0)
    assert files(folder) == []
    letter = Letter.get()
    assert (letter.state, letter.reason) == (State.REJECTED, problem.name)
    event = Event.get(Event.tag == "letter:rejected")
    assert (event.client_id, json.loads(event.facts)["letter"]) == (jana.id, letter.reference)


def test_a_client_who_is_not_there(database: Database, intake: Intake) -> None:
    with pytest.raises(UnknownClient):
        bring(intake, client="nobody")


@pytest.mark.parametrize("policy", ["nowhere", "PZ-2002"])
def test_a_policy_that_is_not_the_clients(jana: Client, intake: Intake, policy: str) -> None:
    make_client(intake.vault, PETER)
    with pytest.raises(NoSuchPolicy):
        bring(intake, policy=policy)
    assert rows() == (0, 0, 0, 0)


def test_the_same_letter_again_is_the_same_answer(jana: Client, intake: Intake, folder: Path) -> None:
    details = replace(DETAILS, external_id="D-1")
    first = receive(intake, PROGRAM, details, pdf())
    again = receive(intake, PROGRAM, details, pdf())
    assert (again.letter, again.repeated) == (first.letter, True)
    assert rows() == (1, 1, 1, 1)
    assert files(folder) == [first.letter.file]


@pytest.mark.parametrize(
    ("details", "source"),
    [(DETAILS, another_pdf()), (replace(DETAILS, subject="Iné"), pdf())],
    ids=["another document", "another subject"],
)
def test_another_letter_under_the_same_name_is_refused(
    jana: Client, intake: Intake, details: LetterDetails, source: bytes
) -> None:
    bring(intake, external_id="D-1")
    with pytest.raises(AlreadyIn):
        receive(intake, PROGRAM, replace(details, external_id="D-1"), source)
    assert rows() == (1, 1, 1, 1)


def test_a_request_that_is_sent_again_is_the_same_letter(jana: Client, intake: Intake) -> None:
    first = receive(intake, PROGRAM, DETAILS, pdf(), idempotency_key="k")
    assert receive(intake, PROGRAM, DETAILS, pdf(), idempotency_key="k").letter == first.letter
    with pytest.raises(AlreadyIn):
        receive(intake, PROGRAM, DETAILS, another_pdf(), idempotency_key="k")
    assert receive(intake, OTHER_PROGRAM, DETAILS, pdf(), idempotency_key="k").letter != first.letter
    assert receive(intake, PROGRAM, DETAILS, pdf()).letter != first.letter


def test_two_names_of_two_letters_are_no_name_of_a_third(jana: Client, intake: Intake) -> None:
    receive(intake, PROGRAM, replace(DETAILS, external_id="D-1"), pdf())
    receive(intake, PROGRAM, DETAILS, pdf(), idempotency_key="k")
    with pytest.raises(AlreadyIn):
        receive(intake, PROGRAM, replace(DETAILS, external_id="D-1"), pdf(), idempotency_key="k")


def test_a_letter_without_a_name_is_known_by_its_content_where_wanted(jana: Client, intake: Intake) -> None:
    first = receive(intake, OPERATOR, DETAILS, pdf(), known_by_content=True)
    assert receive(intake, OPERATOR, DETAILS, pdf(), known_by_content=True).letter == first.letter
    assert not receive(intake, OPERATOR, DETAILS, another_pdf(), known_by_content=True).repeated


def test_a_mended_letter_comes_in_place_of_the_rejected_one(jana: Client, intake: Intake) -> None:
    with pytest.raises(Rejected) as rejected:
        bring(intake, b"no pdf", external_id="D-1")
    with pytest.raises(Rejected) as again:
        bring(intake, b"no pdf", external_id="D-1")
    assert again.value.letter.reference == rejected.value.letter.reference
    mended = bring(intake, external_id="D-1")
    assert mended.reference == rejected.value.letter.reference
    assert Letter.select().count() == 1
    assert rows() == (1, 1, 1, 1)


def test_a_rejected_letters_name_is_not_another_clients(jana: Client, intake: Intake) -> None:
    peter = make_client(intake.vault, PETER)
    with pytest.raises(Rejected):
        bring(intake, b"no pdf", external_id="D-1")
    with pytest.raises(AlreadyIn):
        bring(intake, client=peter.reference, external_id="D-1")


def test_the_same_letter_by_two_doors_at_once_comes_in_once(
    database: Database, jana: Client, intake: Intake
) -> None:
    details = replace(DETAILS, external_id="D-1")
    answers = together(database, [lambda: receive(intake, PROGRAM, details, pdf())] * 6)
    assert len({received.letter.reference for received in answers}) == 1
    assert [received.repeated for received in answers].count(False) == 1
    assert rows() == (1, 1, 1, 1)


def test_a_client_who_is_erased_meanwhile(jana: Client, intake: Intake, store: ObservedStore) -> None:
    store.meanwhile = lambda: Client.delete().where(Client.id == jana.id).execute()
    with pytest.raises(UnknownClient):
        bring(intake)
    assert not VaultEntry.select().where(VaultEntry.purpose == Purpose.LETTER_SOURCE).exists()


def test_a_store_that_is_away_leaves_nothing(jana: Client, intake: Intake, folder: Path) -> None:
    folder.rename(folder.with_name("elsewhere"))
    folder.write_text("in the way of the folder")
    before = Event.select().count()
    with pytest.raises(StoreAway):
        bring(intake)
    assert not Letter.select().exists()
    assert rows() == (0, 0, 0, 0)
    assert Event.select().count() == before


def test_a_crash_in_the_transaction_leaves_nothing(jana: Client, intake: Intake) -> None:
    """The crash: an entry stands where the source's key belongs. What lies in the store has no key."""
    done = bring(intake)
    after = Event.select().count()
    with transaction():
        intake.vault.put(Context(Purpose.LETTER_SOURCE, jana.id, done.id + 1), b"in the way")
    with pytest.raises(IntegrityError):
        bring(intake)
    assert rows()[:3] == (1, 1, 1)
    assert Event.select().count() == after


def test_a_company_gets_its_password_by_sms_once_and_before_the_letter(
    company: Client, intake: Intake
) -> None:
    letter = bring(intake, client=COMPANY.reference)
    sms, mail = Message.select().order_by(Message.id)
    assert (sms.kind, sms.subject_id, sms.language) == ("letter_password", current(company.id).id, "sk")
    assert (mail.kind, mail.subject_id) == ("letter", only_copy(letter).id)
    bring(intake, client=COMPANY.reference)
    assert Message.select().where(Message.kind == "letter_password").count() == 1


def test_a_password_that_failed_to_arrive_goes_again_with_the_next_letter(
    company: Client, intake: Intake
) -> None:
    bring(intake, client=COMPANY.reference)
    Message.update(status=Status.FAILED).where(Message.kind == "letter_password").execute()
    bring(intake, client=COMPANY.reference)
    assert Message.select().where(Message.kind == "letter_password").count() == 2


@pytest.mark.parametrize("sender", [OPERATOR, PROGRAM])
def test_a_nights_letters_to_more_companies_than_a_person_may_ask_for(
    database: Database, intake: Intake, sender: Actor
) -> None:
    fewer = replace(intake, limits=replace(LIMITS, resends_per_actor_hour=1))
    for number in range(3):
        make_client(intake.vault, COMPANY, reference=f"F-{number}", policy_number=f"PF-{number}")
        receive(fewer, sender, replace(DETAILS, client=f"F-{number}"), pdf())
    assert Message.select().where(Message.kind == "letter_password").count() == 3


@pytest.mark.parametrize("harm", ["shorten", "empty", "flip", "swap"])
def test_a_file_that_was_tampered_with_does_not_open(
    jana: Client, intake: Intake, folder: Path, harm: str
) -> None:
    letter, other = bring(intake), bring(intake)
    path, another = (next(folder.rglob(each.file or "")) for each in (letter, other))
    raw = path.read_bytes()
    harmed = {
        "shorten": raw[:-1],
        "empty": b"",
        "flip": raw[:100] + bytes([raw[100] ^ 1]) + raw[101:],
        "swap": another.read_bytes(),
    }
    path.write_bytes(harmed[harm])
    with pytest.raises(CannotOpen):
        source_of(intake, letter)
    assert source_of(intake, other) == pdf()


def test_a_file_that_is_gone_and_a_key_that_was_destroyed(jana: Client, intake: Intake, folder: Path) -> None:
    letter, other = bring(intake), bring(intake)
    next(folder.rglob(letter.file or "")).unlink()
    with pytest.raises(FileGone):
        source_of(intake, letter)
    with transaction():
        intake.vault.destroy(source_context(other))
    with pytest.raises(NotInVault):
        source_of(intake, other)
