"""`flask --app wsgi mandates import`: which broker acts for whom, from a file of the insurer's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click
from flask.cli import AppGroup

from zone import csv_table
from zone.accounts.accounts import NoSuchBroker, broker_called
from zone.audit import OPERATOR
from zone.clients import mandates as every_mandate
from zone.clients import policies
from zone.clients.mandates import EndsBeforeItStarts, UnknownPolicy
from zone.clients.models import Policy
from zone.commands.here import parts
from zone.csv_table import NotATable, Row
from zone.storage import using

mandates = AppGroup("mandates", help="Which broker acts for a client, on which policy, from when until when.")
NOT_A_MOMENT = "write a moment with its zone, as 2026-01-01T00:00:00Z"


@dataclass(frozen=True)
class Given:
    """A mandate as one row tells of it."""

    reference: str
    broker_id: int
    policy: Policy
    starts: datetime
    ends: datetime | None


@mandates.command("import")
@click.argument("path", metavar="FILE.csv", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_command(path: Path) -> None:
    """Make and change mandates from a CSV file, one a row, by the insurer's reference.

    The columns: reference, policy, broker (the e-mail that the broker signs in with), starts; and if wanted ends, from
    which moment on it gives no right. Every bad row is listed, and one keeps the whole file out. The same file again
    changes nothing.
    """
    with using(parts().database):
        given = _read(path)
        created = sum(_put(each) for each in given)
    click.echo(f"{created} mandates created, {len(given) - created} changed or as before.")


def _put(given: Given) -> bool:
    return every_mandate.put(
        OPERATOR,
        given.reference,
        broker_id=given.broker_id,
        policy=given.policy,
        starts=given.starts,
        ends=given.ends,
    )


def _read(path: Path) -> list[Given]:
    given, bad = [], 0
    try:
        with path.open("rb") as file:
            for row in csv_table.read(
                file, required=("reference", "policy", "broker", "starts"), optional=("ends",)
            ):
                try:
                    given.append(_given(row))
                except ValueError as problem:
                    bad += 1
                    click.echo(f"line {row.line}: {problem}", err=True)
    except NotATable as error:
        raise click.ClickException(str(error)) from error
    if bad:
        raise click.ClickException(f"{bad} rows are bad. Nothing was imported. Mend them.")
    return given


def _given(row: Row) -> Given:
    """Raises `ValueError` with what is wrong with the row."""
    if row.problem:
        raise ValueError(row.problem)
    cells = {name: " ".join(text.split()) for name, text in row.values.items()}
    if not 0 < len(cells["reference"]) <= 64:
        raise ValueError("reference: write 1 to 64 characters")
    starts = _moment("starts", cells["starts"])
    ends = _moment("ends", cells["ends"]) if cells.get("ends") else None
    if ends is not None and ends < starts:
        raise ValueError(f"ends: {EndsBeforeItStarts.message}")
    try:
        return Given(
            cells["reference"], broker_called(cells["broker"]), policies.find(cells["policy"]), starts, ends
        )
    except UnknownPolicy as error:
        raise ValueError(f"policy: {error.message}") from error
    except NoSuchBroker as error:
        raise ValueError(f"broker: {error.message}") from error


def _moment(column: str, text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"{column}: {NOT_A_MOMENT}") from error
    if moment.tzinfo is None:
        raise ValueError(f"{column}: {NOT_A_MOMENT}")
    return moment.astimezone(UTC)
