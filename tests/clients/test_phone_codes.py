"""A code does one thing, for who asked for it, and its SMS says so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from peewee import Database

from tests.clients.codes import TIMEZONE, code_of, rendered
from tests.people import give_mandate, make_client
from tests.together import together
from zone.audit import Actor, Role
from zone.clients import change_phone, confirm_phone, consent
from zone.clients.models import Client, Phone, Purpose
from zone.clients.phone_code_sms import TEXTS
from zone.clients.phone_codes import MAY_ASK, CodeExpired, TooManyCodes
from zone.clock import now
from zone.config import Limits
from zone.language import language
from zone.messages.models import Message
from zone.messages.sms.text import parts
from zone.secret import Secret
from zone.vault import Vault

LIMITS = Limits()
SELF, BROKER, OTHER = Actor(Role.CLIENT, 1), Actor(Role.BROKER, 7), Actor(Role.BROKER, 8)
AGENT, COLLEAGUE = Actor(Role.SUPPORT, 3), Actor(Role.SUPPORT, 4)
COUNTRIES = frozenset({"SK"})
NEW = "0905 999 888"


@pytest.fixture
def client(database: Database, vault: Vault) -> Client:
    client = make_client(vault, phone="+421905123456", phone_confirmed=None)
    give_mandate(client, 7, 8)
    return client


def confirming(actor: Actor, client: Client, code: str = "en") -> Message:
    return confirm_phone.send_code(actor, client.id, limits=LIMITS, language=code)


def changing(actor: Actor, client: Client, code: str = "en") -> Message:
    return change_phone.propose(actor, client.id, NEW, limits=LIMITS, language=code, countries=COUNTRIES)


def consenting(actor: Actor, client: Client, code: str = "en") -> Message:
    return consent.send(actor, client.id, limits=LIMITS, language=code)


ASK = {Purpose.CONFIRM: confirming, Purpose.CHANGE: changing, Purpose.CONSENT: consenting}
TYPE = {
    Purpose.CONFIRM: confirm_phone.confirm,
    Purpose.CHANGE: change_phone.confirm,
    Purpose.CONSENT: consent.check,
}


def test_every_code_that_may_be_asked_for_has_its_text() -> None:
    assert TEXTS.keys() == {(purpose, role) for purpose, roles in MAY_ASK.items() for role in roles}


@pytest.mark.parametrize("code", ["sk", "en"])
@pytest.mark.parametrize(("purpose", "role"), TEXTS)
def test_each_text_is_one_sms_of_the_small_alphabet(purpose: Purpose, role: Role, code: str) -> None:
    text = language(code, TIMEZONE).gettext(TEXTS[purpose, role])
    split = parts(Secret(text % {"code": "123456", "minutes": 10}))
    assert (split.encoding, split.count) == ("gsm7", 1)


@pytest.mark.parametrize(
    ("purpose", "actor", "said"),
    [
        (Purpose.CONFIRM, SELF, "Give it to nobody"),
        (Purpose.CONFIRM, BROKER, "only to your broker"),
        (Purpose.CONFIRM, AGENT, "only to our support"),
        (Purpose.CHANGE, BROKER, "passwords will come to this number. Read it only to your broker"),
        (Purpose.CHANGE, AGENT, "passwords will come to this number. Read it only to our support"),
        (Purpose.CONSENT, AGENT, "act in your zone for you. Read it only to our support"),
    ],
)
def test_the_sms_says_what_the_code_does_and_whom_it_may_be_told(
    client: Client, vault: Vault, purpose: Purpose, actor: Actor, said: str
) -> None:
    sms = rendered(vault, ASK[purpose](actor, client))
    assert said in sms.text.reveal()
    assert sms.to == ("+421905999888" if purpose is Purpose.CHANGE else "+421905123456")


@pytest.mark.parametrize(
    ("purpose", "asked_by", "typed_by"),
    [
        (Purpose.CONFIRM, SELF, BROKER),
        (Purpose.CONFIRM, BROKER, SELF),
        (Purpose.CONFIRM, BROKER, OTHER),
        (Purpose.CHANGE, BROKER, OTHER),
        (Purpose.CHANGE, BROKER, AGENT),
        (Purpose.CONSENT, AGENT, COLLEAGUE),
    ],
)
def test_a_code_is_worth_nothing_to_anybody_else(
    client: Client, vault: Vault, purpose: Purpose, asked_by: Actor, typed_by: Actor
) -> None:
    code = code_of(vault, ASK[purpose](asked_by, client))
    with pytest.raises(CodeExpired):
        TYPE[purpose](vault, typed_by, client.id, code)
    TYPE[purpose](vault, asked_by, client.id, code)


@pytest.mark.parametrize("asked", Purpose)
@pytest.mark.parametrize("typed", Purpose)
def test_a_code_does_nothing_but_what_it_was_asked_for(
    client: Client, vault: Vault, asked: Purpose, typed: Purpose
) -> None:
    code = code_of(vault, ASK[asked](AGENT, client))
    if asked is typed:
        TYPE[typed](vault, AGENT, client.id, code)
    else:
        with pytest.raises(CodeExpired):
            TYPE[typed](vault, AGENT, client.id, code)


def test_the_clients_own_code_is_not_ended_by_one_that_a_broker_asks_for(
    client: Client, vault: Vault
) -> None:
    own = confirming(SELF, client)
    code = code_of(vault, own)
    brokers = confirming(BROKER, client)
    assert confirm_phone.waiting_message(client.id) == own
    assert confirm_phone.waiting_message(client.id, BROKER) == brokers
    confirm_phone.confirm(vault, SELF, client.id, code)
    assert Phone.get(Phone.client == client).confirmed_by_role == "client"


def test_the_days_quota_is_of_all_purposes_and_all_who_ask(client: Client) -> None:
    for ask, actor in (
        (confirming, SELF),
        (confirming, BROKER),
        (confirming, AGENT),
        (changing, BROKER),
        (consenting, AGENT),
    ):
        ask(actor, client)
    for ask in ASK.values():
        with pytest.raises(TooManyCodes):
            ask(COLLEAGUE, client)
    with time_machine.travel(now() + timedelta(days=1), tick=True):
        changing(COLLEAGUE, client)


def test_who_helps_many_has_a_quota_of_their_own(client: Client, vault: Vault) -> None:
    few = Limits(phone_codes_per_actor_hour=2)
    others = [make_client(vault) for _ in range(3)]
    for other in others[:2]:
        confirm_phone.send_code(AGENT, other.id, limits=few, language="sk")
    with pytest.raises(TooManyCodes):
        confirm_phone.send_code(AGENT, others[2].id, limits=few, language="sk")
    confirm_phone.send_code(COLLEAGUE, others[2].id, limits=few, language="sk")
    with time_machine.travel(now() + timedelta(hours=1), tick=True):
        confirm_phone.send_code(AGENT, others[2].id, limits=few, language="sk")


def test_the_quota_of_who_helps_many_holds_for_asks_at_once(database: Database, vault: Vault) -> None:
    few = Limits(phone_codes_per_actor_hour=2)

    def asks(client_id: int) -> Callable[[], bool]:
        def ask() -> bool:
            try:
                confirm_phone.send_code(AGENT, client_id, limits=few, language="sk")
            except TooManyCodes:
                return False
            return True

        return ask

    told = together(database, [asks(make_client(vault).id) for _ in range(12)])
    assert sorted(told) == [False] * 10 + [True] * 2


def test_the_sms_of_a_code_is_the_newest_of_the_same_client(client: Client, vault: Vault) -> None:
    own = confirming(SELF, client)
    for kept in ({"client_id": client.id + 1}, {"client_id": client.id, "id": own.id - 1}):
        row = own.__data__ | {"id": own.id + 1} | kept
        Message.insert(row | {"reference": f"kept-{row['id']}"}).execute()
    assert confirm_phone.waiting_message(client.id) == own


@pytest.mark.parametrize(
    ("purpose", "role"),
    [(purpose, role) for purpose in Purpose for role in Role if role not in MAY_ASK[purpose]],
)
def test_nobody_else_gets_a_code(client: Client, purpose: Purpose, role: Role) -> None:
    with pytest.raises(PermissionError):
        ASK[purpose](Actor(role, 7), client)
    assert not Message.select().exists()
