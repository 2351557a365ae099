"""`letters watch`: letters that come in by a folder."""

from __future__ import annotations

import stat
from collections import Counter
from functools import partial
from pathlib import Path
from threading import Event

import click
from flask.cli import with_appcontext

from zone.commands.children import told_to_stop
from zone.commands.here import parts, refuse_unfit
from zone.language import language
from zone.letters.from_files.bringing import NOT_IN, NOT_NOW, Fate, bring, in_words
from zone.letters.from_files.watched_folder import InUse, NotPrivate, WatchedFolder
from zone.parts import Parts
from zone.storage import using

LOOK_EVERY = 1.0
# Seconds until the next look when the database or the letter store is away.
AGAIN_AFTER = 5.0


@click.command("watch")
@click.argument("path", metavar="FOLDER", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--grace", default=60.0, show_default=True, help="Seconds for which half of a pair is waited for."
)
@click.option("--once", is_flag=True, help="Take what there is and end; exits 1 unless it is all in.")
@with_appcontext
def watch_command(path: Path, grace: float, *, once: bool) -> None:
    """Take in the letters that others put into FOLDER, until SIGTERM or Ctrl-C.

    A letter is a PDF, and beside it a JSON file of the same name: {"client": "K-1", "subject": "…"}, and if wanted
    kind, date, policy, external_id. The PDF is written first, the JSON last, each under another ending and then
    renamed; a name is used once.

    What is in is deleted from FOLDER. What cannot be taken in is moved to FOLDER/failed, with the reason. Of several
    watchers one works and the others stand by.
    """
    here = parts()
    with using(here.database) as database:
        refuse_unfit(database)
    if stat.S_IMODE(path.stat().st_mode) & stat.S_IRWXO:
        raise click.ClickException(
            f"Everybody can reach {path}, where letters lie in clear. Run chmod o= on it."
        )
    folder = WatchedFolder(path, most=here.intake.rules.max_bytes + 1, grace=grace)
    fates: Counter[Fate] = Counter()
    hindrance = ""
    with told_to_stop() as stop:
        while True:
            before, hindrance = hindrance, _look(here, folder, stop, fates)
            if hindrance not in ("", before) and not once:
                click.echo(hindrance, err=True)
            if once or stop.wait(AGAIN_AFTER if hindrance else LOOK_EVERY):
                break
    click.echo(", ".join(f"{fates[fate]} {fate}" for fate in Fate) + ".")
    if once and hindrance:
        raise click.ClickException(hindrance)
    if once and any(fates[fate] for fate in NOT_IN):
        raise click.exceptions.Exit(1)


def _look(here: Parts, folder: WatchedFolder, stop: Event, fates: Counter[Fate]) -> str:
    """Take what there is. Returns what hinders, if anything does."""
    words = language("en", here.config.timezone)
    act = partial(bring, here.intake, words=words)
    try:
        with folder.mine(), using(here.database):
            for name, brought in folder.look(act, stop):
                fates[brought.fate] += 1
                if brought.fate in NOT_IN:
                    click.echo(f"{click.format_filename(name)}: {brought.fate}: {brought.why}", err=True)
    except InUse:
        return "Another watcher is at work on this folder; standing by."
    except NotPrivate as error:
        raise click.ClickException(
            f"{folder.path / str(error)} must be a folder that its owner alone can enter. Remove it."
        ) from error
    except NOT_NOW as error:
        return in_words(error, words)
    return ""
