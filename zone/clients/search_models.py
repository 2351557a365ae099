"""The index that clients and policies are found by, and how much of them staff have read."""

from __future__ import annotations

from typing import Any

from peewee import BigIntegerField, BlobField, CharField, CompositeKey, ForeignKeyField, IntegerField

from zone.clients.models import Client, Policy
from zone.storage import Base, UtcDateTimeField


class Unlogged(bytes):
    """What a person typed, on its way into a statement: a log of statements shows no more than that it was there."""

    def __repr__(self) -> str:
        return "<term>"


class TermField(BlobField):
    """A term or a prefix of one (`zone.search_terms`)."""

    def db_value(self, value: Any) -> Any:
        return None if value is None else Unlogged(value)


class PortfolioTerm(Base):
    """One policy in one broker's portfolio has this term until `ends_at`, when the broker's mandate ends.

    What a broker sees hangs on the mandate at that moment, never on a row here.
    """

    broker_id = BigIntegerField()
    term = TermField()
    policy = ForeignKeyField(Policy, on_delete="CASCADE", index=False)
    policy_id: int
    ends_at = UtcDateTimeField(null=True)

    class Meta:
        table_name = "portfolio_term"
        primary_key = CompositeKey("broker_id", "term", "policy")
        indexes = ((("policy", "broker_id", "term"), False),)


PortfolioTerm.add_index(
    PortfolioTerm.index(
        PortfolioTerm.ends_at, where=PortfolioTerm.ends_at.is_null(False), name="portfolio_term_ends_at"
    )
)


class ClientTerm(Base):
    """One client has this term, for those who may look for everybody."""

    term = TermField()
    client = ForeignKeyField(Client, on_delete="CASCADE", index=False)
    client_id: int

    class Meta:
        table_name = "client_term"
        primary_key = CompositeKey("term", "client")
        indexes = ((("client", "term"), False),)


class Reading(Base):
    """How many rows an account has used up in the `span` (an hour, a day) that ends at `until`."""

    account_id = BigIntegerField()
    span = CharField(max_length=8)
    until = UtcDateTimeField()
    rows = IntegerField()

    class Meta:
        table_name = "reading"
        primary_key = CompositeKey("account_id", "span")


class PolicyLook(Base):
    """A broker has opened this policy, which counts no more and leaves no event before `until`."""

    broker_id = BigIntegerField()
    policy = ForeignKeyField(Policy, on_delete="CASCADE")
    policy_id: int
    until = UtcDateTimeField(index=True)

    class Meta:
        table_name = "policy_look"
        primary_key = CompositeKey("broker_id", "policy")


class ClientLook(Base):
    """A support agent has opened this client's card, which counts no more and leaves no event before `until`."""

    account_id = BigIntegerField()
    client = ForeignKeyField(Client, on_delete="CASCADE")
    client_id: int
    until = UtcDateTimeField(index=True)

    class Meta:
        table_name = "client_look"
        primary_key = CompositeKey("account_id", "client")
