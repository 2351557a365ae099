"""`flask --app wsgi accounts …`: who may sign in."""

from __future__ import annotations

from typing import TextIO

import click
from flask.cli import AppGroup

from zone.accounts.accounts import ROLES, CannotCreate, CannotMove, create, set_office
from zone.accounts.passwords import WeakPassword, hash_password, refuse_weak
from zone.audit import OPERATOR, Role
from zone.clients.models import Client
from zone.commands.here import parts
from zone.language import DEFAULT
from zone.language.language import LOCALES
from zone.letter_passwords import acceptance, verifiers
from zone.letter_passwords.versions import current
from zone.secret import Secret
from zone.storage import using
from zone.vault import Vault

accounts = AppGroup("accounts", help="Who may sign in.")


@accounts.command("create")
@click.option("--role", required=True, type=click.Choice([role.value for role in ROLES]))
@click.option("--email", required=True, help="What the person signs in with.")
@click.option("--name", required=True, help="The person's name, as pages and the trail show it.")
@click.option("--office", help="Where the person works, of a broker or a support agent.")
@click.option("--client", "reference", help="The reference of the client whose account this is.")
@click.option("--language", default=DEFAULT, show_default=True, type=click.Choice(list(LOCALES)))
@click.option(
    "--password-file",
    type=click.File(encoding="utf-8"),
    help="A file whose first line is the password; - reads standard input. Without it you are asked.",
)
def create_(
    role: str,
    email: str,
    name: str,
    office: str | None,
    reference: str | None,
    language: str,
    password_file: TextIO | None,
) -> None:
    """Make an account. The password is never an argument: every user of the machine could read it."""
    here = parts()
    password = _password(password_file)
    with using(here.database):
        try:
            refuse_weak(password, email=email, name=name)
            client_id = _client_id(reference)
            _refuse_letter_password(here.vault, client_id, password)
            account = create(
                OPERATOR,
                email=email,
                role=Role(role),
                name=name,
                password_hash=hash_password(here.vault, password),
                language=language,
                client_id=client_id,
                office=office,
            )
        except (CannotCreate, WeakPassword) as error:
            raise click.ClickException(str(error)) from error
    click.echo(f"{account.email} may sign in as {role}.")


@accounts.command("set-office")
@click.option("--email", required=True, help="What the person signs in with.")
@click.option("--office", help="Where the person works from now on. Without it, nowhere.")
def set_office_(email: str, office: str | None) -> None:
    """Say where a broker or a support agent works."""
    with using(parts().database):
        try:
            member = set_office(OPERATOR, email, office)
        except CannotMove as error:
            raise click.ClickException(str(error)) from error
    click.echo(f"{member.name} works in: {member.office or 'no office'}")


def _password(file: TextIO | None) -> Secret:
    if file is None:
        return Secret(click.prompt("Password", hide_input=True, confirmation_prompt=True))
    return Secret(file.readline().rstrip("\r\n"))


def _client_id(reference: str | None) -> int | None:
    if reference is None:
        return None
    client = Client.get_or_none(Client.reference == reference)
    if client is None:
        raise CannotCreate(f"there is no client {reference}")
    number: int = client.id
    return number


def _refuse_letter_password(vault: Vault, client_id: int | None, password: Secret) -> None:
    """Rule 3 of DESIGN.md: who finds one of a client's passwords must not have both."""
    typed = acceptance.normalise(password.reveal())
    if client_id is not None and verifiers.matches(vault, current(client_id), typed):
        raise CannotCreate("this password opens the client's letters; take another one to sign in")
