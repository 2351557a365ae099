"""Who may sign in, where they are signed in, and how often they failed."""

from __future__ import annotations

from peewee import BigAutoField, BigIntegerField, BooleanField, CharField, ForeignKeyField

from zone.clients.models import Client
from zone.messages.models import new_reference
from zone.storage import Base, UtcDateTimeField


class Account(Base):
    """A person who signs in. A client's account names the client; others have none, but may have an office."""

    id = BigAutoField()
    email = CharField(max_length=254, unique=True)
    role = CharField(max_length=16)
    name = CharField(max_length=200)
    office = CharField(max_length=100, null=True)
    client = ForeignKeyField(Client, null=True, unique=True, on_delete="CASCADE")
    client_id: int | None
    password_hash = CharField(max_length=200)
    language = CharField(max_length=8)
    created_at = UtcDateTimeField()

    class Meta:
        table_name = "account"


class Session(Base):
    """One signed-in browser. Only a hash of its token is kept, and signing out deletes the row.

    `device` is one of `zone.accounts.device.DEVICES`; none where the browser did not tell.
    """

    id = BigAutoField()
    token_hash = CharField(max_length=64, unique=True)
    account = ForeignKeyField(Account, on_delete="CASCADE")
    account_id: int
    started_at = UtcDateTimeField()
    seen_at = UtcDateTimeField()
    proven_at = UtcDateTimeField()
    device = CharField(max_length=32, null=True)

    class Meta:
        table_name = "session"
        indexes = ((("seen_at",), False),)


class Impersonation(Base):
    """A support agent acting for a client in the client's own pages, from one session, until `ends_at` at the latest.

    Like events, a row outlives the client and the agent whom it names by number: who acted for whom can always be
    told. Of the session it keeps hold only as long as that lives. It is open until `ended_at` is known.
    """

    id = BigAutoField()
    reference = CharField(max_length=32, unique=True, default=new_reference)
    agent_id = BigIntegerField()
    client_id = BigIntegerField()
    session = ForeignKeyField(Session, null=True, on_delete="SET NULL")
    session_id: int | None
    reason = CharField(max_length=32)
    ticket = CharField(max_length=32)
    consented = BooleanField()
    started_at = UtcDateTimeField()
    ends_at = UtcDateTimeField()
    extended_at = UtcDateTimeField(null=True)
    extension_reason = CharField(max_length=32, null=True)
    ended_at = UtcDateTimeField(null=True)
    ended_by = CharField(max_length=16, null=True)

    class Meta:
        table_name = "impersonation"
        indexes = ((("client_id", "started_at"), False),)


Impersonation.add_index(
    Impersonation.index(
        Impersonation.agent_id,
        unique=True,
        where=Impersonation.ended_at.is_null(),
        name="impersonation_open_agent",
    )
)


class ImpersonationView(Base):
    """What an agent has looked at in one impersonation: each page once, by endpoint and object."""

    id = BigAutoField()
    impersonation = ForeignKeyField(Impersonation, on_delete="CASCADE")
    impersonation_id: int
    page = CharField(max_length=200)

    class Meta:
        table_name = "impersonation_view"
        indexes = ((("impersonation", "page"), True),)


class Throttle(Base):
    """How long one key (an account, an address, a browser; hashed) has to wait, and when all is forgiven.

    Each failure moves `forgiven_at` on by the same length: the distance to it tells how many still count.
    """

    key = CharField(max_length=64, primary_key=True)
    waits_until = UtcDateTimeField(null=True)
    forgiven_at = UtcDateTimeField()

    class Meta:
        table_name = "throttle"
        indexes = ((("forgiven_at",), False),)


class ApiKey(Base):
    """What a program of the insurer's shows at the API. Stored hashed; `scopes` are names with spaces between."""

    id = BigAutoField()
    name = CharField(max_length=64, unique=True)
    key_hash = CharField(max_length=64, unique=True)
    scopes = CharField(max_length=200)
    created_at = UtcDateTimeField()
    revoked_at = UtcDateTimeField(null=True)

    class Meta:
        table_name = "api_key"
