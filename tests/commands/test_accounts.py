from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from tests.people import JANA, make_client
from zone.accounts.models import Account
from zone.accounts.passwords import PURPOSE
from zone.app import create_app
from zone.audit import Actor, Role, Tag
from zone.audit.models import Event
from zone.environment import load
from zone.letter_passwords.set_own import set_own
from zone.secret import Secret
from zone.storage import using
from zone.storage.migrate import upgrade

PASSWORD = "Štyri zelené lampáše"
EVA = ("--role", "broker", "--email", "Eva@example.org", "--name", "Eva Malá")

Create = Callable[..., Result]


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    app = create_app(load({"ZONE_MODE": "demo", "ZONE_VAR": str(tmp_path)}))
    with using(app.extensions["zone"].database) as database:
        upgrade(database)
    return app


@pytest.fixture
def create(app: Flask) -> Create:
    def run(*arguments: str, typed: str = "") -> Result:
        return app.test_cli_runner().invoke(args=["accounts", "create", *arguments], input=typed)

    return run


def _accounts(app: Flask) -> list[Account]:
    with using(app.extensions["zone"].database):
        return list(Account.select())


def test_the_password_is_asked_for_twice_and_not_shown(app: Flask, create: Create) -> None:
    result = create(*EVA, typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert result.exit_code == 0, result.output
    assert "eva@example.org may sign in as broker." in result.output
    assert PASSWORD not in result.output
    (account,) = _accounts(app)
    assert app.extensions["zone"].vault.verify(PURPOSE, Secret(PASSWORD), account.password_hash)


def test_the_password_may_come_from_a_file_or_from_standard_input(
    app: Flask, create: Create, tmp_path: Path
) -> None:
    (tmp_path / "password").write_text(f"{PASSWORD}\n", encoding="utf-8")
    assert create(*EVA, "--password-file", str(tmp_path / "password")).exit_code == 0
    other = ("--role", "support", "--email", "ivan@example.org", "--name", "Ivan Veľký")
    assert create(*other, "--password-file", "-", typed=PASSWORD).exit_code == 0
    assert [account.role for account in _accounts(app)] == ["broker", "support"]


@pytest.mark.parametrize(
    ("arguments", "typed", "message"),
    [
        (EVA, "krátke", "too short"),
        (EVA, "evaeva malamala eva", "your name"),
        ((*EVA, "--client", "C-1"), PASSWORD, "no client C-1"),
        (("--role", "client", *EVA[2:]), PASSWORD, "names its client"),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(
    app: Flask, create: Create, arguments: tuple[str, ...], typed: str, message: str
) -> None:
    result = create(*arguments, "--password-file", "-", typed=typed)
    assert result.exit_code == 1
    assert message in result.output
    assert typed not in result.output
    assert _accounts(app) == []


def test_no_client_signs_in_with_the_password_of_their_letters(app: Flask, create: Create) -> None:
    here = app.extensions["zone"]
    with using(here.database):
        set_own(here.vault, Actor(Role.CLIENT, 1), make_client(here.vault, JANA).id, Secret(PASSWORD))
    jana = ("--role", "client", "--email", JANA.email, "--name", JANA.name, "--client", JANA.reference)
    refused = create(*jana, "--password-file", "-", typed=PASSWORD)
    assert refused.exit_code == 1
    assert "opens the client's letters" in refused.output
    assert create(*jana, "--password-file", "-", typed=PASSWORD + " dva").exit_code == 0


def test_staff_may_have_an_office_and_move_to_another(app: Flask, create: Create) -> None:
    def move(*arguments: str) -> Result:
        return app.test_cli_runner().invoke(args=["accounts", "set-office", "--email", *arguments])

    assert create(*EVA, "--office", "Žilina", "--password-file", "-", typed=PASSWORD).exit_code == 0
    assert [account.office for account in _accounts(app)] == ["Žilina"]
    assert "works in: Nitra" in move("EVA@example.org", "--office", "Nitra").output
    assert [account.office for account in _accounts(app)] == ["Nitra"]
    assert "Eva Malá works in: no office" in move("eva@example.org", "--office", " ").output
    assert [account.office for account in _accounts(app)] == [None]
    with using(app.extensions["zone"].database):
        assert Event.select().where(Event.tag == Tag.OFFICE_SET).count() == 2
    for refused, why in (
        (move("nobody@example.org", "--office", "Nitra"), "no broker or support agent"),
        (move("eva@example.org", "--office", "N" * 101), "longer than 100"),
        (create(*EVA, "--office", "N" * 101, "--password-file", "-", typed=PASSWORD), "longer than 100"),
    ):
        assert refused.exit_code == 1
        assert why in refused.output


def test_there_is_no_option_for_the_password_itself(create: Create) -> None:
    assert create(*EVA, "--password", PASSWORD).exit_code == 2
