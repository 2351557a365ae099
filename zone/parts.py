"""The parts that one installation is made of, opened once at the start and handed to whoever needs them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from peewee import Database

from zone.config import Config
from zone.letters.intake import Intake
from zone.messages.chores import Chore
from zone.messages.mail.gateway import MailGateway
from zone.messages.models import Kind
from zone.messages.render import Renderer
from zone.messages.sms.gateway import SmsGateway
from zone.vault import Vault


@dataclass(frozen=True)
class Parts:
    """Made by `create_app`; found by views through `zone.web.here`, by commands through `zone.commands.here`."""

    config: Config
    database: Database
    vault: Vault
    intake: Intake
    sms: SmsGateway
    mail: MailGateway
    renderers: Mapping[Kind, Renderer]
    chores: tuple[Chore, ...]
