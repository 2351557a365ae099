"""The whole zone on each database, and people in front of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import pytest
from flask import Flask
from peewee import Database

from tests.conftest import CHEAP
from tests.letters.samples import letter_pdf
from tests.web import people
from tests.web.browser import Browser, new_browser
from tests.web.compiled import compile_once
from tests.web.people import PASSWORD, Person
from zone.app import create_app
from zone.audit import OPERATOR
from zone.clients.models import Client
from zone.config import PROJECT, Config, Mode
from zone.letters.details import LetterDetails
from zone.letters.intake import receive
from zone.letters.models import Letter
from zone.parts import Parts
from zone.secret import Secret
from zone.storage import accompany
from zone.vault import Vault
from zone.vault.keyring import create_file

SignIn = Callable[[Person], Browser]
SendLetter = Callable[[Person], Letter]


@pytest.fixture
def config(tmp_path: Path, database_url: str) -> Config:
    """A demo zone under the test's own folder."""
    var = tmp_path / "var"
    create_file(var / "keys.json", made_for="demo")
    return Config(
        mode=Mode.DEMO,
        var=var,
        database_url=database_url,
        sms_url="demo:",
        mail_url="demo:",
        keys_url=f"file:{var / 'keys.json'}",
        letters_url=f"file:{var / 'letters'}",
        secret_key=Secret("0123456789" * 4),
        public_url="http://localhost",
        assets=PROJECT / "build" / "vendor",
        argon2=CHEAP,
    )


@pytest.fixture
def app(config: Config, database: Database) -> Iterator[Flask]:
    """The zone. The test's own database is another connection to the same."""
    zone = compile_once(create_app(config))
    accompany(database, zone.extensions["zone"].vault)
    zone.test_client_class = Browser
    yield zone
    zone.extensions["zone"].intake.encryptor.close()
    zone.extensions["zone"].database.close_all()


@pytest.fixture
def parts(app: Flask) -> Parts:
    return cast(Parts, app.extensions["zone"])


@pytest.fixture
def vault(parts: Parts) -> Vault:
    """The vault of the zone under test."""
    return parts.vault


@pytest.fixture
def browser(app: Flask) -> Browser:
    return new_browser(app)


@pytest.fixture
def sign_in(app: Flask) -> SignIn:
    """A new browser with somebody signed in."""

    def signed_in(person: Person) -> Browser:
        browser = new_browser(app)
        assert browser.sign_in(person.email, PASSWORD).status_code == 303
        return browser

    return signed_in


@pytest.fixture
def jana(vault: Vault) -> Person:
    """A client on the default password."""
    return people.add_client(vault)


@pytest.fixture
def company(vault: Vault) -> Person:
    return people.add_company(vault)


@pytest.fixture
def broker(vault: Vault) -> Person:
    return people.add_broker(vault)


@pytest.fixture
def agent(vault: Vault) -> Person:
    return people.add_agent(vault)


@pytest.fixture
def letter(parts: Parts) -> SendLetter:
    """Sends a client one letter."""
    return lambda person: (
        receive(
            parts.intake,
            OPERATOR,
            LetterDetails(client=cast(Client, person.client).reference, subject="Výročná správa"),
            letter_pdf(),
        ).letter
    )
