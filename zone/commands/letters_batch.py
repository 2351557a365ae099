"""`letters batch` and `letters folder`: many letters, told of by a manifest or by their names."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from threading import Event

import click
from flask.cli import with_appcontext

from zone.commands.children import told_to_stop
from zone.commands.here import parts, refuse_unfit
from zone.commands.not_in import telling
from zone.commands.side_by_side import side_by_side
from zone.config import LetterKind
from zone.csv_table import NotATable
from zone.language import language
from zone.letters.from_files import manifest
from zone.letters.from_files.bringing import NOT_IN, NOT_NOW, Arrival, Brought, Fate, bring, in_words, try_out
from zone.letters.from_files.source_file import read_within
from zone.parts import Parts
from zone.storage import close_database, using

Batch = Callable[[], Iterator[Arrival]]
Done = tuple[Arrival, Brought]
Command = Callable[..., None]
AGAIN = "What is in stays in: run the same again, and the rest is taken."


def said_of_letters(command: Command) -> Command:
    """The options that say something of letters."""
    for option in (
        click.option("--date", help="The day of the letter, as 2026-05-31; by default today."),
        click.option(
            "--kind", type=click.Choice([kind.value for kind in LetterKind]), help="What it is about."
        ),
        click.option("--subject", help="What the client reads in the zone; by default the file's name."),
    ):
        command = option(command)
    return command


def on_many(command: Command) -> Command:
    """The options of both commands."""
    for option in (
        click.option("--dry-run", is_flag=True, help="Examine every letter and take none in."),
        click.option(
            "--report", type=click.Path(path_type=Path), help="Write what is not in to this CSV file."
        ),
        click.option(
            "--processes",
            type=click.IntRange(1, 64),
            default=1,
            show_default=True,
            help="How many work side by side. Two on SQLite; on PostgreSQL one for each core.",
        ),
    ):
        command = option(command)
    return command


@click.command("batch")
@click.argument("path", metavar="MANIFEST.csv", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@on_many
@with_appcontext
def batch_command(path: Path, *, processes: int, report: Path | None, dry_run: bool) -> None:
    """Take in the letters that a manifest names, one a row.

    Its first line names the columns: file and client; and if wanted subject, kind, date, policy, external_id. The
    files lie in the manifest's folder or below it.

    A bad row is told and keeps no other out. The same manifest may be run again, after a kill or with rows mended:
    what is in already, by its external_id or else by its content, is not taken twice. Exits 1 unless all are in.
    """
    if not path.is_file():
        raise click.UsageError("The manifest must be a file: it is read twice.")
    if report is not None and report.exists() and report.samefile(path):
        raise click.UsageError("The report would overwrite the manifest. Name another file.")

    def batch() -> Iterator[Arrival]:
        with path.open("rb") as file:
            yield from manifest.read(file)

    _take(batch, path.parent, processes, report, dry_run=dry_run)


@click.command("folder")
@click.argument("path", metavar="FOLDER", type=click.Path(exists=True, file_okay=False, path_type=Path))
@said_of_letters
@on_many
@with_appcontext
def folder_command(
    path: Path, *, processes: int, report: Path | None, dry_run: bool, **options: str | None
) -> None:
    """Take in the PDF files of a folder, whose names tell the client: REFERENCE_whatever.pdf.

    What follows the first underscore is the subject, unless --subject is given. The files stay where they are; run
    again, the command takes only what is new. Exits 1 unless all are in.
    """
    said = {name: value for name, value in options.items() if value}
    _take(partial(manifest.named, path, said), path, processes, report, dry_run=dry_run)


def _take(batch: Batch, folder: Path, processes: int, report: Path | None, *, dry_run: bool) -> None:
    here = parts()
    with using(here.database) as database:
        refuse_unfit(database)
    close_database(here.database)  # before processes are forked off
    total = _count(batch)
    fates: Counter[Fate] = Counter()
    hidden = not sys.stderr.isatty()
    with told_to_stop() as stop:
        shares = [
            partial(
                _share, here, partial(_every_nth, batch, number, processes), folder, stop, dry_run=dry_run
            )
            for number in range(processes)
        ]
        done = side_by_side(shares, stop) if processes > 1 else shares[0]()
        with telling(report) as tell, click.progressbar(length=total, file=sys.stderr, hidden=hidden) as bar:
            for arrival, brought in done:
                fates[brought.fate] += 1
                bar.update(1)
                if brought.fate in NOT_IN:
                    tell(arrival, brought)
    click.echo(_summary(fates, total, dry_run=dry_run))
    if sum(fates.values()) < total:
        raise click.ClickException(f"Stopped before the end. {AGAIN}")
    if any(fates[fate] for fate in NOT_IN):
        raise click.exceptions.Exit(1)


def _every_nth(batch: Batch, number: int, processes: int) -> Iterator[Arrival]:
    """Every so-many-th letter of the batch."""
    return islice(batch(), number, None, processes)


def _count(batch: Batch) -> int:
    """How many letters there are; reads to the end, so that what is no manifest is known before any is taken."""
    try:
        return sum(1 for _ in batch())
    except NotATable as error:
        raise click.ClickException(f"{error} Nothing was taken in.") from error
    except OSError as error:
        raise click.ClickException(f"{error.strerror}. Nothing was taken in.") from error


def _share(here: Parts, batch: Batch, folder: Path, stop: Event, *, dry_run: bool) -> Iterator[Done]:
    """One process's part of the work."""
    words = language("en", here.config.timezone)
    act = try_out if dry_run else bring
    most = here.intake.rules.max_bytes + 1  # one more is too many, and rejected
    with using(here.database), here.intake.encryptor:
        for arrival in batch():
            if stop.is_set():
                return
            try:
                read = partial(read_within, folder, arrival.file, most)
                if arrival.problem:
                    brought = Brought(Fate.FAILED, arrival.problem)
                else:
                    brought = act(here.intake, arrival.values, read, words)
            except NOT_NOW as error:
                raise click.ClickException(f"Stopped: {in_words(error, words)} {AGAIN}") from error
            yield arrival, brought


def _summary(fates: Counter[Fate], total: int, *, dry_run: bool) -> str:
    """How many of each fate."""
    told = ", ".join(f"{fates[fate]} {fate}" for fate in Fate)
    return f"{told}; of {total}." + (" This was a rehearsal: nothing was taken in." if dry_run else "")
