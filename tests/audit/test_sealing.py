"""Personal facts: who can read them, and until when."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

import pytest
from peewee import Database

from tests.audit.trails import facts_of, plain_facts
from zone.audit import OPERATOR, Tag, record
from zone.audit.facts import PERSONAL, PLAIN
from zone.audit.models import Event
from zone.audit.reading import of_client, seen
from zone.audit.verifying import verify
from zone.config import PROJECT
from zone.storage import transaction
from zone.vault import Vault
from zone.vault.models import VaultEntry

MASKED = "+421 9•• ••• 101"


def calls() -> Iterator[tuple[ast.Module, str, list[ast.keyword]]]:
    """Every call of `record`: the file that it stands in, that file's name, and what is passed by name."""
    for path in sorted((PROJECT / "zone").rglob("*.py")):
        file = ast.parse(path.read_text("utf-8"))
        for node in ast.walk(file):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "record":
                yield file, path.name, node.keywords


def names() -> Iterator[tuple[str, str]]:
    """Every fact that the source names in a call of `record`."""
    for _, file, keywords in calls():
        yield from ((file, each.arg) for each in keywords if each.arg and each.arg != "client_id")


def passed_on() -> Iterator[str]:
    """Whatever may be a fact's name where `record` is called with `**`: arguments and strings of that file."""
    for file, _, keywords in calls():
        if any(each.arg is None for each in keywords):
            for node in ast.walk(file):
                if isinstance(node, ast.keyword) and node.arg:
                    yield node.arg
                elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield node.value


def test_every_fact_is_declared_as_personal_or_plain() -> None:
    told = list(names())
    assert len(told) > 20
    assert [(file, name) for file, name in told if name not in PERSONAL | PLAIN] == []
    assert PERSONAL.isdisjoint(PLAIN)


def test_nothing_is_declared_in_vain() -> None:
    assert (PERSONAL | PLAIN) - {name for _, name in names()} - set(passed_on()) == set()


def test_a_personal_fact_is_sealed_and_a_plain_one_is_not(database: Database) -> None:
    record(Tag.PHONE_CONFIRMED, OPERATOR, client_id=3, to=MASKED, version=2)
    event = Event.get()
    assert plain_facts(event) == {"version": 2}
    assert event.sealed
    assert MASKED.encode() not in bytes(event.sealed)
    assert facts_of(event) == {"to": MASKED, "version": 2}


@pytest.mark.parametrize("fact", ["undeclared", "to"])
def test_a_fact_that_cannot_be_sealed_or_is_not_declared_is_refused(database: Database, fact: str) -> None:
    facts: dict[str, Any] = {fact: "x"}
    with pytest.raises(ValueError, match=fact):
        record(Tag.PHONE_CONFIRMED, OPERATOR, **facts)
    assert not Event.select().exists()


def test_erasure_ends_personal_facts_and_leaves_the_chain_whole(database: Database, vault: Vault) -> None:
    for client in (3, 4):
        record(Tag.PHONE_CONFIRMED, OPERATOR, client_id=client, to=MASKED, version=2)
    with transaction():
        assert vault.destroy_all(3) == 1
        record(Tag.CLIENT_ERASED, OPERATOR, client_id=3, mark="…")
    erased, seen = of_client(vault, 3, limit=9)
    assert (erased.tag, seen.facts) == (Tag.CLIENT_ERASED, {"version": 2})
    assert of_client(vault, 4, limit=9)[0].facts == {"to": MASKED, "version": 2}
    assert verify(vault).whole


@pytest.mark.parametrize("had_key", [True, False])
@pytest.mark.parametrize("late", [True, False])
def test_nobody_makes_a_key_anew_for_who_was_erased(
    database: Database, vault: Vault, *, had_key: bool, late: bool
) -> None:
    """An agent's help that ends with the client, or is noted as over when they are long gone."""
    if had_key:
        record(Tag.IMPERSONATION_STARTED, OPERATOR, client_id=3, ticket="PO-1", minutes=20)
    with transaction():
        vault.destroy_all(3)
        if not late:
            record(Tag.IMPERSONATION_ENDED, OPERATOR, client_id=3, ticket="PO-1", by="agent")
        record(Tag.CLIENT_ERASED, OPERATOR, client_id=3, mark="…")
    if late:
        record(Tag.IMPERSONATION_ENDED, OPERATOR, client_id=3, ticket="PO-1", by="agent")
    ended = Event.get(Event.tag == Tag.IMPERSONATION_ENDED)
    assert (ended.sealed, facts_of(ended)) == (None, {"by": "agent"})
    assert not VaultEntry.select().where(VaultEntry.client_id == 3).exists()
    assert verify(vault).whole


def test_one_altered_event_does_not_hide_the_others(
    database: Database, vault: Vault, caplog: pytest.LogCaptureFixture
) -> None:
    for version in (1, 2):
        record(Tag.PHONE_CONFIRMED, OPERATOR, client_id=3, to=MASKED, version=version)
    event = Event.get(Event.number == 1)
    assert event.sealed
    event.sealed = event.sealed[:-1] + bytes([event.sealed[-1] ^ 1])
    read = seen(vault, [event, Event.get(Event.number == 2)])
    assert [each.facts for each in read] == [{"version": 1}, {"to": MASKED, "version": 2}]
    assert f"event {event.id} was altered" in caplog.text


def test_what_was_sealed_for_one_does_not_open_for_another(database: Database, vault: Vault) -> None:
    record(Tag.PHONE_CONFIRMED, OPERATOR, client_id=3, to=MASKED)
    record(Tag.PHONE_CONFIRMED, OPERATOR, client_id=4, to=MASKED)
    theirs = Event.get(Event.client_id == 4)
    theirs.sealed = Event.get(Event.client_id == 3).sealed
    assert "to" not in facts_of(theirs)
