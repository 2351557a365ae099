"""Clients and what belongs to them."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from peewee import BigAutoField, BigIntegerField, CharField, ForeignKeyField, IntegerField

from zone.storage import Base, UtcDateTimeField, locked

# How many clients one query names.
AT_ONCE = 500


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


def hold_all(client_ids: Iterable[int]) -> None:
    """As `hold`, in one order, so that no two transactions wait for each other. Who was erased is passed over."""
    those = sorted(client_ids)
    for start in range(0, len(those), AT_ONCE):
        rows = Client.select(Client.id).where(Client.id.in_(those[start : start + AT_ONCE]))
        list(locked(rows.order_by(Client.id)))


def hold_free(client_ids: Iterable[int]) -> list[int]:
    """As `hold_all`, but waiting for nobody: those before the first whom another transaction holds, in order.

    Who was erased is passed over, and so among them.
    """
    those = sorted(client_ids)
    rows = Client.select(Client.id).where(Client.id.in_(those)).order_by(Client.id)
    held = {client.id for client in locked(rows, skip=True)}
    rest = [client_id for client_id in those if client_id not in held]
    if not rest:
        return those
    others = Client.select(Client.id).where(Client.id.in_(rest)).order_by(Client.id).first()
    return those if others is None else [client_id for client_id in those if client_id < others.id]


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
    confirmed_by_account = BigIntegerField(null=True)
    replaced_at = UtcDateTimeField(null=True)

    class Meta:
        table_name = "phone"


Phone.add_index(
    Phone.index(Phone.client, unique=True, where=Phone.replaced_at.is_null(), name="phone_current_client")
)
Phone.add_index(
    Phone.index(Phone.confirmed_at, Phone.id, where=Phone.replaced_at.is_null(), name="phone_to_confirm")
)


class Purpose(StrEnum):
    """What the right code does."""

    CONFIRM = "confirm"  # the number on file is known to be the client's
    CHANGE = "change"  # a new number comes on file
    CONSENT = "consent"  # a support agent may act in the client's own pages


class PhoneCode(Base):
    """A code sent to a phone to see whether the client holds it. The code itself is derived, see `phone_codes`.

    It went to `phone`, or while it is not on file to `number`, which is forgotten as soon as it is not needed.
    """

    id = BigAutoField()
    client = ForeignKeyField(Client, on_delete="CASCADE")
    client_id: int
    purpose = CharField(max_length=16)
    phone = ForeignKeyField(Phone, null=True, on_delete="CASCADE")
    phone_id: int | None
    number = CharField(max_length=16, null=True)
    asked_by_role = CharField(max_length=16)
    asked_by_account = BigIntegerField(null=True)
    created_at = UtcDateTimeField()
    expires_at = UtcDateTimeField()
    tries = IntegerField(default=0)
    used_at = UtcDateTimeField(null=True)

    class Meta:
        table_name = "phone_code"
        indexes = ((("asked_by_account", "created_at"), False),)


PhoneCode.add_index(
    PhoneCode.index(
        PhoneCode.expires_at, where=PhoneCode.number.is_null(False), name="phone_code_keeps_number"
    )
)


class Hold(Base):
    """The client said that something was not them: no letter password goes out by SMS until it is lifted."""

    id = BigAutoField()
    client = ForeignKeyField(Client, on_delete="CASCADE")
    client_id: int
    why = CharField(max_length=16)
    subject_id = BigIntegerField(null=True)
    placed_at = UtcDateTimeField()
    placed_by_role = CharField(max_length=16)
    placed_by_account = BigIntegerField(null=True)
    lifted_at = UtcDateTimeField(null=True)
    lifted_by_role = CharField(max_length=16, null=True)
    lifted_by_account = BigIntegerField(null=True)

    class Meta:
        table_name = "hold"


Hold.add_index(Hold.index(Hold.client, where=Hold.lifted_at.is_null(), name="hold_standing_client"))


class ClientNote(Base):
    """What staff noted of a client; the text lies in the vault, under the note's number as its version.

    `token` names the form that it was sent by, or the hold that was lifted with it: the same form makes one note of who
    sends it, however often it is sent, and a hold makes one.
    """

    id = BigAutoField()
    client = ForeignKeyField(Client, on_delete="CASCADE")
    client_id: int
    token = CharField(max_length=40)
    written_at = UtcDateTimeField()
    written_by_role = CharField(max_length=16)
    written_by_account = BigIntegerField(null=True)

    class Meta:
        table_name = "client_note"
        indexes = ((("client", "id"), False), (("client", "written_by_account", "token"), True))


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
