"""A client comes in, and has exactly one letter password from that moment on."""

from __future__ import annotations

from dataclasses import replace

import pytest
from peewee import Database

from tests.people import COMPANY, JANA, MARIA, PETER, make_client
from tests.together import together
from zone.audit import Actor, Role
from zone.clients.models import Client
from zone.clock import now
from zone.config import Limits
from zone.letter_passwords.enrol import enrol, put_in_force, settled
from zone.letter_passwords.models import LetterPassword, Origin
from zone.letter_passwords.reset import reset
from zone.letter_passwords.set_own import set_own
from zone.letter_passwords.versions import Superseded, current
from zone.secret import Secret
from zone.storage import transaction
from zone.vault import Vault

PROGRAM = Actor(Role.PROGRAM, 1, "crm")
OWN = Secret("modrý koberec v lese")


def test_everybody_gets_the_password_that_fits_them(database: Database, vault: Vault) -> None:
    for details, origin in ((JANA, Origin.DEFAULT), (COMPANY, Origin.GENERATED)):
        done = enrol(vault, PROGRAM, details)
        assert done.created
        assert current(done.client.id).origin == origin


def test_a_birth_number_that_came_later_leaves_the_generated_password_in_force(
    database: Database, vault: Vault
) -> None:
    client = enrol(vault, PROGRAM, replace(JANA, birth_number=None)).client
    assert enrol(vault, PROGRAM, JANA).changed == {"birth_number"}
    assert current(client.id).origin == Origin.GENERATED


def test_a_corrected_birth_number_corrects_the_default(database: Database, vault: Vault) -> None:
    client = enrol(vault, PROGRAM, JANA).client
    enrol(vault, PROGRAM, replace(JANA, birth_number=MARIA.birth_number))
    version = current(client.id)
    assert (version.number, version.origin, version.digits) == (2, Origin.DEFAULT, 3)


def test_an_own_password_stays(database: Database, vault: Vault) -> None:
    client = make_client(vault, JANA)
    set_own(vault, Actor(Role.CLIENT, 1), client.id, OWN)
    enrol(vault, PROGRAM, replace(JANA, birth_number=PETER.birth_number, name="Jana Nová"))
    assert current(client.id).origin == Origin.OWN


def test_a_client_settled_no_more_gets_another_look(database: Database, vault: Vault) -> None:
    client = make_client(vault, JANA)
    set_own(vault, Actor(Role.CLIENT, 1), client.id, OWN)
    assert settled([JANA.reference, PETER.reference]) == {JANA.reference}
    reset(vault, Actor(Role.CLIENT, 1), client.id, limits=Limits())
    moved = replace(JANA, birth_number=PETER.birth_number)
    with pytest.raises(Superseded), transaction():
        put_in_force(vault, PROGRAM, moved, None, at=now())
    enrol(vault, PROGRAM, moved)
    version = current(client.id)
    assert (version.number, version.origin) == (4, Origin.DEFAULT)


def test_a_client_whom_many_bring_at_once_is_one(database: Database, vault: Vault) -> None:
    done = together(database, [lambda: enrol(vault, PROGRAM, JANA)] * 6)
    assert sorted(one.created for one in done) == [False] * 5 + [True]
    assert Client.select().count() == 1
    assert LetterPassword.select().count() == 1
