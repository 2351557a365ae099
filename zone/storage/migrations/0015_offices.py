"""Brokers and support agents may have an office, by which clients read of them where names are not shown."""

from __future__ import annotations


def up(migrator, db):
    db.execute_sql('ALTER TABLE "account" ADD COLUMN "office" VARCHAR(100)')


def down(migrator, db):
    db.execute_sql('ALTER TABLE "account" DROP COLUMN "office"')
