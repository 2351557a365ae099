"""Letters in by command."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup

from zone.audit import OPERATOR
from zone.commands.here import parts
from zone.language import Refusal, language
from zone.letters.encryption import CannotEncrypt
from zone.letters.intake import send_letter
from zone.storage import using

letters = AppGroup("letters", help="Letters that come in.")


@letters.command("send")
@click.option("--client", "reference", required=True, help="The client's reference.")
@click.option(
    "--subject", default=None, help="What the client reads in the zone; by default the file's name."
)
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def send_command(reference: str, subject: str | None, file: Path) -> None:
    """Encrypt FILE under the client's current password and e-mail it.

    Does the whole, or nothing and exits 1.
    """
    here = parts()
    words = language("en", here.config.timezone)
    try:
        with using(here.database), file.open("rb") as opened:
            source = opened.read(here.config.limits.letter_bytes + 1)  # one more is too many, and refused
            copy = send_letter(here.intake, OPERATOR, reference, source, subject=subject or file.stem)
    except CannotEncrypt as refusal:
        detail = f" ({refusal.detail})" if refusal.detail else ""
        raise click.ClickException(f"{file}: {refusal.in_words(words)}{detail}") from refusal
    except Refusal as refusal:
        raise click.ClickException(f"{file}: {refusal.in_words(words)}") from refusal
    except OSError as error:
        raise click.ClickException(f"{file}: {error.strerror}; nothing was sent") from error
    click.echo(f"{file}: {copy.letter.pages} pages, queued as {copy.reference}")
