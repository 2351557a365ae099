"""The operator's command line: `flask --app wsgi …`."""

from __future__ import annotations

from flask import Flask

from zone.commands.accounts import accounts
from zone.commands.api_keys import api_keys
from zone.commands.audit import audit
from zone.commands.clients import clients
from zone.commands.database import db
from zone.commands.demo import demo
from zone.commands.keys import keys
from zone.commands.letters import letters
from zone.commands.mandates import mandates
from zone.commands.retention import erase_command, purge_command
from zone.commands.worker import worker

COMMANDS = (accounts, api_keys, audit, clients, db, keys, letters, mandates, worker)


def register(app: Flask) -> None:
    """Add every command, and in demo mode the demo's."""
    clients.add_command(erase_command)
    letters.add_command(purge_command)
    for command in COMMANDS:
        app.cli.add_command(command)
    if app.extensions["zone"].config.demo:
        app.cli.add_command(demo)
