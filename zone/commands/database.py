"""The database: applying its migrations, and whether they agree with the models."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from zone.audit import heads
from zone.audit.models import Event
from zone.commands.here import parts, refuse_unfit
from zone.models import MODELS
from zone.storage import using
from zone.storage.migrate import differences, upgrade
from zone.vault import NoSigningKey

db = AppGroup("db", help="Migrations of the database.")


@db.command("upgrade")
def upgrade_command() -> None:
    """Apply every migration that the database lacks. Events that are linked so are covered by a signed head at once."""
    here = parts()
    with using(here.database) as database:
        for name in upgrade(database) or ["nothing to do"]:
            click.echo(name)
        if Event.select().where(Event.mac.is_null()).exists() and not heads.kept().exists():
            try:
                head = heads.make(here.vault, here.config.public_url)
            except NoSigningKey as error:
                raise click.ClickException(f"{error}; then run this again") from error
            click.echo(f"head {head.number} is signed and covers the {head.events} events that there are")


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
