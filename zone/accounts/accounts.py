"""Who has an account."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from zone.accounts.models import Account
from zone.accounts.passwords import PURPOSE, normal
from zone.accounts.principal import Principal
from zone.audit import STAFF, Actor, Role, Tag, record
from zone.clock import now
from zone.language import N_, Refusal, known
from zone.secret import Secret
from zone.storage import locked, transaction
from zone.vault import Vault

ROLES = (Role.CLIENT, Role.BROKER, Role.SUPPORT)


class CannotCreate(Exception):
    """No such account can be made; the message says why."""


class CannotMove(Exception):
    """Nobody can be put into that office; the message says why."""


class NoSuchBroker(Refusal):
    """No broker signs in with this e-mail."""

    message = N_("No broker signs in with this e-mail. Check it, or have the account made first.")


@dataclass(frozen=True)
class StaffMember:
    """A broker or a support agent, as others read of them."""

    name: str
    office: str | None


def create(
    actor: Actor,
    *,
    email: str,
    role: Role,
    name: str,
    password_hash: str,
    language: str,
    client_id: int | None = None,
    office: str | None = None,
) -> Account:
    """A new account, whose hash comes from `passwords.hash_password`. Raises `CannotCreate`.

    A client's account names the client, and only a client's does; staff may have an office.
    """
    if role not in ROLES:
        raise CannotCreate(f"nobody signs in as {role}")
    if (role is Role.CLIENT) != (client_id is not None):
        raise CannotCreate("a client's account names its client; no other account does")
    try:
        office = _office(office)
    except CannotMove as error:
        raise CannotCreate(str(error)) from error
    if role is Role.CLIENT and office:
        raise CannotCreate("clients have no office")
    email = normal_email(email)
    if "@" not in email.strip("@"):
        raise CannotCreate("that is no e-mail address")
    with transaction():
        made: list[Account] = list(
            Account.insert(
                email=email,
                role=role,
                name=name,
                office=office,
                client=client_id,
                password_hash=password_hash,
                language=known(language),
                created_at=now(),
            )
            .on_conflict_ignore()
            .returning(Account)
            .execute()
        )
        if not made:
            raise CannotCreate("this e-mail address, or this client, has an account already")
        record(Tag.ACCOUNT_CREATED, actor, client_id=client_id, account=made[0].id, role=role)
    return made[0]


def set_office(actor: Actor, email: str, office: str | None) -> StaffMember:
    """Where the broker or agent who signs in with `email` belongs from now on, if anywhere. Raises `CannotMove`."""
    office = _office(office)
    with transaction():
        query = Account.select().where(Account.email == normal_email(email), Account.role.in_(STAFF))
        account = locked(query).get_or_none()
        if account is None:
            raise CannotMove("no broker or support agent signs in with this e-mail")
        Account.update(office=office).where(Account.id == account.id).execute()
        record(Tag.OFFICE_SET, actor, account=account.id, office=office)
    return StaffMember(account.name, office)


def _office(text: str | None) -> str | None:
    """The office as it is kept; nothing typed is none. Raises `CannotMove`."""
    office = (text or "").replace("\0", "").strip()
    if len(office) > Account.office.max_length:
        raise CannotMove(f"the name of the office is longer than {Account.office.max_length} characters")
    return office or None


def normal_email(text: str) -> str:
    """The one spelling that an account is kept and looked up under. PostgreSQL takes no NUL in a text."""
    return text.replace("\0", "").strip().casefold()


def broker_called(email: str) -> int:
    """The id of the account that a broker signs in to with `email`. Raises `NoSuchBroker`."""
    account = Account.get_or_none(Account.email == normal_email(email), Account.role == Role.BROKER)
    if account is None:
        raise NoSuchBroker
    found: int = account.id
    return found


def email_of(account_id: int) -> str | None:
    """What the account's owner signs in with; none when the account is gone."""
    account = Account.get_or_none(Account.id == account_id)
    return account.email if account else None


def names_of_staff(ids: Iterable[int | None]) -> dict[int, str]:
    """The names of those brokers and agents, in one query; who is no longer there is left out."""
    return {each: member.name for each, member in staff(ids).items()}


def staff(ids: Iterable[int | None]) -> dict[int, StaffMember]:
    """Those brokers and agents, in one query; who is no longer there is left out."""
    wanted = {each for each in ids if each is not None}
    columns = Account.id, Account.name, Account.office
    query = Account.select(*columns).where(Account.id.in_(wanted), Account.role.in_(STAFF))
    return {account.id: StaffMember(account.name, account.office) for account in query}


def of_client(client_id: int) -> Account | None:
    """The account by which the client signs in, if there is one."""
    account: Account | None = Account.get_or_none(Account.client == client_id)
    return account


def set_language(principal: Principal, code: str) -> None:
    """Remember the language that the person reads; the default in place of one that the zone lacks."""
    with transaction():
        Account.update(language=known(code)).where(Account.id == principal.account_id).execute()
        record(Tag.LANGUAGE, principal.actor, client_id=principal.client_id, language=known(code))


def matches_sign_in(vault: Vault, client_id: int, password: Secret) -> bool:
    """Whether the client signs in with `password`. Not in a transaction. Raises `Busy`."""
    account = Account.get_or_none(Account.client == client_id)
    return account is not None and vault.verify(PURPOSE, normal(password), account.password_hash)
