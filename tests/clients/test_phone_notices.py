"""The client hears of a changed number on the old one and by e-mail, and can say that it was not them."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from peewee import Database

from tests.letters.cover_mails import CODES, demo_config, read
from tests.people import make_client, someone
from zone.audit import OPERATOR, Actor, Role
from zone.clients import not_me, phone_notices, phones
from zone.clients.holds import Why
from zone.clients.models import Client, Phone
from zone.clients.not_me import Claim
from zone.clients.people import upsert
from zone.clock import now
from zone.config import Config
from zone.messages.handover import Reason
from zone.messages.mail.compose import WIRE
from zone.messages.models import Channel, Kind, Message
from zone.messages.render import CannotRender, Mail, Sms
from zone.messages.sms.text import parts
from zone.storage import transaction
from zone.vault import Vault

OLD, NEW = "+421905123456", "+421905999888"
BROKER, AGENT, PROGRAM = Actor(Role.BROKER, 7), Actor(Role.SUPPORT, 3), Actor(Role.PROGRAM, 1, "billing")
TOLD = Message.kind == Kind.PHONE_CHANGED


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return demo_config(tmp_path)


def changed(vault: Vault, actor: Actor, *, language: str, old: str | None = OLD) -> Client:
    client = make_client(vault, phone=old, language=language)
    with transaction():
        before = phones.current(client.id)
        new = phones.replace(actor, client.id, before, NEW, at=now(), confirmed_at=now())
        phone_notices.tell(actor, before, new)
    return client


def sms_of(vault: Vault, config: Config) -> Sms:
    carried = phone_notices.renderer(vault, config)(Message.get(TOLD, Message.channel == Channel.SMS))
    assert isinstance(carried, Sms)
    return carried


def mail_of(vault: Vault, config: Config) -> tuple[str, str, str]:
    """Subject, text and HTML, as a parser reads them that shares nothing with ours."""
    carried = phone_notices.renderer(vault, config)(Message.get(TOLD, Message.channel == Channel.MAIL))
    assert isinstance(carried, Mail)
    mail = read(carried.message.as_bytes(policy=WIRE))
    (text,), (html,) = mail.text_plain, mail.text_html
    return mail.subject, text.replace("\r\n", "\n"), html


def claim_in(vault: Vault, config: Config, text: str) -> Claim:
    """What the link in `text` is about."""
    (token,) = set(re.findall(r"https://zona\.example\.org/not-me/([\w-]+)", text))
    return not_me.read(vault, token, limits=config.limits)


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("actor", [BROKER, AGENT, PROGRAM, OPERATOR])
def test_the_sms_goes_to_the_old_number_with_a_link_and_is_one(
    database: Database, vault: Vault, config: Config, actor: Actor, code: str
) -> None:
    client = changed(vault, actor, language=code)
    sms = sms_of(vault, config)
    assert sms.to == OLD
    split = parts(sms.text)
    assert (split.encoding, split.count) == ("gsm7", 1)
    new = Phone.get(Phone.number == NEW)
    assert claim_in(vault, config, sms.text.reveal()) == Claim(Why.PHONE_CHANGE, client.id, new.id)


def test_the_sms_stays_one_when_numbers_of_rows_are_long(vault: Vault, config: Config) -> None:
    link = not_me.link(vault, config.public_url, Why.PHONE_CHANGE, 99_999_999, 999_999_999)
    assert len(link) <= len(config.public_url) + len("/not-me/") + 32


@pytest.mark.parametrize(
    ("code", "actor", "subject", "said"),
    [
        ("en", BROKER, "Your phone number was changed", "by your broker, on "),
        ("en", AGENT, "Your phone number was changed", "by our support, on "),
        ("en", PROGRAM, "Your phone number was changed", "by us, the insurer, on "),
        ("sk", BROKER, "Vaše telefónne číslo sa zmenilo", "Zmenil ho váš sprostredkovateľ, "),
    ],
)
def test_the_mail_says_when_by_whom_both_numbers_masked_and_what_to_do(
    database: Database, vault: Vault, config: Config, code: str, actor: Actor, subject: str, said: str
) -> None:
    client = changed(vault, actor, language=code)
    title, text, html = mail_of(vault, config)
    assert title == subject
    for part in (text, html):
        assert said in part
        for shown in (phones.mask(OLD), phones.mask(NEW), config.brand.help_phone):
            assert shown in part
        for hidden in (OLD, NEW, OLD[4:], NEW[4:], client.name, client.reference):
            assert hidden not in part
    assert claim_in(vault, config, text) == claim_in(vault, config, html)


def test_a_first_number_is_said_to_be_one(database: Database, vault: Vault, config: Config) -> None:
    changed(vault, BROKER, language="en", old=None)
    assert "We had none before." in mail_of(vault, config)[1]
    assert Message.select().where(TOLD).count() == 1


def test_a_client_who_is_gone_is_told_nothing(database: Database, vault: Vault, config: Config) -> None:
    client = changed(vault, BROKER, language="sk")
    Client.delete().where(Client.id == client.id).execute()
    for message in Message.select().where(TOLD):
        with pytest.raises(CannotRender) as refused:
            phone_notices.renderer(vault, config)(message)
        assert refused.value.reason is Reason.ADDRESS


@pytest.mark.parametrize(("tell", "confirmed", "told"), [(True, True, 2), (True, False, 0), (False, True, 0)])
def test_of_an_import_who_had_a_confirmed_number_is_told_when_that_is_wanted(
    database: Database, vault: Vault, tell: bool, confirmed: bool, told: int
) -> None:
    details = someone(phone_confirmed=now() if confirmed else None)
    make_client(vault, details, phone_confirmed=details.phone_confirmed)
    with transaction():
        upsert(vault, OPERATOR, replace(details, phone=NEW), at=now(), tell=tell)
    assert Message.select().where(TOLD).count() == told
