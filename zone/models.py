"""All models, so that migrations can be held against them. Only `commands` and tests import this."""

from __future__ import annotations

from zone.accounts.models import Account, ApiKey, Session, Throttle
from zone.audit.models import Event
from zone.clients.models import Client, Mandate, Phone, PhoneCode, Policy
from zone.letter_passwords.models import LetterPassword
from zone.letters.models import Copy, Letter
from zone.messages.models import Message
from zone.vault.models import VaultEntry

MODELS = (
    VaultEntry,
    Event,
    Message,
    Client,
    Phone,
    PhoneCode,
    Policy,
    Mandate,
    Account,
    ApiKey,
    Session,
    Throttle,
    LetterPassword,
    Letter,
    Copy,
)
