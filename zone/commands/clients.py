"""`flask --app wsgi clients …`: the people of the zone."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import click
from flask.cli import AppGroup

from zone.audit import OPERATOR
from zone.clients import csv_file, holds, people, policies
from zone.clients.csv_file import Row
from zone.clients.people import ClientDetails, UnknownClient
from zone.clients.policies import PolicyOfAnother
from zone.clock import now
from zone.commands.here import parts
from zone.csv_table import NotATable
from zone.letter_passwords.enrol import CHUNK, first_for, put_in_force, settled
from zone.letter_passwords.versions import NewVersion, Superseded
from zone.storage import transaction, using
from zone.vault import Vault

clients = AppGroup("clients", help="The people of the zone.")


@clients.command("import")
@click.argument("path", metavar="FILE.csv", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--skip-bad", is_flag=True, help="Take the good rows and leave the bad ones.")
@click.option("--dry-run", is_flag=True, help="Look at every row and change nothing.")
def import_command(path: Path, *, skip_bad: bool, dry_run: bool) -> None:
    """Make and change clients from a CSV file, one a row, by reference.

    The first line names the columns: reference, kind (person or company), name, email, phone, birth_number;
    and if wanted phone_confirmed (the day, as 2026-05-31), language (sk or en), policy_number, product. A row
    tells all there is to say of its client: an empty phone or birth number means that there is none.

    Every bad row is listed. Without --skip-bad one bad row keeps the whole file out.
    """
    here = parts()
    with using(here.database):
        rows = list(_check_policies(_read(path, here.config.phone_countries)))
        good = {row.line: row.details for row in rows if row.details is not None}
        bad = _report([row for row in rows if row.problems])
        if bad and not skip_bad:
            raise click.ClickException(
                f"{bad} of {len(rows)} rows are bad. Nothing was imported. Mend them, or use --skip-bad."
            )
        if dry_run:
            click.echo(f"{len(good)} rows are good, {bad} bad. Nothing was imported.")
            return
        tell = here.config.tell_imported_phone_changes
        done = _write(here.vault, good, _prepare(here.vault, good), tell=tell)
    click.echo(
        f"{done['created']} clients created, {done['changed']} changed, {done['same']} as before; "
        f"{bad} bad rows skipped."
    )


@clients.command("lift-hold")
@click.argument("reference")
def lift_hold_command(reference: str) -> None:
    """Let letter passwords go by SMS again, once you have talked to the client who said "this was not me"."""
    with using(parts().database):
        try:
            stood = holds.lift(OPERATOR, people.find(reference).id)
        except UnknownClient as error:
            raise click.ClickException(error.message) from error
    click.echo("Lifted: passwords go by SMS again." if stood else "No hold stood.")


def _read(path: Path, countries: frozenset[str]) -> list[Row]:
    rows = []
    size = path.stat().st_size
    with path.open("rb") as file, click.progressbar(length=size, label="Reading", file=sys.stderr) as bar:
        try:
            for row in csv_file.read(file, countries):
                rows.append(row)
                bar.update(file.tell() - bar.pos)
        except NotATable as error:
            raise click.ClickException(str(error)) from error
    return rows


def _check_policies(rows: list[Row]) -> Iterator[Row]:
    """The rows; bad where they name a policy that is another client's already."""
    for start in range(0, len(rows), CHUNK):
        chunk = rows[start : start + CHUNK]
        numbers = [row.details.policy_number for row in chunk if row.details and row.details.policy_number]
        owners = policies.owners(numbers)
        for row in chunk:
            owner = owners.get(row.details.policy_number or "") if row.details else None
            if row.details and owner not in (None, row.details.reference):
                yield Row(row.line, problems=(f"policy_number: {PolicyOfAnother.message}",))
            else:
                yield row


def _report(bad: list[Row]) -> int:
    for row in bad:
        for problem in row.problems:
            click.echo(f"line {row.line}: {problem}", err=True)
    return len(bad)


def _prepare(vault: Vault, good: dict[int, ClientDetails]) -> dict[int, NewVersion]:
    """The first password for each row whose client may need one; outside a transaction, as some are slow."""
    done = settled([details.reference for details in good.values()])
    needed = [(line, details) for line, details in good.items() if details.reference not in done]
    with click.progressbar(needed, label="Preparing passwords", file=sys.stderr) as bar:
        return {line: first_for(vault, details) for line, details in bar}


def _write(
    vault: Vault, good: dict[int, ClientDetails], prepared: dict[int, NewVersion], *, tell: bool
) -> Counter[str]:
    """Everything in one transaction. Returns how many were created, changed, the same."""
    done: Counter[str] = Counter()
    at = now()
    with click.progressbar(good.items(), label="Writing", file=sys.stderr) as bar, transaction():
        people.hold_known(details.reference for details in good.values())
        for line, details in bar:
            try:
                upserted = put_in_force(vault, OPERATOR, details, prepared.get(line), at=at, tell=tell)
            except PolicyOfAnother as error:
                raise click.ClickException(f"line {line}: {error.message} Nothing was imported.") from error
            except Superseded as error:
                raise click.ClickException(
                    f"line {line}: the client's letter password has just changed. Nothing was imported; try again."
                ) from error
            done["created" if upserted.created else "changed" if upserted.changed else "same"] += 1
    return done
