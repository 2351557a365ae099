"""Who may sign in, where they are signed in, and how often they failed."""

from __future__ import annotations

from peewee import BigAutoField, CharField, ForeignKeyField

from zone.clients.models import Client
from zone.storage import Base, UtcDateTimeField


class Account(Base):
    """A person who signs in. A client's account names the client; others have none."""

    id = BigAutoField()
    email = CharField(max_length=254, unique=True)
    role = CharField(max_length=16)
    name = CharField(max_length=200)
    client = ForeignKeyField(Client, null=True, unique=True, on_delete="CASCADE")
    client_id: int | None
    password_hash = CharField(max_length=200)
    language = CharField(max_length=8)
    created_at = UtcDateTimeField()

    class Meta:
        table_name = "account"


class Session(Base):
    """One signed-in browser. Only a hash of its token is kept, and signing out deletes the row."""

    id = BigAutoField()
    token_hash = CharField(max_length=64, unique=True)
    account = ForeignKeyField(Account, on_delete="CASCADE")
    account_id: int
    started_at = UtcDateTimeField()
    seen_at = UtcDateTimeField()
    proven_at = UtcDateTimeField()

    class Meta:
        table_name = "session"
        indexes = ((("seen_at",), False),)


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
