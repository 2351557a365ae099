"""A letter is encrypted at the moment of sending, under the password in force then, and under no other."""

from __future__ import annotations

import resource
from datetime import timedelta
from pathlib import Path

import pytest
from peewee import Database

from tests.letters.conftest import ObservedStore
from tests.letters.posted import CONFIG, bring, only_copy, post
from tests.letters.samples import letter_text
from tests.people import COMPANY, JANA, MARIA, make_client
from tests.readers import READERS, WrongPassword
from zone.audit import SYSTEM, Actor, Role
from zone.audit.models import Event
from zone.clients import birth_numbers
from zone.clients.models import Client
from zone.clients.people import ClientDetails
from zone.letter_passwords.letter_keys import open_key
from zone.letter_passwords.models import LetterPassword
from zone.letter_passwords.reset import reset
from zone.letter_passwords.set_own import set_own
from zone.letter_passwords.versions import current, open_password
from zone.letters import sending
from zone.letters.intake import Intake, source_context
from zone.letters.models import Letter, State
from zone.letters.store import StoreAway
from zone.messages import claims
from zone.messages.handover import NotTaken, Reason, Status
from zone.messages.models import Channel, Message
from zone.messages.render import CannotRender
from zone.secret import Secret
from zone.storage import transaction
from zone.vault.models import VaultEntry

CLIENT = Actor(Role.CLIENT, 1)
OWN = Secret("slnko nad Tatrami")


def assert_opens_with(encrypted: bytes, password: str) -> None:
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
        set_own(intake.vault, CLIENT, client.id, Secret(own))
    letter = bring(intake, client=details.reference)
    sent = post(intake)
    copy = only_copy(letter)
    assert_opens_with(sent[copy.id], password)
    assert copy.password_id == current(client.id).id
    assert (copy.engine, copy.size) == ("splice", len(sent[copy.id]))
    assert copy.encrypted_at is not None


def test_a_generated_password_opens_it(company: Client, intake: Intake) -> None:
    letter = bring(intake, client=COMPANY.reference)
    with transaction():
        password = open_password(intake.vault, SYSTEM, LetterPassword.get(), use="test")
    assert_opens_with(post(intake)[only_copy(letter).id], password.reveal())


def test_a_password_set_while_the_letter_was_queued_is_the_one_that_opens_it(
    jana: Client, intake: Intake
) -> None:
    letter = bring(intake)
    set_own(intake.vault, CLIENT, jana.id, OWN)
    assert_opens_with(post(intake)[only_copy(letter).id], OWN.reveal())
    assert only_copy(letter).password == current(jana.id)


def test_a_password_set_during_encryption_is_the_one_that_opens_it(
    jana: Client, intake: Intake, store: ObservedStore
) -> None:
    letter = bring(intake)
    store.before_get = lambda: set_own(intake.vault, CLIENT, jana.id, OWN)
    assert_opens_with(post(intake)[only_copy(letter).id], OWN.reveal())
    assert only_copy(letter).password == current(jana.id)
    assert store.reads == 2


def test_a_default_is_opened_once_for_its_letter_key_and_an_own_password_never(
    jana: Client, intake: Intake
) -> None:
    def opened() -> int:
        return Event.select().where(Event.tag == "letter_password:opened").count()

    bring(intake)
    bring(intake)
    post(intake)
    assert opened() == 1
    set_own(intake.vault, CLIENT, jana.id, OWN)
    bring(intake)
    post(intake)
    assert opened() == 1
    reset(intake.vault, CLIENT, jana.id, limits=intake.limits)
    assert (
        open_key(intake.vault, SYSTEM, current(jana.id)).u
        != open_key(intake.vault, SYSTEM, LetterPassword.get(LetterPassword.number == 1)).u
    )
    assert opened() == 2


def test_a_letter_key_outlives_a_birth_number_that_is_gone(jana: Client, intake: Intake) -> None:
    bring(intake)
    post(intake)
    with transaction():
        birth_numbers.forget(intake.vault, jana.id)
    letter = bring(intake)
    assert_opens_with(post(intake)[only_copy(letter).id], "2375")


def test_every_sending_leaves_an_event_with_the_version(jana: Client, intake: Intake) -> None:
    letter = bring(intake)
    post(intake)
    event = Event.get(Event.tag == "letter:encrypted")
    assert (event.actor_role, event.client_id) == ("system", jana.id)
    assert f'"copy": "{only_copy(letter).reference}"' in event.facts
    assert '"version": 1' in event.facts


def _delete_file(intake: Intake, letter: Letter) -> None:
    intake.store.delete(letter.file or "")


def _destroy_key(intake: Intake, letter: Letter) -> None:
    with transaction():
        intake.vault.destroy(source_context(letter))


def _destroy_password(intake: Intake, letter: Letter) -> None:
    VaultEntry.delete().where(VaultEntry.purpose.in_(("birth_number", "letter_key"))).execute()


def _purge(intake: Intake, letter: Letter) -> None:
    Letter.update(state=State.PURGED).where(Letter.id == letter.id).execute()


def _erase(intake: Intake, letter: Letter) -> None:
    letter.client.delete_instance(recursive=True)


@pytest.mark.parametrize("harm", [_delete_file, _destroy_key, _destroy_password, _purge, _erase])
def test_a_letter_that_cannot_be_made_fails_and_nothing_goes(
    jana: Client, intake: Intake, harm: object
) -> None:
    letter = bring(intake)
    message = Message.get()
    assert callable(harm)
    harm(intake, letter)
    with pytest.raises(CannotRender) as cannot:
        sending.renderer(intake, CONFIG)(message)
    assert cannot.value.reason is Reason.UNRENDERABLE


def test_a_machine_that_can_start_no_process_keeps_the_letter_for_later(jana: Client, intake: Intake) -> None:
    bring(intake)
    intake.encryptor.close()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (len(list(Path("/proc/self/fd").iterdir())), hard))
    try:
        with pytest.raises(NotTaken) as later:
            sending.renderer(intake, CONFIG)(Message.get())
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert later.value.reason is Reason.UNAVAILABLE
    assert len(post(intake)) == 1


def test_a_worker_that_comes_late_changes_nothing(jana: Client, intake: Intake) -> None:
    letter = bring(intake)
    slow = claims.take(Channel.MAIL, "slow", timedelta(0))
    quick = claims.take(Channel.MAIL, "quick", timedelta(minutes=1))
    assert slow is not None
    assert quick is not None
    sending.renderer(intake, CONFIG)(quick)
    assert claims.begin(quick, "g", timedelta(minutes=1))
    assert claims.finish(quick, Status.SENT)
    went_under = current(jana.id).id
    set_own(intake.vault, CLIENT, jana.id, OWN)
    with pytest.raises(CannotRender):
        sending.renderer(intake, CONFIG)(slow)
    assert only_copy(letter).password_id == went_under
    assert Event.select().where(Event.tag == "letter:encrypted").count() == 1


def test_a_store_that_is_away_keeps_the_letter_for_later(
    jana: Client, intake: Intake, store: ObservedStore
) -> None:
    bring(intake)

    def away() -> None:
        raise StoreAway("no route")

    store.before_get = away
    with pytest.raises(NotTaken) as later:
        sending.renderer(intake, CONFIG)(Message.get())
    assert later.value.reason is Reason.UNAVAILABLE


def test_the_source_never_lies_in_clear(jana: Client, intake: Intake, folder: Path) -> None:
    bring(intake)
    post(intake)
    assert all(b"%PDF" not in path.read_bytes() for path in folder.rglob("*") if path.is_file())
