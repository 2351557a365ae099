"""Numbered migrations: `migrations/NNNN_name.py` with `up` and `down`, applied in order, recorded in the database."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from peewee import Database, Model
from playhouse.migrations import Runner
from playhouse.schema_diff import diff_models

DIRECTORY = Path(__file__).with_name("migrations")


def upgrade(database: Database) -> list[str]:
    """Apply what is pending, in order. Returns the names applied."""
    applied: list[str] = Runner(database, str(DIRECTORY)).up()
    return applied


def downgrade(database: Database, target: str | None = None) -> list[str]:
    """Take the newest migration back, or all down to and including `target`. Returns their names."""
    reverted: list[str] = Runner(database, str(DIRECTORY)).down(target)
    return reverted


def pending(database: Database) -> list[str]:
    """Names of the migrations that this database still lacks."""
    return [step.name for step in Runner(database, str(DIRECTORY)).status() if not step.applied]


def differences(database: Database, models: Sequence[type[Model]]) -> str:
    """How the database's tables, columns and indexes differ from `models`; empty when they agree."""
    return str(diff_models(database, list(models)))
