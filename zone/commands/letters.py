"""`flask --app wsgi letters …`: letters in, and what became of them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import click
from flask.cli import AppGroup

from zone.commands.here import parts
from zone.commands.letters_batch import batch_command, folder_command, said_of_letters
from zone.commands.letters_watch import watch_command
from zone.language import language
from zone.letters.figures import figures
from zone.letters.from_files.bringing import NOT_IN, NOT_NOW, bring, in_words
from zone.letters.from_files.manifest import with_subject
from zone.letters.from_files.source_file import read
from zone.storage import using

letters = AppGroup("letters", help="Letters that come in.")
for command in (batch_command, folder_command, watch_command):
    letters.add_command(command)


@letters.command("send")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--client", required=True, help="The client's reference.")
@click.option("--policy", help="The number of the client's policy that it is about.")
@click.option("--external-id", help="Your own name for the letter; under it, it comes in once.")
@said_of_letters
def send_command(file: Path, **options: str | None) -> None:
    """Take FILE in, a PDF, and e-mail it under the client's letter password.

    Does the whole, or nothing and exits 1. The same again, word for word, is known and not sent twice.
    """
    here = parts()
    said = with_subject({name: value for name, value in options.items() if value}, file.stem)
    words = language("en", here.config.timezone)
    try:
        with using(here.database):
            brought = bring(here.intake, said, lambda: read(file, here.intake.rules.max_bytes + 1), words)
    except NOT_NOW as error:
        raise click.ClickException(f"{file}: {in_words(error, words)} Nothing was sent.") from error
    if brought.fate in NOT_IN:
        raise click.ClickException(f"{file}: {brought.fate}: {brought.why}")
    click.echo(f"{file}: {brought.fate}{brought.why and f' for {brought.why}'}, as {brought.reference}")


@letters.command("report")
@click.option(
    "--days", type=click.IntRange(1, 3660), default=30, show_default=True, help="How far to look back."
)
def report_command(days: int) -> None:
    """Count what became of letters: which engine encrypted them and why, what waits, what was rejected."""
    with using(parts().database):
        counted = figures(timedelta(days=days))
    for title, counts in counted.items():
        click.echo(f"{title}: {sum(counts.values())}")
        for reason, number in counts.most_common():
            click.echo(f"{number:>9}  {reason}")
