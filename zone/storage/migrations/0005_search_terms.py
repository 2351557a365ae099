"""Clients and policies are found by terms; how much of them a broker reads is counted.

The terms of what is there already are made here: read and written in chunks through a table of the moment, and put in
place in the order of their index, which takes a million clients some minutes and not some hours.
"""

from __future__ import annotations

from itertools import islice

from peewee import (
    BigAutoField,
    BigIntegerField,
    BlobField,
    CharField,
    CompositeKey,
    ForeignKeyField,
    IntegerField,
    Model,
)

from zone import clock, search_terms
from zone.storage import is_postgres
from zone.storage.fields import UtcDateTimeField

LOADED = "INSERT INTO {table} VALUES ({marks})"
AT_ONCE = 10_000
ENDS_AT = (
    """CREATE INDEX "portfolio_term_ends_at" ON "portfolio_term" ("ends_at") WHERE ("ends_at" IS NOT NULL)"""
)
CLIENTS = """
    SELECT c.id, c.name, c.reference, c.email, p.number FROM client c
    LEFT JOIN phone p ON p.client_id = c.id AND p.replaced_at IS NULL
    WHERE c.id > {mark} ORDER BY c.id LIMIT {mark}
"""
POLICIES = """
    SELECT id, client_id, number FROM policy WHERE client_id BETWEEN {mark} AND {mark}
"""
# The latest end of a broker's mandates for a policy; without one when any of them has none.
MANDATES = """
    SELECT m.policy_id, m.broker_id, CASE WHEN count(m.ends_at) = count(*) THEN max(m.ends_at) END
    FROM mandate m JOIN policy p ON p.id = m.policy_id
    WHERE p.client_id BETWEEN {mark} AND {mark} AND (m.ends_at IS NULL OR m.ends_at > {mark})
    GROUP BY m.policy_id, m.broker_id
"""


def up(migrator, db):
    tables = _models(db)
    # Their indexes come last: to fill a table that has them takes much longer.
    for model in tables:
        model._schema.create_table(safe=False)
    _fill(db)
    for model in tables:
        model._schema.create_indexes(safe=False)
    db.execute_sql(ENDS_AT)


def down(migrator, db):
    db.drop_tables(_models(db))


def _models(db):
    # SQLite would keep rows and primary key in two trees; PostgreSQL knows no other way.
    one_tree = not is_postgres(db)

    class PortfolioTerm(Model):
        broker_id = BigIntegerField()
        term = BlobField()
        policy = ForeignKeyField(_table(db, "policy"), on_delete="CASCADE", index=False)
        ends_at = UtcDateTimeField(null=True)

        class Meta:
            database = db
            table_name = "portfolio_term"
            primary_key = CompositeKey("broker_id", "term", "policy")
            indexes = ((("policy", "broker_id", "term"), False),)
            without_rowid = one_tree

    class ClientTerm(Model):
        term = BlobField()
        client = ForeignKeyField(_table(db, "client"), on_delete="CASCADE", index=False)

        class Meta:
            database = db
            table_name = "client_term"
            primary_key = CompositeKey("term", "client")
            indexes = ((("client", "term"), False),)
            without_rowid = one_tree

    class PortfolioReading(Model):
        broker_id = BigIntegerField()
        span = CharField(max_length=8)
        until = UtcDateTimeField()
        rows = IntegerField()

        class Meta:
            database = db
            table_name = "portfolio_reading"
            primary_key = CompositeKey("broker_id", "span")

    class PolicyLook(Model):
        broker_id = BigIntegerField()
        policy = ForeignKeyField(_table(db, "policy"), on_delete="CASCADE")
        until = UtcDateTimeField(index=True)

        class Meta:
            database = db
            table_name = "policy_look"
            primary_key = CompositeKey("broker_id", "policy")

    return PortfolioTerm, ClientTerm, PortfolioReading, PolicyLook


def _table(db, name):
    """A table as a foreign key sees it."""

    class Meta:
        database = db
        table_name = name

    return type(name, (Model,), {"id": BigAutoField(), "Meta": Meta})


def _fill(db):
    kind = "BYTEA" if is_postgres(db) else "BLOB"
    moment = "TIMESTAMP" if is_postgres(db) else "DATETIME"
    db.execute_sql(
        f"CREATE TEMPORARY TABLE new_portfolio_term (broker BIGINT, term {kind}, policy BIGINT, ends {moment})"
    )
    db.execute_sql(f"CREATE TEMPORARY TABLE new_client_term (term {kind}, client BIGINT)")
    last = 0
    while clients := _rows(db, CLIENTS, last, AT_ONCE):
        first, last = clients[0][0], clients[-1][0]
        policies = _rows(db, POLICIES, first, last)
        mandates = _rows(db, MANDATES, first, last, clock.now().replace(tzinfo=None))
        _load(db, "new_client_term", 2, _of_clients(clients, policies))
        _load(db, "new_portfolio_term", 4, _of_portfolios(clients, policies, mandates))
    db.execute_sql("INSERT INTO client_term SELECT * FROM new_client_term ORDER BY term, client")
    db.execute_sql(
        "INSERT INTO portfolio_term SELECT * FROM new_portfolio_term ORDER BY broker, term, policy"
    )
    db.execute_sql("DROP TABLE new_client_term")
    db.execute_sql("DROP TABLE new_portfolio_term")


def _rows(db, statement, *values):
    return db.execute_sql(statement.format(mark=db.param), values).fetchall()


def _load(db, table, columns, rows):
    cursor = db.cursor()
    if is_postgres(db):
        with cursor.copy(f"COPY {table} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        return
    marks = ", ".join([db.param] * columns)
    while some := list(islice(rows, AT_ONCE)):
        cursor.executemany(LOADED.format(table=table, marks=marks), some)


def _of_clients(clients, policies):
    numbers: dict[int, list[str]] = {}
    for _, client, number in policies:
        numbers.setdefault(client, []).append(number)
    for client, name, reference, email, phone in clients:
        for term in search_terms.client_terms(name, reference, email, numbers.get(client, ()), phone):
            yield term, client


def _of_portfolios(clients, policies, mandates):
    people = {client: (name, phone) for client, name, _, _, phone in clients}
    numbers = {policy: (number, client) for policy, client, number in policies}
    for policy, broker, ends_at in mandates:
        number, client = numbers[policy]
        name, phone = people[client]
        for term in search_terms.policy_terms(name, number, phone):
            yield broker, term, policy, ends_at
