"""`flask --app wsgi clients lift-hold`."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from flask import Flask
from peewee import Database

from tests.people import JANA, make_client
from zone.audit import Actor, Role
from zone.audit.models import Event
from zone.clients import holds
from zone.clients.holds import Why
from zone.commands.clients import clients
from zone.vault import Vault


@pytest.fixture
def app(database: Database, vault: Vault) -> Flask:
    app = Flask("zone")
    app.extensions["zone"] = SimpleNamespace(database=database, vault=vault)
    app.cli.add_command(clients)
    return app


def lift(app: Flask, reference: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["clients", "lift-hold", reference])
    return result.exit_code, result.output


def test_the_operator_lets_passwords_go_again_once_the_client_was_talked_to(app: Flask, vault: Vault) -> None:
    jana = make_client(vault, JANA)
    holds.place(Actor(Role.CLIENT), jana.id, Why.REQUEST, 1)
    code, said = lift(app, JANA.reference)
    assert (code, holds.standing(jana.id)) == (0, None)
    assert "Lifted" in said
    assert Event.get(Event.tag == "hold:lifted").actor_role == "operator"
    assert "No hold stood" in lift(app, JANA.reference)[1]


def test_an_unknown_reference_is_refused_in_words(app: Flask) -> None:
    code, said = lift(app, "K-0")
    assert code == 1
    assert "There is no client with this reference." in said
