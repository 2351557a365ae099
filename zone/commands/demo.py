"""`flask --app wsgi demo …`: the zone with invented people, on embedded parts. Only in demo mode."""

from __future__ import annotations

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Event
from urllib.parse import unquote, urlsplit

import click
from flask.cli import AppGroup

from zone.commands.children import ChildFailed, Children, told_to_stop
from zone.commands.here import parts, refuse_unfit
from zone.config import PROJECT, Config
from zone.demo.people import PEOPLE
from zone.demo.seed import seed
from zone.storage import using
from zone.storage.migrate import upgrade

HOST, PORT = "127.0.0.1", 8000
LOOK_EVERY = 0.1  # seconds
# One process with threads is enough for the few people of a demo, and saves the memory of a second.
GUNICORN = (
    *("gunicorn", "--worker-class", "gthread", "--threads", "40", "--graceful-timeout", "3"),
    *("--log-level", "warning", "--no-control-socket"),
)
# All that a demo writes below ZONE_VAR, also where it was interrupted.
FILES = (
    *("zone.db", "zone.db-shm", "zone.db-wal", "keys.json", ".keys.json.*", "secret-key", ".secret-key.*"),
    *("letters/??/*.copy", "letters/??/*.source", "letters/??/.*", "letters/.*zone-letters*"),
    *("demo/phone/*.json*", "demo/mailbox/*.eml*"),
)
FOLDERS = ("letters/??", "letters", "demo/phone", "demo/mailbox", "demo")

demo = AppGroup("demo", help="The zone with invented people, on embedded parts.")


@demo.command("run")
def run() -> None:
    """Serve the zone and work its outbox, in the foreground, until Ctrl-C. Keeps the data of the last time."""
    config = parts().config
    with _listening(_port(config)) as listener, _alone(config.var):
        _fill()
        modules = {
            "web": (*GUNICORN, "--bind", f"fd://{listener.fileno()}", "wsgi:app"),
            "worker": ("flask", "--app", "wsgi", "worker"),
        }
        children = Children(modules, folder=PROJECT, keep_open=(listener.fileno(),))
        try:
            with told_to_stop() as stop, children.running():
                _look_after(children, config, stop)
        except ChildFailed as error:
            raise click.ClickException(f"{error}. The demo has ended.") from error
    click.echo("The demo has ended; its data is kept.")


@demo.command("seed")
def seed_() -> None:
    """Fill an empty database with the demo's people and letters, and start nothing."""
    click.echo("The demo's people are here now." if _fill() else "There is somebody already.")


@demo.command("reset")
def reset() -> None:
    """Throw away what the demo wrote under ZONE_VAR, and nothing else there; the next start begins anew."""
    config = parts().config
    urls = (config.database_url, config.keys_url, config.letters_url)
    if not all(_lies_in(config.var, url) for url in urls):
        raise click.ClickException(
            "ZONE_DATABASE_URL, ZONE_KEYS_URL or ZONE_LETTERS_URL names a place of its own; empty it yourself."
        )
    with _alone(config.var):
        for file in _found(config.var, FILES):
            file.unlink()
        for folder in _found(config.var, FOLDERS):
            if not any(folder.iterdir()):
                folder.rmdir()
    click.echo(f"The demo's data in {config.var} is gone; the next start begins anew.")


def _fill() -> bool:
    """Migrations, and people where there are none. Says whether people came."""
    with using(parts().database) as database:
        upgrade(database)
        refuse_unfit(database)
        return seed(parts().intake)


def _port(config: Config) -> int:
    try:
        return urlsplit(config.public_url).port or PORT
    except ValueError as error:
        raise click.ClickException("PORT is no port; write a number such as PORT=8001.") from error


@contextmanager
def _listening(port: int) -> Iterator[socket.socket]:
    """The demo's port, taken before anything else is done; who comes too early waits for the web to begin."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
            listener.listen()
        except OSError as error:
            raise click.ClickException(
                f"Port {port} cannot be used ({error.strerror}), perhaps another demo has it. "
                "Choose another: PORT=8001 make demo"
            ) from error
        yield listener


@contextmanager
def _alone(var: Path) -> Iterator[None]:
    """Hold the demo's folder, so that no other demo starts on it or throws it away meanwhile."""
    descriptor = os.open(var, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise click.ClickException(
            f"A demo is running on {var}. End it first, or choose another folder: ZONE_VAR=… make demo"
        ) from error
    finally:
        os.close(descriptor)


def _look_after(children: Children, config: Config, stop: Event) -> None:
    ready = False
    while not stop.wait(LOOK_EVERY):
        for name in children.restart_ended():
            click.echo(f"The {name} process had ended and was started again.", err=True)
        if not ready and _answers(_port(config)):
            _welcome(config)
            ready = True


def _answers(port: int) -> bool:
    connection = HTTPConnection(HOST, port, timeout=1)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _welcome(config: Config) -> None:
    rows = [(person.role, person.email, person.password, person.name) for person in PEOPLE]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    click.echo(f"Zone is ready: {config.public_url}/")
    click.echo(f"  people:  {config.public_url}/demo/")
    click.echo(f"  phone:   {config.public_url}/demo/phone")
    click.echo(f"  mailbox: {config.public_url}/demo/mailbox\n")
    for row in rows:
        click.echo(
            "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        )
    click.echo("\nCtrl-C ends the demo.")


def _lies_in(folder: Path, url: str) -> bool:
    path = unquote(url.partition(":")[2]).lstrip("/")
    return path.startswith(f"{folder}/".lstrip("/"))


def _found(folder: Path, patterns: tuple[str, ...]) -> list[Path]:
    return [path for pattern in patterns for path in folder.glob(pattern)]
