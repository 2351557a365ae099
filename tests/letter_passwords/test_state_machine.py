"""Whatever is done to a client's letter password, in any order: hash and vault agree, and one version is in force."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from peewee import Database

from tests.people import give_mandate, make_client, someone
from zone.audit import OPERATOR, SYSTEM, Actor, Role
from zone.clients import birth_numbers
from zone.clients.birth_numbers import BirthNumber, default_password
from zone.clients.people import upsert
from zone.clock import now
from zone.config import Limits
from zone.letter_passwords.acceptance import NotAccepted, Problem
from zone.letter_passwords.first import ensure_current, prepare
from zone.letter_passwords.models import LetterPassword, Origin
from zone.letter_passwords.resend import TooManyResends, resend
from zone.letter_passwords.reset import reset
from zone.letter_passwords.set_own import DOUBLE_CLICK, set_own
from zone.letter_passwords.try_out import VERSIONS_TRIED, try_out
from zone.letter_passwords.verifiers import PURPOSE
from zone.letter_passwords.versions import NoLongerKept, current, open_password
from zone.messages.handover import Status
from zone.messages.models import Message
from zone.secret import Secret
from zone.storage import is_postgres, transaction
from zone.vault import Context, Purpose, Vault
from zone.vault.models import VaultEntry

LIMITS = Limits()
SELF = Actor(Role.CLIENT, 1)
HELPERS = (SELF, Actor(Role.BROKER, 2), Actor(Role.SUPPORT, 3))
START = datetime(2026, 5, 4, 12, tzinfo=UTC)
# The last two give the same default password.
BIRTH_NUMBERS = [
    *map(birth_numbers.parse, ("865514/2375", "486123/417", "790302/3744", "600101/3744")),
    None,
]
PASSWORDS = [
    "slnko nad Tatrami",
    "Žltý kôň úpel ďábelské",
    "{[~\\|^]}€ a ešte",
    "пароль-для-писем",
    "كلمةالسرالطويلة",
    "Slnko nad Tatrami",
]
WAITS = [
    timedelta(seconds=1),
    timedelta(seconds=59),
    timedelta(minutes=9),
    timedelta(minutes=31),
    timedelta(days=1),
]


@dataclass(frozen=True)
class Known:
    """What the model knows of one version."""

    origin: Origin
    password: str
    set_at: datetime


class LetterPasswords(RuleBasedStateMachine):
    """One client's letter password beside a model of it. The database and the vault come from the test."""

    vault: Vault

    def __init__(self) -> None:
        super().__init__()
        self.clock = time_machine.travel(START, tick=False)
        self.time = self.clock.start()
        self.versions: list[Known] = []

    def teardown(self) -> None:
        self.clock.stop()

    @initialize(birth_number=st.sampled_from(BIRTH_NUMBERS))
    def is_made(self, birth_number: BirthNumber | None) -> None:
        self.details = someone(birth_number=birth_number)
        client = make_client(self.vault, self.details)
        give_mandate(client, 2)
        self.client_id: int = client.id
        self.note(self.fallback)

    @property
    def fallback(self) -> Origin:
        return Origin.DEFAULT if self.details.birth_number else Origin.GENERATED

    def note(self, origin: Origin) -> None:
        """There must be a new version of this origin."""
        version = current(self.client_id)
        assert version.number == len(self.versions) + 1
        assert version.origin == origin
        self.versions.append(Known(origin, self.opened(version), now()))

    def opened(self, version: LetterPassword) -> str:
        with transaction():
            return open_password(self.vault, SYSTEM, version, use="test").reveal()

    @rule(password=st.sampled_from(PASSWORDS))
    def sets_own(self, password: str) -> None:
        in_force = self.versions[-1]
        if in_force.password != password:
            version = set_own(self.vault, SELF, self.client_id, Secret(password))
            self.note(Origin.OWN)
            assert (version.number, self.versions[-1].password) == (len(self.versions), password)
        elif now() - in_force.set_at < DOUBLE_CLICK:
            assert set_own(self.vault, SELF, self.client_id, Secret(password)).number == len(self.versions)
        else:
            with pytest.raises(NotAccepted) as refused:
                set_own(self.vault, SELF, self.client_id, Secret(password))
            assert refused.value.problem is Problem.SAME_AS_CURRENT

    @rule(password=st.sampled_from(["short", "01234567890", "Tomáš a jeho kone", "grave`accent"]))
    def sets_what_is_not_accepted(self, password: str) -> None:
        with pytest.raises(NotAccepted):
            set_own(self.vault, SELF, self.client_id, Secret(password))

    @rule(actor=st.sampled_from(HELPERS))
    def resets(self, actor: Actor) -> None:
        before = current(self.client_id)
        again = before.origin == Origin.GENERATED and before.set_by_account == actor.account_id
        double_click = again and now() - before.set_at < DOUBLE_CLICK
        try:
            version = reset(self.vault, actor, self.client_id, limits=LIMITS)
        except TooManyResends:
            assert self.fallback is Origin.GENERATED
            return
        if self.versions[-1].origin is not Origin.DEFAULT and not double_click:
            self.note(self.fallback)
        assert version.number == len(self.versions)
        if version.origin == Origin.GENERATED:
            assert self.messages()[-1].subject_id == version.id

    @rule(actor=st.sampled_from(HELPERS))
    def asks_for_the_sms(self, actor: Actor) -> None:
        before = self.messages()
        standing = before[-1] if before else None
        if standing is not None and not self.stands(standing):
            standing = None
        try:
            message = resend(actor, self.client_id, language="sk", limits=LIMITS)
        except TooManyResends:
            lately = [each for each in before if each.queued_at > now() - timedelta(days=1)]
            assert len(lately) >= LIMITS.resends_per_client_day
            return
        assert message.subject_id == current(self.client_id).id
        assert len(self.messages()) == len(before) + (standing is None)
        assert standing is None or standing.id == message.id

    def messages(self) -> list[Message]:
        return list(Message.select().where(Message.client_id == self.client_id).order_by(Message.id))

    def stands(self, message: Message) -> bool:
        if message.subject_id != current(self.client_id).id or message.status == Status.FAILED:
            return False
        lasts = timedelta(minutes=30) if message.status == Status.QUEUED else LIMITS.resend_cooldown
        return bool(now() - message.queued_at < lasts)

    @rule(status=st.sampled_from([Status.SENT, Status.DELIVERED, Status.FAILED]))
    def the_last_sms_is_settled(self, status: Status) -> None:
        for message in self.messages()[-1:]:
            Message.update(status=status).where(Message.id == message.id).execute()

    @rule(data=st.data())
    def tries(self, data: st.DataObject) -> None:
        candidate = data.draw(
            st.sampled_from([*PASSWORDS, *(known.password for known in self.versions), "0000"])
        )
        self.time.shift(timedelta(hours=1))  # throttling is another test's
        tried = try_out(self.vault, SELF, self.client_id, Secret(candidate))
        newest_first = list(enumerate(self.versions, start=1))[: -VERSIONS_TRIED - 1 : -1]
        expected = next((number for number, known in newest_first if known.password == candidate), None)
        assert (tried.version and tried.version.number) == expected
        assert tried.is_current == (expected == len(self.versions))
        if expected is not None:
            assert tried.since == self.versions[expected - 1].set_at

    @rule(birth_number=st.sampled_from(BIRTH_NUMBERS))
    def the_birth_number_is_corrected(self, birth_number: BirthNumber | None) -> None:
        self.details = replace(self.details, birth_number=birth_number)
        fallback = prepare(self.vault, birth_number=birth_number, language="sk")
        with transaction():
            upsert(self.vault, OPERATOR, self.details, at=now())
            ensure_current(self.vault, OPERATOR, self.client_id, fallback, birth_number)
        default = default_password(birth_number).reveal() if birth_number else None
        if self.versions[-1].origin is Origin.DEFAULT and self.versions[-1].password != default:
            self.note(self.fallback)

    @rule(wait=st.sampled_from(WAITS))
    def time_passes(self, wait: timedelta) -> None:
        self.time.shift(wait)

    @invariant()
    def versions_are_as_the_model_has_them(self) -> None:
        rows = self.rows()
        assert [row.number for row in rows] == list(range(1, len(self.versions) + 1))
        assert [row.origin for row in rows] == [known.origin for known in self.versions]
        assert [row.replaced_at for row in rows] == [*(known.set_at for known in self.versions[1:]), None]

    @invariant()
    def hash_and_vault_agree(self) -> None:
        kept = set()
        for row in self.rows():
            if row.origin == Origin.DEFAULT:
                continue
            kept.add(row.number)
            entry = self.vault.get(Context(Purpose.LETTER_PASSWORD, self.client_id, row.number))
            assert self.vault.verify(PURPOSE, Secret(entry.decode()), row.verifier)
        mine = VaultEntry.client_id == self.client_id, VaultEntry.purpose == Purpose.LETTER_PASSWORD
        assert {entry.version for entry in VaultEntry.select().where(*mine)} == kept

    @invariant()
    def every_version_opens_as_long_as_it_can(self) -> None:
        birth_number = self.details.birth_number
        default = default_password(birth_number).reveal() if birth_number else None
        for row, known in zip(self.rows(), self.versions, strict=True):
            if known.origin is Origin.DEFAULT and known.password != default:
                with pytest.raises(NoLongerKept):
                    self.opened(row)
            else:
                assert self.opened(row) == known.password

    def rows(self) -> list[LetterPassword]:
        mine = LetterPassword.client == self.client_id
        return list(LetterPassword.select().where(mine).order_by(LetterPassword.number))


def test_in_any_order(database: Database, vault: Vault) -> None:
    class Machine(LetterPasswords):
        pass

    Machine.vault = vault
    examples: dict[str, Any] = {"max_examples": 6 if is_postgres(database) else 25, "stateful_step_count": 30}
    run_state_machine_as_test(Machine, settings=settings(**examples))
