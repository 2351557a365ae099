"""What goes with a database."""

from __future__ import annotations

from pathlib import Path

import pytest

from zone.storage import accompany, close_database, companion, open_database, using


class Keys:
    """What goes with it."""


class BetterKeys(Keys):
    """What may take its place."""


@pytest.mark.parametrize(("first", "later"), [(Keys, BetterKeys), (BetterKeys, Keys), (Keys, Keys)])
def test_the_last_that_was_given_is_found(tmp_path: Path, first: type[Keys], later: type[Keys]) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'zone.db'}")
    last = later()
    with using(database):
        accompany(database, first())
        accompany(database, last)
        assert companion(Keys) is last
    close_database(database)


def test_each_database_has_its_own_or_none(tmp_path: Path) -> None:
    one, other = (open_database(f"sqlite:///{tmp_path / name}") for name in ("one.db", "other.db"))
    accompany(one, Keys())
    with using(one), pytest.raises(RuntimeError, match="without its BetterKeys"):
        companion(BetterKeys)
    with using(other), pytest.raises(RuntimeError, match="without its Keys"):
        companion(Keys)
    for database in (one, other):
        close_database(database)
