"""Back to the default, or to a new generated password."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
import time_machine
from peewee import Database

from tests.conftest import CHEAP
from tests.letter_passwords.watchful import WatchfulVault
from tests.people import COMPANY, JANA, make_client
from tests.together import together
from zone.audit import OPERATOR, SYSTEM, Actor, Role
from zone.audit.models import Event
from zone.clients import birth_numbers, holds
from zone.clients.holds import OnHold, Why
from zone.clients.models import Client
from zone.clients.people import upsert
from zone.clients.phone_rules import PhoneMissing
from zone.clock import now
from zone.config import Limits
from zone.letter_passwords.first import prepare
from zone.letter_passwords.models import LetterPassword, Origin
from zone.letter_passwords.reset import reset
from zone.letter_passwords.set_own import set_own
from zone.letter_passwords.versions import current, open_password
from zone.messages.models import Message
from zone.secret import Secret
from zone.storage import transaction
from zone.vault import Keyring, Vault
from zone.vault.models import VaultEntry

LIMITS = Limits()
CLIENT = Actor(Role.CLIENT, 1)
OWN = Secret("slnko nad Tatrami")
ACTORS = [CLIENT, Actor(Role.BROKER, 2), Actor(Role.SUPPORT, 3)]


def opened(vault: Vault, version: LetterPassword) -> str:
    with transaction():
        return open_password(vault, SYSTEM, version, use="test").reveal()


@pytest.mark.parametrize("actor", ACTORS, ids=lambda actor: actor.role)
def test_back_to_the_digits_of_the_birth_number(jana: Client, vault: WatchfulVault, actor: Actor) -> None:
    set_own(vault, CLIENT, jana.id, OWN)
    version = reset(vault, actor, jana.id, limits=LIMITS)
    assert (version.origin, version.digits, version.set_by_role) == (Origin.DEFAULT, 4, actor.role)
    assert opened(vault, version) == "2375"
    assert Event.get(Event.tag == "letter_password:reset").actor_id == actor.account_id
    assert Message.select().count() == 0


@pytest.mark.parametrize("actor", [*ACTORS, Actor(Role.SUPPORT, 3, impersonation_id=4)])
def test_while_a_hold_stands_nobody_but_the_client_weakens_the_password(
    jana: Client, vault: WatchfulVault, actor: Actor
) -> None:
    set_own(vault, CLIENT, jana.id, OWN)
    holds.place(CLIENT, jana.id, Why.ACCESS)
    if actor is CLIENT:
        assert reset(vault, actor, jana.id, limits=LIMITS).origin == Origin.DEFAULT
        return
    with pytest.raises(OnHold):
        reset(vault, actor, jana.id, limits=LIMITS)
    assert current(jana.id).origin == Origin.OWN
    holds.lift(OPERATOR, jana.id)
    assert reset(vault, actor, jana.id, limits=LIMITS).origin == Origin.DEFAULT
    holds.place(CLIENT, jana.id, Why.ACCESS)
    with pytest.raises(OnHold):  # the letters of one who is on the default already
        reset(vault, actor, jana.id, limits=LIMITS)


def test_who_is_on_the_default_stays_there(jana: Client, vault: WatchfulVault) -> None:
    before = current(jana.id)
    events = Event.select().count()
    assert reset(vault, CLIENT, jana.id, limits=LIMITS).id == before.id
    assert Event.select().count() == events


@pytest.mark.parametrize("actor", ACTORS, ids=lambda actor: actor.role)
def test_a_company_gets_a_new_one_by_one_sms(company: Client, vault: WatchfulVault, actor: Actor) -> None:
    before = opened(vault, current(company.id))
    version = reset(vault, actor, company.id, limits=LIMITS)
    assert version.origin == Origin.GENERATED
    assert opened(vault, version) != before
    message = Message.get()
    assert (message.subject_id, message.language) == (version.id, "sk")


def test_a_double_click_makes_one_password_and_one_sms(
    company: Client, vault: WatchfulVault, database: Database
) -> None:
    versions = together(database, [partial(reset, vault, CLIENT, company.id, limits=LIMITS)] * 6)
    assert {version.number for version in versions} == {2}
    assert Message.select().count() == 1
    with time_machine.travel(now() + timedelta(minutes=1), tick=False):
        assert reset(vault, CLIENT, company.id, limits=LIMITS).number == 3


def test_a_company_without_a_phone_keeps_the_password_it_has(
    database: Database, vault: WatchfulVault
) -> None:
    company = make_client(vault, COMPANY, phone=None)
    events = Event.select().count()
    with pytest.raises(PhoneMissing):
        reset(vault, CLIENT, company.id, limits=LIMITS)
    assert current(company.id).number == 1
    assert Event.select().count() == events
    assert VaultEntry.select().where(VaultEntry.purpose == "letter_password").count() == 1


class InterruptedVault(WatchfulVault):
    """Something happens once while a password is being hashed, or a default's verifier made."""

    meanwhile: Callable[[], object] | None = None

    def mac(self, purpose: str, data: bytes) -> bytes:
        self._happen()
        return super().mac(purpose, data)

    def hash(self, purpose: str, password: Secret) -> str:
        hashed = super().hash(purpose, password)
        self._happen()
        return hashed

    def _happen(self) -> None:
        happening, self.meanwhile = self.meanwhile, None
        if happening:
            happening()


@pytest.fixture
def interrupted(keyring: Keyring) -> InterruptedVault:
    return InterruptedVault(keyring, CHEAP)


def test_a_birth_number_corrected_meanwhile_is_the_one_that_counts(
    jana: Client, interrupted: InterruptedVault
) -> None:
    set_own(interrupted, CLIENT, jana.id, OWN)
    corrected = replace(JANA, birth_number=birth_numbers.parse("486123/417"))

    def correct() -> None:
        with transaction():
            upsert(interrupted, OPERATOR, corrected, at=now())

    interrupted.meanwhile = correct
    version = reset(interrupted, CLIENT, jana.id, limits=LIMITS)
    assert version.digits == 3
    assert opened(interrupted, version) == "417"


def test_a_reset_at_the_same_moment_as_another_password(jana: Client, interrupted: InterruptedVault) -> None:
    set_own(interrupted, CLIENT, jana.id, OWN)
    other = Secret("Žltý kôň úpel ďábelské")
    interrupted.meanwhile = lambda: set_own(interrupted, CLIENT, jana.id, other)
    version = reset(interrupted, CLIENT, jana.id, limits=LIMITS)
    assert (version.number, version.origin) == (4, Origin.DEFAULT)


def test_a_generated_one_holds_nothing_of_the_clients_own(company: Client, vault: WatchfulVault) -> None:
    Client.update(name="Lampa a Mapa, a. s.").where(Client.id == company.id).execute()
    version = reset(vault, CLIENT, company.id, limits=LIMITS)
    assert not {"lampa", "mapa"} & set(opened(vault, version).split("-"))


def test_a_default_keeps_no_copy_in_the_vault(jana: Client, vault: WatchfulVault) -> None:
    prepared = prepare(vault, birth_number=JANA.birth_number, language="sk")
    assert prepared.secret is None
    assert VaultEntry.select().where(VaultEntry.purpose == "letter_password").count() == 0
