"""`flask --app wsgi audit …`: whether the trail is whole, its signed heads, and reading it."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

import click
from flask.cli import AppGroup

from zone import private_file
from zone.audit import OPERATOR, heads, record
from zone.audit.heads import Head, NotAHead
from zone.audit.reading import chosen, facts_of, in_order, seen
from zone.audit.tags import Tag
from zone.audit.verifying import verify
from zone.clients.people import UnknownClient, find
from zone.commands.audit_words import exported, in_words, shown
from zone.commands.here import parts
from zone.messages.mail import trail_head
from zone.storage import transaction, using
from zone.vault import NoSigningKey
from zone.vault.signing import from_pem, to_pem

audit = AppGroup("audit", help="The trail of events.")

READS = click.Path(path_type=Path, dir_okay=False, exists=True)
WRITES = click.Path(path_type=Path, dir_okay=False)
of_client = click.option("--client", "reference", metavar="REFERENCE", help="Only events of this client.")
of_number = click.option(
    "--client-number",
    "number",
    type=click.IntRange(1, 2**63 - 1),
    help="The same by number: who was erased has no other.",
)
since = click.option("--since", type=click.DateTime(), help="Only from this moment on, in UTC.")
tagged = click.option("--tag", type=click.Choice([str(tag) for tag in Tag]), help="Only what happened so.")


@audit.command("verify")
@click.option(
    "--head", "files", type=READS, multiple=True, help="A head that was kept outside; give all there are."
)
@click.option(
    "--public-key",
    "keys",
    type=READS,
    multiple=True,
    help="Trust only what this key signed, not the keyring's.",
)
def verify_command(files: tuple[Path, ...], keys: tuple[Path, ...]) -> None:
    """Look at every event, every link and every head. Exit 1 naming the first bad event, if there is one."""
    here = parts()
    brought = [_head(file) for file in files]
    trusted = [_public_key(file) for file in keys] or None
    with using(here.database):
        report = verify(here.vault, brought, public_keys=trusted)
    for line in in_words(report, brought=len(brought), own_key=trusted is not None):
        click.echo(line)
    if not report.whole:
        sys.exit(1)


@audit.command("head")
@click.option("--to", "file", type=WRITES, help="Write it to this new file, instead of showing it.")
@click.option("--mail", is_flag=True, help="Have it sent to ZONE_AUDITOR_EMAIL too.")
def head_command(file: Path | None, *, mail: bool) -> None:
    """Sign where the trail ends now. Keep it outside: it tells whatever is changed or cut off before it."""
    here = parts()
    if mail and here.config.auditor_email is None:
        raise click.ClickException("set ZONE_AUDITOR_EMAIL to the auditor's address")
    try:
        with using(here.database), transaction():
            head = heads.make(here.vault, here.config.public_url)
            if mail:
                trail_head.post(here.config, head)
    except NoSigningKey as error:
        raise click.ClickException(str(error)) from error
    if file is None:
        click.echo(head.text)
        return
    _write_new(file, head.text)
    click.echo(f"head {head.number} of {head.events} events is written to {file}")


@audit.command("public-key")
def public_key_command() -> None:
    """Print the public key that heads are signed with, for the auditor; with earlier ones, the one in use last."""
    keys = parts().vault.public_keys()
    if not keys:
        raise click.ClickException(
            "the keyring has no signing key; see: flask --app zone.commands.keys keys --help"
        )
    for key in keys.values():
        click.echo(to_pem(key), nl=False)


@audit.command("show")
@of_client
@of_number
@since
@tagged
@click.option("--most", type=click.IntRange(1, 1000), default=50, show_default=True, help="How many.")
def show_command(
    reference: str | None, number: int | None, since: datetime | None, tag: str | None, most: int
) -> None:
    """The newest events, personal facts opened. Leaves an event itself."""
    here = parts()
    with using(here.database):
        client_id = _client(reference, number)
        record(Tag.TRAIL_READ, OPERATOR, client_id=client_id, what="show")
        events = chosen(client_id, tags=_tags(tag), since=_utc(since)).limit(most)
        for event in seen(here.vault, list(events)):
            click.echo(shown(event))


@audit.command("export")
@of_client
@of_number
@since
@tagged
@click.option("--opened", is_flag=True, help="Personal facts in clear too.")
@click.option("--to", "file", type=WRITES, help="Write to this new file, readable by its owner alone.")
def export_command(
    reference: str | None,
    number: int | None,
    since: datetime | None,
    tag: str | None,
    file: Path | None,
    *,
    opened: bool,
) -> None:
    """Events as JSON, one a line, oldest first, with all that their hashes are made of. Leaves an event itself."""
    here = parts()
    with using(here.database), _output(file) as out:
        client_id = _client(reference, number)
        record(Tag.TRAIL_READ, OPERATOR, client_id=client_id, what="export")
        for events in in_order(chosen(client_id, tags=_tags(tag), since=_utc(since))):
            facts = facts_of(here.vault, events) if opened else [None] * len(events)
            out.writelines(
                exported(event, open_facts) for event, open_facts in zip(events, facts, strict=True)
            )


def _client(reference: str | None, number: int | None) -> int | None:
    if reference is None:
        return number
    try:
        return int(find(reference).id)
    except UnknownClient as error:
        raise click.ClickException(
            f"there is no client {reference}; who was erased is found by --client-number"
        ) from error


def _tags(tag: str | None) -> tuple[Tag, ...] | None:
    return None if tag is None else (Tag(tag),)


def _utc(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.replace(tzinfo=UTC)


def _head(file: Path) -> Head:
    try:
        return heads.parse(file.read_text(encoding="utf-8"))
    except (NotAHead, UnicodeDecodeError) as error:
        raise click.ClickException(f"{file}: {error}") from error


def _public_key(file: Path) -> bytes:
    try:
        return from_pem(file.read_text(encoding="ascii"))
    except ValueError as error:
        raise click.ClickException(f"{file} is no public key as `audit public-key` prints it") from error


def _write_new(file: Path, text: str) -> None:
    try:
        private_file.create(file, text.encode())
    except OSError as error:
        why = "it exists already" if file.exists() else error.strerror
        raise click.ClickException(f"{file} cannot be written: {why}") from error


def _output(file: Path | None) -> AbstractContextManager[TextIO]:
    if file is None:
        return nullcontext(sys.stdout)
    _write_new(file, "")
    return file.open("w", encoding="utf-8")
