"""Trails for tests, and hands that bend them with the database alone."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from peewee import Database

from zone.audit import Actor, Role, Tag, record
from zone.audit.models import Event
from zone.audit.reading import seen
from zone.storage import companion, is_postgres, transaction
from zone.vault import Vault

INSTALLATION = "https://zona.example.org"
HOUR = timedelta(hours=1)


def facts_of(event: Event) -> dict[str, Any]:
    """What an event says, the sealed facts too."""
    return dict(seen(companion(Vault), [event])[0].facts)


def write(events: int, clients: int = 5) -> None:
    """Acts of several clients, some with personal facts."""
    for number in range(events):
        with transaction():
            personal = {"to": f"+421 9•• ••• {number:03}"} if number % 3 == 0 else {}
            client_id = number % clients + 1
            record(
                Tag.PASSWORD_RESEND, Actor(Role.BROKER, 7), client_id=client_id, version=number, **personal
            )


def disarm(database: Database) -> None:
    """What an attacker with all rights on the database does first."""
    if is_postgres(database):
        database.execute_sql("ALTER TABLE event DROP CONSTRAINT event_shard_check")
        triggers: tuple[str, ...] = ("event_append_only ON event", "trail_head_append_only ON trail_head")
    else:
        database.execute_sql("PRAGMA ignore_check_constraints = ON")
        triggers = ("event_no_update", "event_no_delete", "trail_head_no_update", "trail_head_no_delete")
    for trigger in triggers:
        database.execute_sql(f"DROP TRIGGER {trigger}")


def plain_facts(event: Event) -> dict[str, Any]:
    """What can be read without any key."""
    return dict(json.loads(event.facts))
