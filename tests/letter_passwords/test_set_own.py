"""The client sets a letter password."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
import time_machine
from peewee import Database, IntegrityError

from tests.conftest import CHEAP
from tests.letter_passwords.watchful import WatchfulVault
from tests.together import together
from zone.accounts.accounts import create
from zone.accounts.passwords import hash_password
from zone.accounts.throttle import TooManyAttempts
from zone.audit import OPERATOR, Actor, Role
from zone.audit.models import Event
from zone.clients.models import Client
from zone.clock import now
from zone.config import Limits
from zone.letter_passwords.acceptance import NotAccepted, Problem, is_accepted
from zone.letter_passwords.models import LetterPassword, Origin
from zone.letter_passwords.resend import resend
from zone.letter_passwords.set_own import own_data, set_own, suggest
from zone.letter_passwords.verifiers import matches
from zone.letter_passwords.versions import current
from zone.secret import Secret
from zone.storage import transaction
from zone.vault import Context, Keyring, Purpose
from zone.vault.models import VaultEntry

LIMITS = Limits()
ACTOR = Actor(Role.CLIENT, 1)
FIRST, SECOND = Secret("slnko nad Tatrami"), Secret("Žltý kôň úpel ďábelské")


def problem(vault: WatchfulVault, client: Client, password: str) -> Problem:
    with pytest.raises(NotAccepted) as refused:
        set_own(vault, ACTOR, client.id, Secret(password))
    return refused.value.problem


def count(client: Client) -> tuple[int, int]:
    """Versions, and those in force."""
    mine = LetterPassword.select().where(LetterPassword.client == client.id)
    return mine.count(), mine.where(LetterPassword.replaced_at.is_null()).count()


def test_it_is_in_force_at_once_and_leaves_an_event(jana: Client, vault: WatchfulVault) -> None:
    version = set_own(vault, ACTOR, jana.id, FIRST)
    assert current(jana.id).id == version.id
    assert (version.origin, version.number, version.set_by_role, version.set_by_account) == (
        "own",
        2,
        "client",
        1,
    )
    assert vault.get(Context(Purpose.LETTER_PASSWORD, jana.id, 2)).decode() == FIRST.reveal()
    assert matches(vault, version, FIRST)
    event = Event.get(Event.tag == "letter_password:set")
    assert (event.client_id, event.actor_id, event.facts) == (jana.id, 1, '{"version": 2}')


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.CLIENT])
def test_nobody_else_sets_one(jana: Client, vault: WatchfulVault, role: Role) -> None:
    with pytest.raises(PermissionError):
        set_own(vault, Actor(role, 1), jana.id, FIRST)
    assert count(jana) == (1, 1)


@pytest.mark.parametrize(
    ("password", "expected"),
    [
        ("krátke", Problem.TOO_SHORT),
        ("zelený Kováč spieva", Problem.OWN_NAME),
        ("tulipán 2001 a pes", Problem.OWN_NUMBER),  # of the policy PZ-2001
        ("tulipán 9051 a pes", Problem.OWN_NUMBER),  # of the phone
        ("tulipán 2375 a pes", Problem.OWN_NUMBER),  # of the birth number: the default password
        ("tulipán 1986 a pes", Problem.OWN_BIRTH_DATE),
    ],
)
def test_what_is_not_accepted_says_why_and_changes_nothing(
    jana: Client, vault: WatchfulVault, password: str, expected: Problem
) -> None:
    assert problem(vault, jana, password) is expected
    assert count(jana) == (1, 1)


def test_the_current_one_is_refused_but_a_double_click_is_not(jana: Client, vault: WatchfulVault) -> None:
    with time_machine.travel(now(), tick=False) as time:
        first = set_own(vault, ACTOR, jana.id, FIRST)
        time.shift(timedelta(seconds=59))
        assert set_own(vault, ACTOR, jana.id, FIRST).id == first.id
        time.shift(timedelta(seconds=1))
        assert problem(vault, jana, FIRST.reveal()) is Problem.SAME_AS_CURRENT
    assert count(jana) == (2, 1)


def test_a_generated_one_that_is_in_force_is_no_own_one(company: Client, vault: WatchfulVault) -> None:
    generated = vault.get(Context(Purpose.LETTER_PASSWORD, company.id, 1)).decode()
    assert problem(vault, company, generated) is Problem.SAME_AS_CURRENT


def test_an_earlier_one_may_come_back(jana: Client, vault: WatchfulVault) -> None:
    for password in (FIRST, SECOND, FIRST):
        set_own(vault, ACTOR, jana.id, password)
    assert count(jana) == (4, 1)


def test_the_sign_in_password_is_refused(jana: Client, vault: WatchfulVault) -> None:
    create(
        OPERATOR,
        email=jana.email,
        role=Role.CLIENT,
        name=jana.name,
        password_hash=hash_password(vault, FIRST),
        language="sk",
        client_id=jana.id,
    )
    assert problem(vault, jana, FIRST.reveal()) is Problem.SAME_AS_SIGN_IN
    set_own(vault, ACTOR, jana.id, SECOND)


def test_two_different_ones_at_once_end_with_one_in_force(
    jana: Client, vault: WatchfulVault, database: Database
) -> None:
    passwords = [Secret(f"slnko {word} Tatrami") for word in ("nad", "pod", "za", "pred", "medzi", "popri")]
    acts = [partial(set_own, vault, ACTOR, jana.id, password) for password in passwords]
    versions = together(database, acts)
    assert sorted(version.number for version in versions) == [2, 3, 4, 5, 6, 7]
    assert count(jana) == (7, 1)
    assert current(jana.id).number == 7
    for version, password in zip(versions, passwords, strict=True):
        kept = vault.get(Context(Purpose.LETTER_PASSWORD, jana.id, version.number))
        assert kept.decode() == password.reveal()
        assert matches(vault, version, password)


def test_the_same_one_twice_at_once_is_one(jana: Client, vault: WatchfulVault, database: Database) -> None:
    versions = together(database, [partial(set_own, vault, ACTOR, jana.id, FIRST)] * 6)
    assert {version.id for version in versions} == {current(jana.id).id}
    assert count(jana) == (2, 1)


class CountingVault(WatchfulVault):
    """How many times a password was hashed or verified."""

    hashings = 0

    def hash(self, purpose: str, password: Secret) -> str:
        self.hashings += 1
        return super().hash(purpose, password)

    def verify(self, purpose: str, password: Secret, hashed: str | None) -> bool:
        self.hashings += 1
        return super().verify(purpose, password, hashed)


def test_one_that_another_overtakes_costs_one_more_look(
    jana: Client, keyring: Keyring, database: Database
) -> None:
    vault = CountingVault(keyring, CHEAP)
    passwords = [Secret(f"slnko {word} Tatrami") for word in ("nad", "pod", "za", "pred", "medzi", "popri")]
    together(database, [partial(set_own, vault, ACTOR, jana.id, password) for password in passwords])
    overtaken = sum(range(len(passwords)))
    assert vault.hashings <= 2 * len(passwords) + overtaken


def test_guessing_at_the_current_one_has_to_wait(jana: Client, vault: WatchfulVault) -> None:
    with time_machine.travel(now(), tick=False) as time:
        set_own(vault, ACTOR, jana.id, FIRST)
        time.shift(timedelta(hours=1))
        for _ in range(10):
            assert problem(vault, jana, FIRST.reveal()) is Problem.SAME_AS_CURRENT
        with pytest.raises(TooManyAttempts):
            set_own(vault, ACTOR, jana.id, FIRST)
        time.shift(timedelta(seconds=10))
        set_own(vault, ACTOR, jana.id, SECOND)


def test_setting_one_again_and_again_waits_for_nothing(jana: Client, vault: WatchfulVault) -> None:
    for turn in range(12):
        set_own(vault, ACTOR, jana.id, (FIRST, SECOND)[turn % 2])
    assert count(jana) == (13, 1)


def test_a_crash_leaves_the_old_one_in_force_and_nothing_else(jana: Client, vault: WatchfulVault) -> None:
    """The crash: the vault has an entry at the place already, so verifier and entry cannot both be written."""
    with transaction():
        vault.put(Context(Purpose.LETTER_PASSWORD, jana.id, 2), b"in the way")
    events = Event.select().count()
    with pytest.raises(IntegrityError):
        set_own(vault, ACTOR, jana.id, FIRST)
    assert current(jana.id).origin == Origin.DEFAULT
    assert count(jana) == (1, 1)
    assert Event.select().count() == events
    assert VaultEntry.select().where(VaultEntry.purpose == Purpose.LETTER_PASSWORD).count() == 1


def test_the_vault_of_these_tests_refuses_to_hash_in_a_transaction(
    database: Database, vault: WatchfulVault
) -> None:
    with pytest.raises(AssertionError), transaction():
        vault.hash("letter_password", FIRST)
    with pytest.raises(AssertionError), transaction():
        vault.verify("letter_password", FIRST, None)


@pytest.mark.parametrize("language", ["sk", "en"])
def test_a_suggestion_can_be_set_as_it_is_and_sent(jana: Client, vault: WatchfulVault, language: str) -> None:
    suggestion = suggest(vault, jana.id, language)
    assert is_accepted(suggestion, own_data(vault, jana.id))
    version = set_own(vault, ACTOR, jana.id, suggestion)
    assert resend(ACTOR, jana.id, language=language, limits=LIMITS).subject_id == version.id


def test_a_suggestion_holds_no_word_of_the_clients_name(company: Client, vault: WatchfulVault) -> None:
    Client.update(name="Lampa a Mapa, a. s.", email="vrana@kniha.example").where(
        Client.id == company.id
    ).execute()
    own = own_data(vault, company.id)
    assert all(is_accepted(suggest(vault, company.id, "sk"), own) for _ in range(200))
