"""The keys of programs: made once, kept hashed, in force until they are revoked."""

from __future__ import annotations

import json

import pytest
from peewee import Database

from tests.everything import snapshot
from zone.accounts.api_keys import CannotCreateKey, NoSuchKey, Scope, admit, create, every, revoke
from zone.accounts.models import ApiKey, Throttle
from zone.accounts.throttle import ADDRESS, TooManyAttempts
from zone.audit import OPERATOR, Actor, Role
from zone.audit.models import Event
from zone.secret import Secret
from zone.vault import Vault

HOME, ELSEWHERE = "192.0.2.1", "198.51.100.7"
WRONG = Secret("zone_wrong")
LETTERS = [Scope.LETTERS_WRITE, Scope.LETTERS_READ]


def events() -> list[tuple[str, str, dict[str, object]]]:
    return [
        (event.tag, event.actor_role, json.loads(event.facts)) for event in Event.select().order_by(Event.id)
    ]


def test_a_key_lets_its_program_in_with_its_scopes_and_name(database: Database, vault: Vault) -> None:
    program = admit(vault, create(OPERATOR, "billing", LETTERS), address=HOME)
    assert program.actor == Actor(Role.PROGRAM, ApiKey.get().id, "billing")
    assert program.scopes == frozenset(LETTERS)


def test_no_two_keys_are_alike_and_none_lies_in_the_database(database: Database) -> None:
    keys = {create(OPERATOR, f"key-{number}", LETTERS).reveal() for number in range(3)}
    assert len(keys) == 3
    everything = str(snapshot(database))
    for key in keys:
        assert key.startswith("zone_")
        assert len(key) > 40
        assert key.removeprefix("zone_") not in everything


def test_a_revoked_key_is_refused_at_once_and_for_good(database: Database, vault: Vault) -> None:
    key = create(OPERATOR, "billing", LETTERS)
    assert revoke(OPERATOR, "billing")
    assert not revoke(OPERATOR, "billing")
    with pytest.raises(NoSuchKey):
        admit(vault, key, address=HOME)
    with pytest.raises(CannotCreateKey, match="is or was a key called billing"):
        create(OPERATOR, "billing", LETTERS)


def test_every_act_on_a_key_leaves_an_event(database: Database, vault: Vault) -> None:
    key = create(OPERATOR, "billing", LETTERS)
    revoke(OPERATOR, "billing")
    for shown in (key, WRONG):
        with pytest.raises(NoSuchKey):
            admit(vault, shown, address=HOME)
    number = ApiKey.get().id
    assert events() == [
        (
            "api_key:created",
            "operator",
            {"key": number, "name": "billing", "scopes": "letters:read letters:write"},
        ),
        ("api_key:revoked", "operator", {"key": number, "name": "billing"}),
        ("api_key:refused", "program", {"by": "billing"}),
        ("api_key:refused", "system", {}),
    ]


def test_who_guesses_has_to_wait_and_nobody_else_does(database: Database, vault: Vault) -> None:
    key = create(OPERATOR, "billing", LETTERS)
    for _ in range(ADDRESS.free):
        with pytest.raises(NoSuchKey):
            admit(vault, WRONG, address=HOME)
    with pytest.raises(TooManyAttempts):
        admit(vault, WRONG, address=HOME)
    with pytest.raises(NoSuchKey):
        admit(vault, WRONG, address=ELSEWHERE)
    assert admit(vault, key, address=HOME).actor.name == "billing"


def test_a_right_key_costs_no_write(database: Database, vault: Vault) -> None:
    key = create(OPERATOR, "billing", LETTERS)
    before = snapshot(database)
    admit(vault, key, address=HOME)
    assert snapshot(database) == before
    assert not Throttle.select().exists()


@pytest.mark.parametrize("name", ["", "two words", "-x", "ž", "x" * 65, "a\nb"])
def test_a_name_is_fit_for_a_log(database: Database, name: str) -> None:
    with pytest.raises(CannotCreateKey, match="a name has"):
        create(OPERATOR, name, LETTERS)
    assert every() == []


def test_a_key_that_may_do_nothing_is_not_made(database: Database) -> None:
    with pytest.raises(CannotCreateKey, match="at least one scope"):
        create(OPERATOR, "billing", [])
