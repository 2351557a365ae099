"""`flask --app wsgi clients import`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import Result
from flask import Flask
from peewee import Database, DatabaseError

from tests.people import COMPANY, JANA, make_client
from zone.audit import Actor, Role
from zone.audit.models import Event
from zone.clients.birth_numbers import load
from zone.clients.models import Client, Policy
from zone.commands.clients import clients
from zone.letter_passwords.models import LetterPassword
from zone.letter_passwords.set_own import set_own
from zone.messages.models import Kind, Message
from zone.secret import Secret
from zone.vault import Vault
from zone.vault.models import VaultEntry

HEADER = "reference;kind;name;email;phone;birth_number;policy_number;product\n"
PETER = "K-1002;person;Peter Novák;peter@example.org;0905100102;790302/3744;PZ-2002;Poistenie domácnosti\n"
MARIA = "K-1003;person;Mária Horváthová;maria@example.org;0905100103;486123417;PZ-2003;Život\n"
DREVO = "K-1004;company;Drevo, s. r. o.;posta@drevo.example.org;0905100104;;PZ-2004;Majetok\n"
BAD = "K-1005;person;Zle Číslo;zle@example.org;0905100105;790302/3745;PZ-2005;Život\n"
BAD_TOO = "K-1006;person;Zlý Telefón;zly@example.org;02 5341 1111;;PZ-2006;Život\n"

Import = Callable[..., Result]


@pytest.fixture
def import_file(database: Database, vault: Vault, tmp_path: Path) -> Import:
    """The command, run over a file with the given text or bytes."""
    app = Flask("zone")
    app.extensions["zone"] = SimpleNamespace(
        config=SimpleNamespace(phone_countries=frozenset({"SK", "CZ"}), tell_imported_phone_changes=True),
        database=database,
        vault=vault,
    )

    def run(content: str | bytes, *options: str) -> Result:
        path = tmp_path / "clients.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return app.test_cli_runner().invoke(clients, ["import", str(path), *options])

    return run


def origins() -> dict[str, str]:
    current = (
        LetterPassword.select(LetterPassword, Client).join(Client).where(LetterPassword.replaced_at.is_null())
    )
    return {version.client.reference: version.origin for version in current}


def test_who_had_a_confirmed_number_is_told_of_another_one(import_file: Import) -> None:
    header = HEADER.replace("phone;", "phone;phone_confirmed;")
    peter = PETER.replace("0905100102;", "0905100102;2026-05-04;")
    maria = MARIA.replace("0905100103;", "0905100103;;")  # hers was never confirmed
    import_file(header + peter + maria)
    import_file(header + (peter + maria).replace("09051001", "09051009"))
    told = Message.select().where(Message.kind == Kind.PHONE_CHANGED)
    assert {(message.channel, message.to_masked) for message in told} == {
        ("sms", "+421 9•• ••• 102"),
        ("mail", "p•••@example.org"),
    }


def test_every_client_comes_in_with_a_letter_password(import_file: Import) -> None:
    result = import_file(HEADER + PETER + MARIA + DREVO)
    assert result.exit_code == 0, result.output
    assert result.stdout == "3 clients created, 0 changed, 0 as before; 0 bad rows skipped.\n"
    assert origins() == {"K-1002": "default", "K-1003": "default", "K-1004": "generated"}
    assert {version.digits for version in LetterPassword.select()} == {4, 3, None}
    assert {policy.number for policy in Policy.select()} == {"PZ-2002", "PZ-2003", "PZ-2004"}


def test_the_same_file_again_changes_nothing(import_file: Import) -> None:
    import_file(HEADER + PETER + MARIA + DREVO)
    events = Event.select().count()
    result = import_file(HEADER + PETER + MARIA + DREVO)
    assert result.stdout == "0 clients created, 0 changed, 3 as before; 0 bad rows skipped.\n"
    assert Event.select().count() == events
    assert LetterPassword.select().count() == 3


def test_a_changed_birth_number_changes_the_default_and_nothing_else_does(
    import_file: Import, vault: Vault
) -> None:
    import_file(HEADER + PETER + MARIA)
    result = import_file(
        HEADER + PETER.replace("790302/3744", "790302/5119") + MARIA.replace("0905100103", "0905100777")
    )
    assert result.stdout == "0 clients created, 2 changed, 0 as before; 0 bad rows skipped.\n"
    peter = Client.get(Client.reference == "K-1002")
    number = load(vault, peter.id)
    assert number is not None
    assert number.digits.reveal() == "7903025119"
    numbers = [version.client.reference for version in LetterPassword.select()]
    assert sorted(numbers) == ["K-1002", "K-1002", "K-1003"]


def test_an_own_password_outlives_an_import(import_file: Import, vault: Vault) -> None:
    jana = make_client(vault, JANA)
    set_own(vault, Actor(Role.CLIENT, 1), jana.id, Secret("modrý koberec v lese"))
    row = f"{JANA.reference};person;Jana Nová;{JANA.email};0905100101;790302/3744;;\n"
    assert import_file(HEADER + row).exit_code == 0
    assert origins() == {JANA.reference: "own"}
    assert Client.get().name == "Jana Nová"


def test_one_bad_row_keeps_the_whole_file_out_and_every_bad_row_is_listed(import_file: Import) -> None:
    result = import_file(HEADER + PETER + BAD + MARIA + BAD_TOO)
    assert result.exit_code == 1
    assert "line 3: birth_number: The digits of the birth number do not fit together." in result.stderr
    assert "line 5: phone: This number takes no SMS." in result.stderr
    assert "2 of 4 rows are bad. Nothing was imported." in result.stderr
    assert result.stdout == ""
    assert not Client.select().exists()
    assert not Event.select().exists()
    assert not VaultEntry.select().exists()


def test_skip_bad_takes_the_good_rows_and_lists_the_bad_ones(import_file: Import) -> None:
    result = import_file(HEADER + PETER + BAD + MARIA + BAD_TOO, "--skip-bad")
    assert result.exit_code == 0
    assert "line 3: birth_number:" in result.stderr
    assert "line 5: phone:" in result.stderr
    assert result.stdout == "2 clients created, 0 changed, 0 as before; 2 bad rows skipped.\n"
    assert {client.reference for client in Client.select()} == {"K-1002", "K-1003"}


@pytest.mark.parametrize(("rows", "code"), [(PETER + MARIA, 0), (PETER + BAD, 1)])
def test_a_dry_run_tells_and_writes_nothing(import_file: Import, rows: str, code: int) -> None:
    assert import_file(HEADER + rows, "--dry-run").exit_code == code
    assert not Client.select().exists()


def test_a_policy_of_somebody_else_is_a_bad_row(import_file: Import, vault: Vault) -> None:
    make_client(vault, replace(COMPANY, policy_number="PZ-2002"))
    result = import_file(HEADER + PETER + MARIA)
    assert result.exit_code == 1
    assert "line 2: policy_number: The policy belongs to another client." in result.stderr
    assert Client.select().count() == 1


def test_what_fails_while_writing_leaves_nothing_behind(import_file: Import, database: Database) -> None:
    """The trail is written after the client; without its table the client must not stay either."""
    database.execute_sql("DROP TABLE event")
    result = import_file(HEADER + PETER)
    assert isinstance(result.exception, DatabaseError)
    assert not Client.select().exists()


@pytest.mark.parametrize("content", [b"", "á;b".encode("cp1250"), b"PK\x03\x04", HEADER.encode() + b'"K"x'])
def test_what_is_no_list_of_clients_is_refused_in_words(import_file: Import, content: bytes) -> None:
    result = import_file(content)
    assert result.exit_code == 1
    assert "Error: " in result.stderr
    assert "Traceback" not in result.output
    assert isinstance(result.exception, SystemExit)


def test_no_birth_number_or_phone_is_ever_printed(import_file: Import, vault: Vault) -> None:
    make_client(vault, replace(COMPANY, policy_number="PZ-2002"))
    columns_in_disorder = "790302/3744;0905100102;person;K-1;peter@example.org;Peter;PZ-1;Dom\n"
    for content in (
        HEADER + PETER + PETER + BAD + BAD_TOO + columns_in_disorder,
        columns_in_disorder,
        PETER,
        HEADER + f'{BAD.strip()}"x"y\n"' + PETER,
    ):
        output = import_file(content, "--skip-bad").output
        for secret in ("790302", "3744", "3745", "0905", "100102", "5341"):
            # The advice to write 0912 345 678 is nobody's number.
            assert secret not in output
