from __future__ import annotations

import pytest
from peewee import Database, IntegrityError

from tests.accounts.conftest import LIMITS, PASSWORD, Door
from zone.accounts import accounts, sessions
from zone.accounts.accounts import CannotCreate
from zone.accounts.models import Account
from zone.audit import OPERATOR, Role
from zone.audit.models import Event
from zone.secret import Secret
from zone.vault import Vault


def _create(email: str, role: Role, client_id: int | None = None) -> Account:
    return accounts.create(
        OPERATOR,
        email=email,
        role=role,
        name="Eva Malá",
        password_hash="x",
        language="en",
        client_id=client_id,
    )


def test_an_account_is_kept_under_one_spelling_of_its_email(database: Database) -> None:
    account = _create(" Eva@Example.ORG", Role.BROKER)
    assert Account.get_by_id(account.id).email == "eva@example.org"
    assert Event.get().tag == "account:created"
    assert "eva" not in Event.get().facts


def test_one_email_and_one_client_have_one_account(jana: Account) -> None:
    with pytest.raises(CannotCreate, match="has an account already"):
        _create("JANA@example.org", Role.SUPPORT)
    with pytest.raises(CannotCreate, match="has an account already"):
        _create("other@example.org", Role.CLIENT, jana.client_id)


def test_a_client_that_does_not_exist_gets_no_account(database: Database) -> None:
    with pytest.raises(IntegrityError):
        _create("eva@example.org", Role.CLIENT, 4711)


@pytest.mark.parametrize(
    ("email", "role", "client_id"),
    [
        ("eva@example.org", Role.CLIENT, None),
        ("eva@example.org", Role.BROKER, 1),
        ("eva@example.org", Role.SYSTEM, None),
        ("eva@example.org", Role.OPERATOR, None),
        ("eva", Role.BROKER, None),
        ("@example.org", Role.BROKER, None),
    ],
)
def test_accounts_that_make_no_sense_are_refused(
    database: Database, email: str, role: Role, client_id: int | None
) -> None:
    with pytest.raises(CannotCreate):
        _create(email, role, client_id)
    assert Account.select().count() == 0


@pytest.mark.parametrize(("chosen", "kept"), [("en", "en"), ("sk", "sk"), ("tlh", "sk")])
def test_the_language_is_remembered(door: Door, chosen: str, kept: str) -> None:
    signed_in = door()
    accounts.set_language(signed_in.principal, chosen)
    found = sessions.find(signed_in.token, limits=LIMITS, renew=True)
    assert found is not None
    assert found.language == kept


def test_whether_a_client_signs_in_with_a_password(jana: Account, vault: Vault) -> None:
    assert jana.client_id is not None
    assert accounts.matches_sign_in(vault, jana.client_id, Secret(PASSWORD))
    assert not accounts.matches_sign_in(vault, jana.client_id, Secret("another password"))
    assert not accounts.matches_sign_in(vault, jana.client_id + 1, Secret(PASSWORD))
