"""Signed heads on their way to the auditor."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from peewee import Database

from tests.audit.trails import write
from tests.letters.cover_mails import demo_config
from zone.audit import heads
from zone.config import Config
from zone.messages.mail import trail_head
from zone.messages.models import Kind, Message
from zone.messages.render import CannotRender, Mail
from zone.vault import Vault

AUDITOR = "auditor@example.org"


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return replace(demo_config(tmp_path), auditor_email=AUDITOR)


def test_a_head_goes_to_the_auditor_as_a_file(database: Database, vault: Vault, config: Config) -> None:
    write(3)
    head = trail_head.make_if_due(vault, config)
    mail = trail_head.renderer(config)(Message.get())
    assert isinstance(mail, Mail)
    assert mail.message["To"] == AUDITOR
    (attachment,) = mail.message.iter_attachments()
    body = mail.message.get_body(("plain",))
    assert body is not None
    assert f"--head {attachment.get_filename()} " in body.get_content()
    sent = attachment.get_content()
    assert heads.parse(sent.decode() if isinstance(sent, bytes) else sent) == head
    assert trail_head.make_if_due(vault, config) is None
    assert Message.select().count() == 1


def test_heads_are_made_without_an_auditor_too(database: Database, vault: Vault, config: Config) -> None:
    alone = replace(config, auditor_email=None, trail_head_every=timedelta(0))
    for _ in range(2):
        write(1)
        assert trail_head.make_if_due(vault, alone)
    assert not Message.select().exists()


def test_a_head_that_is_gone_is_not_sent(database: Database, vault: Vault, config: Config) -> None:
    with pytest.raises(CannotRender):
        trail_head.renderer(config)(Message(kind=Kind.AUDIT_HEAD, subject_id=9, language="sk"))
