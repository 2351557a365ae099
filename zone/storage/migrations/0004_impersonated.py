"""Events say under which impersonation an act was done."""

from __future__ import annotations

from peewee import BigIntegerField


def up(migrator, db):
    migrator.migrate(migrator.add_column("event", "impersonation_id", BigIntegerField(null=True)))


def down(migrator, db):
    migrator.migrate(migrator.drop_column("event", "impersonation_id"))
