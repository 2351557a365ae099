"""Letters whose time is over are destroyed, and files that belong to none are deleted."""

from __future__ import annotations

import os
import signal
from datetime import datetime, timedelta
from typing import Any

import pytest
from peewee import Database

from tests.everything import snapshot
from tests.letters.posted import bring, only_copy, pdf, post
from tests.letters.store.object_store import Kept, bucket, kept, s3_address
from tests.messages.outbox_parts import ON_SQLITE, fresh
from tests.people import PETER, make_client
from zone.audit import Tag
from zone.audit.models import Event
from zone.clients.models import Client
from zone.clock import now
from zone.config import YEAR_DAYS, LetterKind
from zone.letters import retention
from zone.letters.intake import Intake, Rejected, source_context, source_of
from zone.letters.models import Copy, Letter, State
from zone.letters.retention import StrangeStore, purge, sweep
from zone.letters.store import FileGone, StoreAway, sealed
from zone.messages import claims
from zone.messages.handover import Reason, Status
from zone.messages.models import Channel, Message
from zone.storage import accompany, open_database, using
from zone.vault import NotInVault
from zone.vault.models import VaultEntry

__all__ = ["bucket", "kept", "s3_address"]

DAY = timedelta(days=1)
SUBJECT = "Kanárik v predmete"


def later(letter: Letter) -> datetime:
    """When the time of this letter is over."""
    at: datetime = Letter.get_by_id(letter.id).keep_until
    return at


def file_of(letter: Letter) -> str:
    assert letter.file is not None
    return letter.file


def message_of(letter: Letter) -> Message:
    message = only_copy(letter).message
    assert message is not None
    return message


def purged(intake: Intake, at: datetime, most: int = 100) -> int:
    return purge(intake.store, intake.vault, at=at, most=most)


def test_each_kind_has_its_time(intake: Intake, jana: Client) -> None:
    contract, notice = bring(intake, kind=LetterKind.CONTRACT), bring(intake, kind=LetterKind.NOTICE)
    assert later(contract) - contract.received_at == timedelta(days=10 * YEAR_DAYS)
    assert purged(intake, later(notice) - DAY) == 0
    assert purged(intake, later(notice)) == 1
    states = {letter.id: letter.state for letter in Letter.select()}
    assert states == {contract.id: State.KEPT, notice.id: State.PURGED}
    assert source_of(intake, contract) == pdf()


def test_nothing_of_a_purged_letter_can_be_read(intake: Intake, jana: Client, database: Database) -> None:
    letter = bring(intake, subject=SUBJECT)
    ciphertext = intake.store.get(file_of(letter))
    entries = VaultEntry.select().count()
    assert purged(intake, later(letter)) == 1
    with pytest.raises(FileGone):
        intake.store.get(file_of(letter))
    intake.store.put(file_of(letter), ciphertext)  # as from a backup of the files
    with pytest.raises(NotInVault):
        sealed.read(intake.store, intake.vault, file_of(letter), source_context(letter))
    assert VaultEntry.select().count() == entries - 1
    assert SUBJECT not in str(snapshot(database))


def test_what_names_it_stays_so_that_a_repeat_is_harmless(intake: Intake, jana: Client) -> None:
    letter = bring(intake, external_id="L-1")
    purged(intake, later(letter))
    again = bring(intake, external_id="L-1")
    assert (again.id, again.reference, again.state) == (letter.id, letter.reference, State.PURGED)
    assert (again.kind, again.file, again.subject) == (letter.kind, None, "")
    assert Copy.select().count() == 1


def test_each_leaves_one_event(intake: Intake, jana: Client) -> None:
    letters = [bring(intake) for _ in range(3)]
    purged(intake, later(letters[-1]))
    purged(intake, later(letters[-1]))
    events = list(Event.select().where(Event.tag == Tag.LETTER_PURGED))
    assert [event.client_id for event in events] == [jana.id] * 3
    assert {event.facts for event in events} == {f'{{"letter": "{one.reference}"}}' for one in letters}


def test_a_queued_copy_goes_out_no_more(intake: Intake, jana: Client) -> None:
    letter = bring(intake)
    message = message_of(letter)
    purged(intake, later(letter))
    assert (fresh(message).status, fresh(message).reason) == (Status.FAILED, Reason.UNRENDERABLE)
    assert fresh(message).settled_at is not None
    assert post(intake) == {}


def test_a_copy_that_a_worker_has_just_taken_is_not_begun(intake: Intake, jana: Client) -> None:
    letter = bring(intake)
    taken = claims.take(Channel.MAIL, "one", timedelta(minutes=1))
    assert taken is not None
    purged(intake, later(letter))
    assert not claims.begin(taken, "played", timedelta(minutes=1))
    assert not claims.finish(taken, Status.FAILED, Reason.UNRENDERABLE)
    assert fresh(taken).status == Status.FAILED


@pytest.mark.parametrize("ends", [Status.SENT, Status.UNKNOWN, Status.FAILED])
def test_a_copy_that_is_being_handed_over_ends_as_it_ends(intake: Intake, jana: Client, ends: Status) -> None:
    letter = bring(intake)
    taken = claims.take(Channel.MAIL, "one", timedelta(minutes=1))
    assert taken is not None
    assert claims.begin(taken, "played", timedelta(minutes=1))
    purged(intake, later(letter))
    assert fresh(taken).status == Status.SENDING
    assert claims.finish(taken, ends)
    assert fresh(taken).status == ends


def test_what_the_mail_server_did_not_take_fails_at_its_next_attempt(intake: Intake, jana: Client) -> None:
    letter = bring(intake)
    taken = claims.take(Channel.MAIL, "one", timedelta(minutes=1))
    assert taken is not None
    assert claims.begin(taken, "played", timedelta(minutes=1))
    purged(intake, later(letter))
    assert claims.put_back(taken, Reason.UNAVAILABLE, "421")
    assert post(intake) == {}
    assert (fresh(taken).status, fresh(taken).reason) == (Status.FAILED, Reason.UNRENDERABLE)


def test_a_copy_that_waits_is_dropped(intake: Intake, database: Database) -> None:
    client = make_client(intake.vault, PETER, birth_number=None, phone=None)
    letter = bring(intake, client=client.reference)
    assert only_copy(letter).message is None
    purged(intake, later(letter))
    assert not Copy.select().exists()


def test_a_rejected_letter_is_purged_too(intake: Intake, jana: Client) -> None:
    with pytest.raises(Rejected) as caught:
        bring(intake, b"no PDF", subject=SUBJECT)
    letter = caught.value.letter
    assert purged(intake, later(letter)) == 1
    after = Letter.get_by_id(letter.id)
    assert (after.state, after.subject, after.reason) == (State.PURGED, "", letter.reason)


def test_no_more_than_is_asked_and_the_client_of_the_oldest_first(intake: Intake, jana: Client) -> None:
    peter = make_client(intake.vault, PETER)
    peters = [bring(intake, client=peter.reference)]
    janas = [bring(intake), bring(intake)]
    peters.append(bring(intake, client=peter.reference))
    at = later(peters[-1])
    assert purged(intake, at, most=3) == 3
    assert [one.id for one in Letter.select().where(Letter.state == State.KEPT)] == [janas[1].id]
    assert purged(intake, at, most=3) == 1
    assert purged(intake, at, most=2) == 0


def test_the_due_are_found_by_index(database: Database, database_url: str) -> None:
    sql, values = retention._due(now()).sql()
    if database_url.startswith("sqlite"):
        plan = database.execute_sql(f"EXPLAIN QUERY PLAN {sql}", values).fetchall()
    else:
        database.execute_sql("SET enable_seqscan = off")
        plan = database.execute_sql(f"EXPLAIN {sql}", values).fetchall()
    assert "letter_kept_until" in str(plan)


class Away:
    """A store that cannot be reached for deleting."""

    def __init__(self, store: Any) -> None:
        self.store = store

    def delete(self, name: str) -> None:
        raise StoreAway("SlowDown")

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)


def test_a_store_that_is_away_keeps_nothing_readable(intake: Intake, jana: Client) -> None:
    letters = [bring(intake) for _ in range(3)]
    with pytest.raises(StoreAway):
        purge(Away(intake.store), intake.vault, at=later(letters[-1]), most=100)
    assert not Letter.select().where(Letter.state == State.KEPT).exists()
    for letter in letters:
        assert intake.store.get(file_of(letter))
        with pytest.raises(NotInVault):
            source_of(intake, letter)


class Killed(Away):
    """The process is killed when it comes to delete a file."""

    def delete(self, name: str) -> None:
        os.kill(os.getpid(), signal.SIGKILL)


def test_a_kill_before_the_file_is_deleted_leaves_noise_that_is_swept(
    intake: Intake, jana: Client, database_url: str
) -> None:
    letter, at = bring(intake), now()
    over = later(letter)
    child = os.fork()
    if child == 0:
        with using(open_database(database_url)) as anew:
            accompany(anew, intake.vault)
            purge(Killed(intake.store), intake.vault, at=over, most=10)
        os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    assert intake.store.get(file_of(letter))
    with pytest.raises(NotInVault):
        source_of(intake, letter)
    stays = bring(intake)
    assert sweep(intake.store, at=at) == 0
    assert sweep(intake.store, at=now() + 2 * DAY) == 1
    with pytest.raises(FileGone):
        intake.store.get(file_of(letter))
    assert source_of(intake, stays) == pdf()


NOISE = "N" * 22 + ".source"
OLD_COPY = "N" * 22 + ".copy"


@pytest.fixture
def kept_letters(intake: Intake, jana: Client, kept: Kept) -> Intake:
    """Two kinds of noise, then three letters, in either kind of store."""
    intake = Intake(intake.vault, kept.store, intake.encryptor, intake.rules, intake.limits)
    for name in (NOISE, OLD_COPY):
        kept.store.put(name, b"noise")
    for _ in range(3):
        bring(intake)
    # S3 tells the time of writing by the second.
    Letter.update(received_at=now() + timedelta(seconds=1)).execute()
    return intake


@ON_SQLITE
def test_files_without_a_letter_are_swept_after_a_day(kept_letters: Intake, kept: Kept) -> None:
    assert sweep(kept.store, at=now() + DAY - timedelta(minutes=1)) == 0
    assert sweep(kept.store, at=now() + DAY + timedelta(minutes=1)) == 2
    assert kept.names() == {letter.file for letter in Letter.select()}
    assert sweep(kept.store, at=now() + DAY + timedelta(minutes=1)) == 0


@ON_SQLITE
def test_files_newer_than_the_newest_letter_are_left(kept_letters: Intake, kept: Kept) -> None:
    """The database may be one of yesterday's, restored or copied."""
    Letter.update(received_at=now() - timedelta(hours=1)).execute()
    assert sweep(kept.store, at=now() + 3 * DAY) == 0


@ON_SQLITE
def test_the_store_of_another_installation_is_left_alone(kept_letters: Intake, kept: Kept) -> None:
    Letter.update(file="X" * 22 + ".source").where(Letter.id == Letter.select().count()).execute()
    with pytest.raises(StrangeStore, match="lacks letter"):
        sweep(kept.store, at=now() + 3 * DAY)
    Letter.delete().execute()
    assert sweep(kept.store, at=now() + 3 * DAY) == 0
    assert NOISE in kept.names()
