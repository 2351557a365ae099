"""Migration 0010 with a trail in the database: it is linked as it stands, and whoever acts goes on with it."""

from __future__ import annotations

import json

from peewee import Database

from tests.audit.trails import facts_of
from zone.audit import OPERATOR, SYSTEM, Actor, Role, Tag, heads, record
from zone.audit.models import Event
from zone.audit.verifying import verify
from zone.clock import now
from zone.storage.migrate import downgrade, pending, upgrade
from zone.vault import Vault

CHAIN = "0010_chain"
OLD = """INSERT INTO event (at, tag, actor_role, actor_id, client_id, impersonation_id, facts)
    VALUES ({marks})"""
AGENT = (Role.SUPPORT, 7, 3, 4)
OLD_FACTS = {"reason": "question", "ticket": "PO-1 č"}


def add_old(database: Database, tag: Tag, role: Role, *others: int | str | None) -> None:
    """An event as they were written before."""
    *numbers, facts = others
    at = Event.at.db_value(now())
    marks = ", ".join([database.param] * 7)
    database.execute_sql(OLD.format(marks=marks), (at, str(tag), str(role), *numbers, facts))


def test_what_was_there_before_the_chain_is_linked_and_covered(database: Database, vault: Vault) -> None:
    newer = downgrade(database, CHAIN)[:-1]
    assert pending(database) == [CHAIN, *reversed(newer)]
    for _ in range(3):
        add_old(database, Tag.IMPERSONATION_STARTED, *AGENT, json.dumps(OLD_FACTS, ensure_ascii=False))
        add_old(database, Tag.SIGN_IN_REFUSED, Role.SYSTEM, None, None, None, "{}")
        add_old(database, Tag.SIGN_IN, Role.CLIENT, 1, 5, None, "{}")
    assert upgrade(database)[0] == CHAIN
    assert not verify(vault).whole
    heads.make(vault, "https://zona.example.org")
    record(Tag.IMPERSONATION_ENDED, Actor(Role.SUPPORT, 7, impersonation_id=4), client_id=3, ticket="PO-1")
    record(Tag.SIGN_IN_REFUSED, SYSTEM)
    report = verify(vault)
    assert report.whole, report
    assert (report.events, report.unkeyed) == (11, 9)
    assert facts_of(Event.get(Event.client_id == 3)) == OLD_FACTS


def test_a_trail_goes_back_and_forth(database: Database, vault: Vault) -> None:
    record(Tag.PHONE_CONFIRMED, OPERATOR, client_id=3, to="+421", version=2)
    downgrade(database, CHAIN)
    upgrade(database)
    assert facts_of(Event.get()) == {"version": 2}
    heads.make(vault, "https://zona.example.org")
    assert verify(vault).whole
