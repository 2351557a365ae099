"""The database: applying its migrations, and whether they agree with the models."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from zone.commands.here import parts, refuse_unfit
from zone.models import MODELS
from zone.storage import using
from zone.storage.migrate import differences, upgrade

db = AppGroup("db", help="Migrations of the database.")


@db.command("upgrade")
def upgrade_command() -> None:
    """Apply every migration that the database lacks."""
    with using(parts().database) as database:
        for name in upgrade(database) or ["nothing to do"]:
            click.echo(name)


@db.command("check")
def check_command() -> None:
    """Exit 1 unless the migrations, applied, make exactly what the models say.

    An empty database gets them first.
    """
    with using(parts().database) as database:
        if not database.get_tables():
            upgrade(database)
        refuse_unfit(database)
        if differing := differences(database, MODELS):
            raise click.ClickException(f"the models differ from the migrations:\n{differing}")
    click.echo("models and migrations agree")
