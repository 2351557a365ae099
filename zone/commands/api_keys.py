"""`flask --app wsgi api-keys …`: the keys of the insurer's programs."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from zone.accounts.api_keys import CannotCreateKey, Scope, create, every, revoke
from zone.audit import OPERATOR
from zone.commands.here import parts
from zone.storage import using

api_keys = AppGroup("api-keys", help="The keys by which programs come to the API.")


@api_keys.command("create")
@click.argument("name")
@click.option(
    "--scope",
    "scopes",
    required=True,
    multiple=True,
    type=click.Choice([scope.value for scope in Scope]),
    help="What the key may do; give it once for each.",
)
def create_command(name: str, scopes: tuple[str, ...]) -> None:
    """Make a key called NAME and print it, this once. The trail shows NAME with all that is done by the key."""
    with using(parts().database):
        try:
            key = create(OPERATOR, name, [Scope(scope) for scope in dict.fromkeys(scopes)])
        except CannotCreateKey as error:
            raise click.ClickException(str(error)) from error
    click.echo("Keep this key where only the program finds it. It is not shown again:", err=True)
    click.echo(key.reveal())


@api_keys.command("list")
def list_command() -> None:
    """Print every key: its name, since when, what it may do, and whether it is revoked."""
    with using(parts().database):
        for key in every():
            revoked = f", revoked {key.revoked_at:%Y-%m-%d %H:%M} UTC" if key.revoked_at else ""
            click.echo(f"{key.name}: {key.scopes}; made {key.created_at:%Y-%m-%d %H:%M} UTC{revoked}")


@api_keys.command("revoke")
@click.argument("name")
def revoke_command(name: str) -> None:
    """Put the key called NAME out of force, at once and for good."""
    with using(parts().database):
        if not revoke(OPERATOR, name):
            raise click.ClickException(f"no key called {name} is in force")
    click.echo(f"{name} is revoked.")
