"""What the e-mail around a letter says, and what it never does."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from fast_mail_parser import PyMail
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from peewee import Database

from tests.disguises import disguises
from tests.letters.cover_mails import (
    CODES,
    KINDS,
    PAGE,
    TO,
    VERSIONS,
    demo_config,
    html_of,
    read,
    text_of,
    wire,
)
from tests.people import COMPANY, MARIA, PETER, make_client
from zone.audit import OPERATOR, Actor, Role
from zone.clients.models import Client
from zone.clients.people import ClientDetails
from zone.config import Config
from zone.letter_passwords.models import LetterPassword, Origin
from zone.letter_passwords.set_own import set_own, suggest
from zone.letter_passwords.versions import current, open_password
from zone.messages import outbox
from zone.messages.models import Channel, Kind, Message, new_reference
from zone.storage import transaction
from zone.vault import Vault

# What tells one mail from another, and the address, which everybody on the way sees anyhow.
OF_THIS_MAIL = {"To", "Date", "Message-ID", "Content-Type"}


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return demo_config(tmp_path)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("four digits", "the last 4 digits of your birth number"),
        ("three digits", "the last 3 digits of your birth number"),
        ("own", "your own password of 4 May 2026"),
        ("generated", "the password of 4 May 2026 that you have by SMS"),
    ],
)
def test_it_names_the_password_by_its_origin_and_day(config: Config, kind: str, said: str) -> None:
    assert f"This password opens it:\n{said}\n" in text_of(config, VERSIONS[kind])


@pytest.mark.parametrize(
    ("kinds", "help_with"),
    [
        (KINDS[:2], ["10 digits, 3 if it has 9", "without the slash", "Num Lock"]),
        (KINDS[2:], ["Caps Lock", "capital letters", "y and z", "copy it from the SMS"]),
        (
            KINDS,
            ["on your phone", "PDF reader", "changed your password since", "never ask you for a password"],
        ),
    ],
)
def test_it_helps_with_what_goes_wrong_in_typing(
    config: Config, kinds: list[str], help_with: list[str]
) -> None:
    for kind, version in VERSIONS.items():
        for words in help_with:
            assert (words in text_of(config, version)) == (kind in kinds), (kind, words)


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("kind", KINDS)
def test_it_leads_to_the_zone_and_to_somebody_who_helps(config: Config, kind: str, code: str) -> None:
    for part in (text_of(config, VERSIONS[kind], code), html_of(config, VERSIONS[kind], code)):
        for lead in (PAGE, config.brand.name, config.brand.help_phone, config.brand.help_email):
            assert lead in part


def test_it_speaks_the_language_of_the_message(config: Config) -> None:
    slovak, english = (read(wire(config, VERSIONS["own"], code)) for code in CODES)
    assert (slovak.subject, slovak.attachments[0].filename) == ("Máte nový list", "list.pdf")
    assert (english.subject, english.attachments[0].filename) == ("You have a new letter", "letter.pdf")
    assert slovak.headers["Content-Language"] == ["sk"]
    assert english.headers["Content-Language"] == ["en"]
    assert 'lang="sk"' in slovak.text_html[0]
    assert "vaše vlastné heslo z 4. mája 2026" in slovak.text_plain[0]


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.text(st.characters(categories=["L"]), max_size=40).map("Žofia {}".format),
    like=st.sampled_from([PETER, MARIA, COMPANY]),
    own=st.booleans(),
    code=st.sampled_from(CODES),
)
def test_nothing_of_the_client_shows_but_the_address(
    database: Database, vault: Vault, config: Config, name: str, like: ClientDetails, own: bool, code: str
) -> None:
    """Whoever it goes to, it equals the mail that knows nothing but origin, digits and day of the password."""
    policy = f"PZ-{new_reference()}"
    client = make_client(vault, like, reference=policy, name=name, policy_number=policy, language=code)
    if own:
        set_own(vault, Actor(Role.CLIENT, 1), client.id, suggest(vault, client.id, code))
    version = current(client.id)
    bare = LetterPassword(origin=version.origin, digits=version.digits, set_at=version.set_at)
    raw = wire(config, version, message=queued(client), to=client.email)
    assert shown(read(raw)) == shown(read(wire(config, bare, code)))
    secrets = [name, policy]
    if like.birth_number:
        secrets.append(like.birth_number.digits.reveal())
    if version.origin != Origin.DEFAULT:  # three digits stand somewhere by chance
        secrets.append(opened(vault, version))
    assert not [way for secret in secrets for way in disguises(secret) if way in raw]


def test_two_letters_of_one_client_differ_in_nothing_but_their_ids(config: Config) -> None:
    first, second = (
        read(wire(config, VERSIONS["own"], content=content)) for content in (b"%PDF-1", b"%PDF-2")
    )
    assert shown(first) == shown(second)
    assert first.headers["Message-ID"] != second.headers["Message-ID"]


def test_its_id_is_the_reference_that_a_receipt_will_name(config: Config) -> None:
    message = Message(language="sk")
    mail = read(wire(config, VERSIONS["own"], message=message))
    assert mail.headers["Message-ID"] == [f"<{message.reference}@zona.example.org>"]
    assert [address.address for address in mail.to] == [TO]


def shown(mail: PyMail) -> object:
    """All that can be read of a mail without its password, but for what makes it this one."""
    headers = {name: value for name, value in mail.headers.items() if name not in OF_THIS_MAIL}
    return (
        headers,
        mail.text_plain,
        mail.text_html,
        [(file.filename, file.mimetype) for file in mail.attachments],
    )


def queued(client: Client) -> Message:
    """A message as the outbox has it."""
    with transaction():
        return outbox.enqueue(
            channel=Channel.MAIL,
            kind=Kind.LETTER,
            client_id=client.id,
            subject_id=1,
            to_masked="t•••@example.org",
            language=client.language,
            actor=OPERATOR,
            lifetime=timedelta(days=1),
        )


def opened(vault: Vault, version: LetterPassword) -> str:
    """The password in clear."""
    with transaction():
        return open_password(vault, OPERATOR, version, use="test").reveal()
