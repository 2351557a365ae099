"""Sessions know on what kind of device they were begun; those that are open do not, and end within a day."""

from __future__ import annotations


def up(migrator, db):
    db.execute_sql('ALTER TABLE "session" ADD COLUMN "device" VARCHAR(32)')


def down(migrator, db):
    db.execute_sql('ALTER TABLE "session" DROP COLUMN "device"')
