"""`flask --app wsgi worker`: what sends the messages."""

from __future__ import annotations

import signal
import threading

import click
from flask.cli import with_appcontext

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
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    worker = Worker(here.database, sms=here.sms, mail=here.mail, renderers=here.renderers, chores=here.chores)
    worker.run(stop)
    here.intake.encryptor.close()
