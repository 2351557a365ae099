"""Codes as their SMS carry them."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo

from zone.clients.phone_code_sms import renderer
from zone.messages.models import Message
from zone.messages.render import Sms
from zone.secret import Secret
from zone.vault import Vault

TIMEZONE = ZoneInfo("Europe/Bratislava")


def rendered(vault: Vault, message: Message) -> Sms:
    """The SMS as the worker would send it."""
    sms = renderer(vault, TIMEZONE)(message)
    assert isinstance(sms, Sms)
    return sms


def code_of(vault: Vault, message: Message) -> Secret:
    """The code that stands in the SMS."""
    (code,) = re.findall(r"\b\d{6}\b", rendered(vault, message).text.reveal())
    return Secret(code)


def wrong(code: Secret) -> Secret:
    """Another code."""
    return Secret(f"{(int(code.reveal()) + 1) % 10**6:06}")
