"""`flask --app wsgi worker`: what sends the messages."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from zone.commands.children import told_to_stop
from zone.commands.here import parts, refuse_unfit
from zone.messages.worker import Worker
from zone.storage import using


@click.command("worker")
@with_appcontext
def worker() -> None:
    """Send what the outbox holds, until SIGTERM or Ctrl-C. The messages in hand are finished first."""
    here = parts()
    with using(here.database) as database:
        refuse_unfit(database)
    worker = Worker(here.database, sms=here.sms, mail=here.mail, renderers=here.renderers, chores=here.chores)
    with told_to_stop() as stop:
        worker.run(stop)
        here.intake.encryptor.close()
