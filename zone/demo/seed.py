"""Filling an empty demo with its people and what happened to them, through the same verbs as in any zone.

What happened in the past is done now and then dated back; the trail is append-only, so its events keep today's date.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from zone.accounts.accounts import create
from zone.accounts.models import Account
from zone.accounts.passwords import hash_password
from zone.audit import OPERATOR, Actor, Role, Tag, record
from zone.clients import birth_numbers, phones, policies
from zone.clients.models import Client, ClientKind, Mandate, Policy
from zone.clients.people import ClientDetails, upsert
from zone.clients.search import reindex
from zone.clock import now
from zone.demo.people import BROKERS, CAME_DAYS_AGO, CLIENTS, SUPPORT
from zone.demo.person import (
    Act,
    BrokerPerson,
    ClientPerson,
    LetterSent,
    OwnPasswordSet,
    Person,
    PhoneChanged,
)
from zone.letter_passwords.first import ensure_current, prepare
from zone.letter_passwords.models import LetterPassword
from zone.letter_passwords.set_own import set_own
from zone.letter_passwords.versions import current
from zone.letters import archive
from zone.letters.details import LetterDetails
from zone.letters.intake import Intake, receive
from zone.letters.models import Copy, Letter
from zone.letters.sending import encrypted_now
from zone.messages.handover import Status
from zone.messages.models import Message
from zone.secret import Secret
from zone.storage import transaction

LATELY_DAYS = 60
LETTERS = Path(__file__).with_name("letters")


def seed(intake: Intake) -> bool:
    """Bring everybody of `people` into the current database, unless it has accounts already. Says whether it did.

    All in one transaction, so that a start that is killed leaves nothing half done. It is the one place that hashes
    passwords inside of one: nobody is there yet who could wait for it.
    """
    with transaction():
        if Account.select().exists():
            return False
        for client in CLIENTS:
            _bring_client(intake, client)
        for broker in BROKERS:
            _bring_broker(intake, broker)
        for agent in SUPPORT:
            _bring_account(intake, agent)
    return True


def _bring_client(intake: Intake, person: ClientPerson) -> None:
    came = _day(CAME_DAYS_AGO)
    number = birth_numbers.parse(person.birth_number) if person.birth_number else None
    details = ClientDetails(
        reference=person.reference,
        kind=ClientKind.COMPANY if person.company else ClientKind.PERSON,
        name=person.name,
        email=person.email,
        phone=person.phone,
        phone_confirmed=_day(person.phone_confirmed_days_ago),
        birth_number=number,
        language=person.language,
    )
    client = upsert(intake.vault, OPERATOR, details, at=came).client
    for policy, product in person.policies:
        policies.upsert(client.id, policy, product, at=came)
    first = prepare(intake.vault, birth_number=number, language=person.language)
    _date_back(ensure_current(intake.vault, OPERATOR, client.id, first, number), came, "set_at")
    account = _bring_account(intake, person, client_id=client.id)
    for act in person.history:
        _do(intake, Actor(Role.CLIENT, account.id), client, act)


def _do(intake: Intake, actor: Actor, client: Client, act: Act) -> None:
    at = _day(act.days_ago)
    match act:
        case LetterSent():
            _send(intake, client, act, at)
        case OwnPasswordSet(password=password):
            before = current(client.id)
            _date_back(set_own(intake.vault, actor, client.id, Secret(password)), at, "set_at")
            _date_back(before, at, "replaced_at")
        case PhoneChanged(number=number):
            phones.set_number(OPERATOR, client.id, number, at=at, confirmed_at=at)


def _send(intake: Intake, client: Client, act: LetterSent, at: datetime) -> None:
    """A letter of the last weeks is left to the worker; an older one went out under the password of that time."""
    policy = list(Policy.select().where(Policy.client == client).order_by(Policy.id))[act.policy]
    details = LetterDetails(
        client=client.reference, subject=act.subject, kind=act.kind, date=at.date(), policy=policy.number
    )
    letter = receive(intake, OPERATOR, details, (LETTERS / act.file).read_bytes()).letter
    copy = archive.last_copies([letter])[letter.id]
    if act.days_ago > LATELY_DAYS:
        version, encrypted = encrypted_now(intake, letter)
        copy.password, copy.encrypted_at = version, at
        copy.size, copy.engine = len(encrypted.content), encrypted.engine
        copy.save()
        Message.update(status=Status.SENT, sent_at=at).where(Message.id == copy.message_id).execute()
        _date_back(letter, at + timedelta(hours=4), "read_at")
    queued = Message.client_id == client.id, Message.queued_at >= letter.received_at
    for message in Message.select().where(*queued):
        _date_back(message, at, "queued_at")
    _date_back(copy, at, "asked_at")
    kept_until = at + (letter.keep_until - letter.received_at)
    Letter.update(received_at=at, keep_until=kept_until).where(Letter.id == letter.id).execute()


def _bring_broker(intake: Intake, person: BrokerPerson) -> None:
    broker = _bring_account(intake, person)
    ends = dict.fromkeys(person.policies) | dict.fromkeys(person.ended, _day(60))
    for policy in Policy.select().where(Policy.number.in_(list(ends))):
        mandate = Mandate.create(
            broker_id=broker.id, policy=policy, starts_at=_day(CAME_DAYS_AGO), ends_at=ends[policy.number]
        )
        record(Tag.MANDATE_GIVEN, OPERATOR, client_id=policy.client_id, mandate=mandate.id, broker=broker.id)
        reindex(policy.client_id, policy.id)


def _bring_account(intake: Intake, person: Person, *, client_id: int | None = None) -> Account:
    return create(
        OPERATOR,
        email=person.email,
        role=person.role,
        name=person.name,
        password_hash=hash_password(intake.vault, Secret(person.password)),
        language=person.language,
        client_id=client_id,
    )


def _date_back(row: Copy | Letter | LetterPassword | Message, at: datetime, *columns: str) -> None:
    """Have `columns` of `row` say that it was then. Nothing but a demo may."""
    model = type(row)
    model.update(dict.fromkeys(columns, at)).where(model.id == row.id).execute()


def _day(days_ago: int) -> datetime:
    """A morning so many days ago."""
    return (now() - timedelta(days=days_ago)).replace(hour=7, minute=12, second=0, microsecond=0)
