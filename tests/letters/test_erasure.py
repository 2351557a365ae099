"""A client is forgotten: nothing that is left names them, and nothing that was copied before can be opened."""

from __future__ import annotations

import os
import shutil
import signal
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from peewee import Database

from tests.disguises import disguises
from tests.everything import snapshot
from tests.letters.posted import bring, pdf
from tests.messages.outbox_parts import ON_SQLITE
from tests.people import JANA, MARIA, make_client
from tests.web.people import Person, add_broker, add_client
from zone.accounts import sessions
from zone.accounts.models import Account, Impersonation
from zone.audit import OPERATOR, Actor, Role, Tag
from zone.audit.models import Event
from zone.clients.models import Client, Mandate, Policy
from zone.clients.notes import write
from zone.clock import now
from zone.config import Limits
from zone.letter_passwords.letter_keys import open_key
from zone.letter_passwords.resend import resend
from zone.letter_passwords.set_own import set_own
from zone.letter_passwords.versions import current
from zone.letters.erasure import NobodyToErase, erase
from zone.letters.intake import Intake, source_context, source_of
from zone.letters.models import Letter
from zone.letters.retention import sweep
from zone.letters.store import FileGone, FolderStore, sealed
from zone.messages.models import Message
from zone.models import MODELS
from zone.secret import Secret
from zone.storage import accompany, open_database, using
from zone.vault import NotInVault
from zone.vault.models import VaultEntry

DETAILS = replace(
    MARIA,
    reference="K-9307715",
    name="Kanárik Vymazaný",
    email="kanarik.vymazany@example.org",
    phone="+421905739418",
    policy_number="PZ-8823741",
)
OWN = "Modrý koberec v lese 84"
SUBJECT = "Kanárikova zmluva"
TICKET = "KANARIK-2041"
NOTE = "Kanárik volal z dovolenky"
assert DETAILS.birth_number is not None
CANARIES = (
    DETAILS.reference,
    DETAILS.name,
    DETAILS.email,
    "905739418",
    DETAILS.policy_number or "",
    DETAILS.birth_number.digits.reveal(),
    OWN,
    SUBJECT,
    TICKET,
    NOTE,
)
# These tell who did what for whom, by numbers that outlive the client.
TRAIL = (Event, Impersonation)
NEEDLES = {needle for canary in CANARIES for needle in disguises(canary)}


@pytest.fixture
def others(database: Database, intake: Intake) -> Letter:
    """Somebody else, whom none of it may touch."""
    add_client(intake.vault, JANA)
    return bring(intake)


@pytest.fixture
def person(others: Letter, intake: Intake) -> Person:
    """A client who has all that a client can have."""
    vault = intake.vault
    person = add_client(vault, DETAILS)
    client_id = person.client_id
    resend(OPERATOR, client_id, language="sk", limits=Limits())
    open_key(vault, OPERATOR, current(client_id))
    set_own(vault, Actor(Role.CLIENT, person.account_id), client_id, Secret(OWN))
    write(vault, OPERATOR, client_id, Secret(NOTE), token="t")
    for number in range(3):
        bring(intake, client=DETAILS.reference, subject=SUBJECT, external_id=f"L-{number}")
    broker = add_broker(vault)
    policy = Policy.get(Policy.client == client_id)
    Mandate.create(broker_id=broker.account_id, policy=policy, starts_at=now())
    Impersonation.create(
        agent_id=broker.account_id,
        client_id=client_id,
        reason="question",
        ticket=TICKET,
        consented=False,
        started_at=now(),
        ends_at=now(),
    )
    return person


def file_of(letter: Letter) -> str:
    assert letter.file is not None
    return letter.file


def erased(intake: Intake) -> Any:
    return erase(intake.store, intake.vault, OPERATOR, DETAILS.reference)


def traces(database: Database) -> dict[str, set[bytes]]:
    """The canaries that each table holds, in whatever way they are written."""
    held = {
        table: {needle for needle in NEEDLES if needle in "\n".join(rows).encode()}
        for table, rows in snapshot(database).items()
    }
    return {table: needles for table, needles in held.items() if needles}


def test_no_table_names_the_client_any_more(intake: Intake, person: Person, database: Database) -> None:
    before = traces(database)
    assert {"client", "account", "phone", "policy", "letter", "impersonation"} <= before.keys()
    result = erased(intake)
    assert (result.letters, result.secrets) == (3, 9)
    assert traces(database) == {}


def test_nothing_but_the_trail_knows_their_number(intake: Intake, person: Person) -> None:
    erased(intake)
    for model in MODELS:
        if model not in TRAIL and "client_id" in model._meta.columns:
            assert not model.select().where(model._meta.columns["client_id"] == person.client_id).exists()
    event = Event.select().order_by(Event.id.desc()).get()
    assert (event.tag, event.client_id, event.actor_role) == (Tag.CLIENT_ERASED, person.client_id, "operator")
    assert '"letters": 3' in event.facts
    assert Event.select().where(Event.client_id == person.client_id).count() > 5


def test_others_keep_all_of_theirs(intake: Intake, person: Person, others: Letter) -> None:
    def theirs() -> list[int]:
        rows = (Client, Policy, Mandate, Letter, Message, VaultEntry)
        return [model.select().count() for model in rows]

    before = theirs()
    erased(intake)
    after = theirs()
    assert [one - other for one, other in zip(before, after, strict=True)] == [1, 1, 1, 3, 4, 9]
    assert source_of(intake, others) == pdf()


def test_ciphertext_that_was_copied_before_is_noise(intake: Intake, person: Person, folder: Path) -> None:
    """With the files of before, the database of now and the keyring nothing opens any more."""
    letters = list(Letter.select().where(Letter.client == person.client_id))
    shutil.copytree(folder, folder.with_name("stolen"))
    assert [source_of(intake, letter) for letter in letters] == [pdf()] * 3
    erased(intake)
    assert {path.name for path in folder.rglob("*.source")} == {Letter.get().file}
    shutil.copytree(folder.with_name("stolen"), folder, dirs_exist_ok=True)
    for letter in letters:
        with pytest.raises(NotInVault):
            sealed.read(intake.store, intake.vault, file_of(letter), source_context(letter))


@ON_SQLITE
def test_not_even_the_free_pages_of_the_file_hold_a_key(
    intake: Intake, person: Person, database: Database, database_url: str
) -> None:
    file = Path(database_url.removeprefix("sqlite:///"))
    entries = VaultEntry.select().where(VaultEntry.client_id == person.client_id)
    keys = [bytes(entry.wrapped_key) for entry in entries]
    database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    assert all(key in file.read_bytes() for key in keys)
    erased(intake)
    database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    content = file.read_bytes()
    assert [key for key in keys if key in content] == []
    assert [needle for needle in NEEDLES if needle in content] == []


def test_they_are_signed_out_at_once(intake: Intake, person: Person) -> None:
    token, _ = sessions.start(Account.get_by_id(person.account_id))
    assert sessions.find(token, limits=Limits(), renew=True) is not None
    erased(intake)
    assert sessions.find(token, limits=Limits(), renew=True) is None


def test_a_second_time_does_no_harm_and_a_slip_of_the_pen_is_told(intake: Intake, person: Person) -> None:
    assert erased(intake) is not None
    events = Event.select().count()
    assert erased(intake) is None
    assert Event.select().count() == events
    with pytest.raises(NobodyToErase):
        erase(intake.store, intake.vault, OPERATOR, DETAILS.reference + "1")


def test_who_comes_back_is_somebody_new(intake: Intake, person: Person) -> None:
    erased(intake)
    again = make_client(intake.vault, DETAILS)
    assert again.id != person.client_id
    assert bring(intake, client=DETAILS.reference, external_id="L-1").client_id == again.id
    assert erased(intake) is not None


class Killed(FolderStore):
    """A store in whose reach the process is killed when it comes to delete a file."""

    def delete(self, name: str) -> None:
        os.kill(os.getpid(), signal.SIGKILL)


def test_a_kill_before_the_files_are_deleted_leaves_noise_that_is_swept(
    intake: Intake, person: Person, database: Database, database_url: str, folder: Path
) -> None:
    letters = list(Letter.select().where(Letter.client == person.client_id))
    child = os.fork()
    if child == 0:
        with using(open_database(database_url)) as anew:
            accompany(anew, intake.vault)
            erase(Killed(folder), intake.vault, OPERATOR, DETAILS.reference)
        os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    assert traces(database) == {}
    for letter in letters:
        with pytest.raises(NotInVault):
            source_of(intake, letter)
    stays = bring(intake, external_id="after")
    assert erased(intake) is None
    assert sweep(intake.store, at=now() + timedelta(days=2)) == 3
    for letter in letters:
        with pytest.raises(FileGone):
            intake.store.get(file_of(letter))
    assert source_of(intake, stays) == pdf()


def test_a_transaction_that_fails_forgets_nothing(intake: Intake, person: Person, database: Database) -> None:
    before = snapshot(database)
    database.execute_sql("ALTER TABLE event RENAME TO elsewhere")
    with pytest.raises(Exception, match="event"):
        erased(intake)
    database.execute_sql("ALTER TABLE elsewhere RENAME TO event")
    assert snapshot(database) == before
    assert len([source_of(intake, letter) for letter in Letter.select()]) == 4
