"""Whatever is done in whatever order: no password goes to a number that a person changed less than 72 hours ago."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import time_machine
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from peewee import Database

from tests.clients.codes import TIMEZONE, code_of
from tests.people import give_mandate, make_client
from zone.audit import OPERATOR, Actor, Role
from zone.clients import change_phone, confirm_phone, holds, phones
from zone.clients.change_phone import SameNumber
from zone.clients.holds import Why
from zone.clients.models import Phone
from zone.clients.phone_codes import CodeRefused, TooManyCodes
from zone.clients.phone_rules import PhoneMissing
from zone.clients.phone_unfit import PhoneUnfit
from zone.clock import now
from zone.config import Limits
from zone.letter_passwords.resend import TooManyResends, resend
from zone.letter_passwords.sms import renderer
from zone.messages.handover import Status
from zone.messages.models import PASSWORDS, Message
from zone.messages.render import CannotRender, Mail, Sms
from zone.storage import is_postgres, transaction
from zone.vault import Vault

LIMITS = Limits(
    phone_codes_per_day=500,
    phone_codes_per_actor_hour=500,
    resends_per_client_day=500,
    resends_per_actor_hour=500,
)
SELF, BROKER, AGENT = Actor(Role.CLIENT, 1), Actor(Role.BROKER, 7), Actor(Role.SUPPORT, 3)
HELPERS = st.sampled_from([BROKER, AGENT])
ANYBODY = st.sampled_from([SELF, BROKER, AGENT])
NUMBERS = st.sampled_from(["+421905000001", "+421905000002", "+421905000003"])
START = datetime(2026, 5, 4, 12, tzinfo=UTC)
HELD = timedelta(hours=72)
WAITS = [
    timedelta(seconds=30),
    timedelta(minutes=11),
    timedelta(hours=30),
    timedelta(hours=71, minutes=59),
    HELD,
]


class Numbers(RuleBasedStateMachine):
    """One client's number. What matters is kept beside it: when a person last changed it, and whether a hold stands."""

    vault: Vault

    def __init__(self) -> None:
        super().__init__()
        self.clock = time_machine.travel(START, tick=False)
        self.time = self.clock.start()
        self.changed_at: datetime | None = None
        self.held = False
        self.sent: list[int] = []

    def teardown(self) -> None:
        self.clock.stop()

    @initialize(phone=st.none() | NUMBERS)
    def is_made(self, phone: str | None) -> None:
        client = make_client(self.vault, phone=phone)
        give_mandate(client, 7)
        self.client_id: int = client.id

    @property
    def phone(self) -> Phone | None:
        return phones.current(self.client_id)

    @rule(actor=HELPERS, number=NUMBERS)
    def proposes_and_confirms(self, actor: Actor, number: str) -> None:
        before = self.phone
        with suppress(SameNumber, CodeRefused, TooManyCodes):
            message = change_phone.propose(
                actor, self.client_id, number, limits=LIMITS, language="sk", countries=frozenset({"SK"})
            )
            code = code_of(self.vault, message)
            change_phone.confirm(self.vault, actor, self.client_id, code)
            assert self.phone != before
            self.changed_at = now()

    @rule(actor=HELPERS)
    def withdraws(self, actor: Actor) -> None:
        change_phone.withdraw(actor, self.client_id)

    @rule(actor=HELPERS, number=NUMBERS, confirmed=st.booleans())
    def a_person_replaces_it(self, actor: Actor, number: str, confirmed: bool) -> None:
        before = self.phone
        at = now()
        phones.set_number(actor, self.client_id, number, at=at, confirmed_at=at if confirmed else None)
        if self.phone != before:
            self.changed_at = now()

    @rule(number=NUMBERS)
    def the_insurer_replaces_it(self, number: str) -> None:
        before = self.phone
        phones.set_number(OPERATOR, self.client_id, number, at=now(), confirmed_at=now())
        if self.phone != before:
            self.changed_at = None if before is None else now()

    @rule()
    def the_insurer_takes_it_away(self) -> None:
        phone = self.phone
        if phone is not None:
            with transaction():
                phones.remove(OPERATOR, phone, at=now())

    @rule(actor=ANYBODY)
    def is_confirmed(self, actor: Actor) -> None:
        with suppress(PhoneMissing, TooManyCodes, CodeRefused):
            message = confirm_phone.send_code(actor, self.client_id, limits=LIMITS, language="sk")
            confirm_phone.confirm(self.vault, actor, self.client_id, code_of(self.vault, message))

    @rule(actor=HELPERS)
    def is_vouched_for(self, actor: Actor) -> None:
        with suppress(PhoneMissing):
            phone = phones.current(self.client_id)
            confirm_phone.vouch(actor, self.client_id, phone.id if phone else 0)

    @rule(subject=st.integers(1, 2))
    def was_not_the_client(self, subject: int) -> None:
        holds.place(Actor(Role.CLIENT), self.client_id, Why.PHONE_CHANGE, subject)
        self.held = True

    @rule()
    def is_lifted(self) -> None:
        assert holds.lift(AGENT, self.client_id) == self.held
        self.held = False

    @rule(actor=ANYBODY)
    def asks_for_the_password(self, actor: Actor) -> None:
        with suppress(PhoneUnfit, TooManyResends):
            self.sent.append(resend(actor, self.client_id, language="sk", limits=LIMITS).id)

    @rule(wait=st.sampled_from(WAITS))
    def time_passes(self, wait: timedelta) -> None:
        self.time.shift(wait)

    @invariant()
    def nothing_goes_out_that_should_not(self) -> None:
        """The worker looks at each password after each step, so that whatever could go, goes."""
        queued = Message.select().where(
            Message.client_id == self.client_id, Message.kind.in_(PASSWORDS), Message.status == Status.QUEUED
        )
        for message in queued:
            if message.expires_at <= now():
                continue
            with suppress(CannotRender):
                sms = renderer(self.vault, TIMEZONE)(message)
                self.goes(sms)
                Message.update(status=Status.SENT).where(Message.id == message.id).execute()

    def goes(self, sms: Sms | Mail) -> None:
        assert isinstance(sms, Sms)
        phone = self.phone
        assert phone is not None
        assert sms.to == phone.number
        assert not self.held
        assert self.changed_at is None or now() >= self.changed_at + HELD


def test_in_any_order(database: Database, vault: Vault) -> None:
    class Machine(Numbers):
        pass

    Machine.vault = vault
    examples: dict[str, Any] = {"max_examples": 8 if is_postgres(database) else 40, "stateful_step_count": 30}
    run_state_machine_as_test(Machine, settings=settings(**examples))
