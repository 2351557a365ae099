"""Clients and what belongs to them."""

from __future__ import annotations

from enum import StrEnum

from peewee import BigAutoField, BigIntegerField, CharField, ForeignKeyField, IntegerField

from zone.storage import Base, UtcDateTimeField, locked


class ClientKind(StrEnum):
    """Companies have no birth number."""

    PERSON = "person"
    COMPANY = "company"


class Client(Base):
    """A policyholder. `reference` is the insurer's own; the birth number is in the vault."""

    id = BigAutoField()
    reference = CharField(max_length=64, unique=True)
    kind = CharField(max_length=16)
    name = CharField(max_length=200)
    email = CharField(max_length=254)
    language = CharField(max_length=8)
    created_at = UtcDateTimeField()

    class Meta:
        table_name = "client"


def hold(client_id: int) -> None:
    """Have all acts on one client take turns: each holds their row until its transaction ends."""
    locked(Client.select(Client.id).where(Client.id == client_id)).get()


class Phone(Base):
    """A number that a client has or had. The current one has no `replaced_at`; each change is a new row."""

    id = BigAutoField()
    client = ForeignKeyField(Client, on_delete="CASCADE")
    client_id: int
    number = CharField(max_length=16)
    set_at = UtcDateTimeField()
    set_by_role = CharField(max_length=16)
    set_by_account = BigIntegerField(null=True)
    confirmed_at = UtcDateTimeField(null=True)
    confirmed_by_role = CharField(max_length=16, null=True)
    replaced_at = UtcDateTimeField(null=True)

    class Meta:
        table_name = "phone"


Phone.add_index(
    Phone.index(Phone.client, unique=True, where=Phone.replaced_at.is_null(), name="phone_current_client")
)


class PhoneCode(Base):
    """A code sent to a phone to see whether the client holds it. The code itself is derived, see `confirm_phone`."""

    id = BigAutoField()
    phone = ForeignKeyField(Phone, on_delete="CASCADE")
    phone_id: int
    created_at = UtcDateTimeField()
    expires_at = UtcDateTimeField()
    tries = IntegerField(default=0)
    used_at = UtcDateTimeField(null=True)

    class Meta:
        table_name = "phone_code"


class Policy(Base):
    """An insurance contract (poistná zmluva, PZ)."""

    id = BigAutoField()
    number = CharField(max_length=32, unique=True)
    client = ForeignKeyField(Client, on_delete="CASCADE")
    client_id: int
    product = CharField(max_length=120)
    since = UtcDateTimeField()

    class Meta:
        table_name = "policy"


class Mandate(Base):
    """A broker's right to act for a client on one policy, from `starts_at` until `ends_at`.

    `reference` is the insurer's own name for it.
    """

    id = BigAutoField()
    reference = CharField(max_length=64, null=True, unique=True)
    broker_id = BigIntegerField()
    policy = ForeignKeyField(Policy, on_delete="CASCADE")
    policy_id: int
    starts_at = UtcDateTimeField()
    ends_at = UtcDateTimeField(null=True)

    class Meta:
        table_name = "mandate"
        indexes = ((("broker_id", "policy"), False),)
