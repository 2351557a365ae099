"""What is not kept any longer: letters whose time is over, and clients who are to be forgotten."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from zone.audit import OPERATOR
from zone.clock import now
from zone.commands.here import parts
from zone.language import Refusal, language
from zone.letters.erasure import erase
from zone.letters.retention import StrangeStore, purge, sweep
from zone.letters.store import StoreAway
from zone.storage import using

AT_ONCE = 1000
FILES_LEFT = (
    "All keys are destroyed, but the letter store is away ({}). `letters purge` deletes the files later."
)


@click.command("purge")
@with_appcontext
def purge_command() -> None:
    """Destroy letters whose time is over, as the worker does by itself too, and delete files that belong to none."""
    here = parts()
    store, vault = here.intake.store, here.vault
    ended, at = 0, now()
    try:
        with using(here.database):
            while some := purge(store, vault, at=at, most=AT_ONCE):
                ended += some
            swept = sweep(store, at=at)
    except StoreAway as away:
        raise click.ClickException(FILES_LEFT.format(away.detail)) from away
    except StrangeStore as strange:
        raise click.ClickException(f"{strange}. Check ZONE_LETTERS_URL and ZONE_DATABASE_URL.") from strange
    click.echo(f"{ended} letters destroyed, {swept} files without a letter deleted.")


@click.command("erase")
@click.argument("reference")
@click.option("--yes", is_flag=True, help="Do not ask.")
@with_appcontext
def erase_command(reference: str, *, yes: bool) -> None:
    """Forget the client called REFERENCE for good: letters, passwords, numbers, account, policies.

    The trail of events stays, by a number that names nobody any more. Doing it again does no harm.
    """
    if not yes:
        click.confirm(f"Erase client {reference} for good? Nothing can bring anything back", abort=True)
    here = parts()
    try:
        with using(here.database):
            erased = erase(here.intake.store, here.vault, OPERATOR, reference)
    except StoreAway as away:
        click.echo(f"Client {reference} is erased. {FILES_LEFT.format(away.detail)}")
        return
    except Refusal as refusal:
        raise click.ClickException(refusal.in_words(language("en", here.config.timezone))) from refusal
    if erased is None:
        click.echo(f"Client {reference} was erased before.")
        return
    click.echo(
        f"Client {reference} is erased: {erased.letters} letters, {erased.messages} messages, {erased.secrets} secrets."
    )
