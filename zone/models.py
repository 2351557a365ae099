"""All models, so that migrations can be held against them. Only `commands` and tests import this."""

from __future__ import annotations

from zone.accounts.models import Account, ApiKey, Impersonation, ImpersonationView, Session, Throttle
from zone.audit.models import Event, SignedHead
from zone.campaigns.models import Campaign, Invitation
from zone.clients.models import Client, ClientNote, Hold, Mandate, Phone, PhoneCode, Policy
from zone.clients.search_models import ClientLook, ClientTerm, PolicyLook, PortfolioTerm, Reading
from zone.letter_passwords.models import LetterPassword
from zone.letters.models import Copy, Letter
from zone.messages.models import Message
from zone.requests.models import Request, RequestCopy
from zone.vault.models import VaultEntry

MODELS = (
    VaultEntry,
    Event,
    SignedHead,
    Message,
    Client,
    Phone,
    PhoneCode,
    Hold,
    ClientNote,
    Policy,
    Mandate,
    PortfolioTerm,
    ClientTerm,
    Reading,
    PolicyLook,
    ClientLook,
    Account,
    ApiKey,
    Session,
    Throttle,
    Impersonation,
    ImpersonationView,
    LetterPassword,
    Letter,
    Copy,
    Request,
    RequestCopy,
    Campaign,
    Invitation,
)
