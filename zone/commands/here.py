"""What a command may ask of the application around it."""

from __future__ import annotations

from typing import cast

import click
from flask import current_app
from peewee import Database

from zone.parts import Parts
from zone.storage.migrate import pending
from zone.vault import KeysUnusable


def parts() -> Parts:
    """The parts of this installation."""
    return cast(Parts, current_app.extensions["zone"])


def refuse_unfit(database: Database) -> None:
    """Raises `ClickException` where migrations are missing, where the keyring is another database's, or cannot sign."""
    if missing := pending(database):
        raise click.ClickException(f"not applied yet: {', '.join(missing)}; run: flask --app wsgi db upgrade")
    try:
        parts().vault.refuse_foreign()
        parts().vault.sign(b"")
    except KeysUnusable as error:
        raise click.ClickException(str(error)) from error
