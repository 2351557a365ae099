"""The keyring: making one, and adding to it."""

from __future__ import annotations

from pathlib import Path

import click
from flask import Flask
from flask.cli import AppGroup

from zone.config import Mode
from zone.vault import KeysUnusable
from zone.vault.keyring import add_signing_key, create_file

keys = AppGroup("keys", help="The keyring.")


@keys.command("create")
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False))
def create_command(path: Path) -> None:
    """Write a new keyring to PATH, readable by its owner alone.

    Back it up: without it no letter can be opened.
    """
    try:
        create_file(path, made_for=Mode.PRODUCTION)
    except OSError as error:
        why = "it exists, and a keyring is never replaced" if path.exists() else error.strerror
        raise click.ClickException(f"{path} cannot be written: {why}") from error
    click.echo(
        f"{path} is written; name it in ZONE_KEYS_URL as file:{path.resolve()}, and keep a copy elsewhere"
    )


@keys.command("add-signing-key")
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False))
def add_signing_key_command(path: Path) -> None:
    """Give the keyring PATH a new key that signs heads of the trail from now on.

    For a keyring from before there were any, or when the one in use may have been seen. Earlier ones stay. Restart
    the worker and the web, back the keyring up, and give the auditor what `audit public-key` prints.
    """
    try:
        name = add_signing_key(path)
    except KeysUnusable as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        raise click.ClickException(f"{path} cannot be written: {error.strerror}") from error
    click.echo(f"signing key {name} is added to {path}; back it up, and restart the worker and the web")


def make_app() -> Flask:
    """For `flask --app zone.commands.keys …`: an installation without a keyring cannot start to make one."""
    app = Flask("zone")
    app.cli.add_command(keys)
    return app
