"""What the worker looks after besides sending: small acts that the rooms above bring, each at its own pace."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from peewee import Database

from zone.messages.lane import log_fault
from zone.storage import DATABASE_LOST, using

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Chore:
    """Something to do every so many seconds, first `at_once` or after that time.

    Several workers may do it at the same moment, and each may be killed in it. When it fails that is logged, and it is
    done again at its next time.
    """

    name: str
    every: float
    act: Callable[[], object]
    at_once: bool = True

    def run(self, database: Database, stop: threading.Event) -> None:
        """Work until `stop` is set, which is noticed at once or after the act in hand."""
        if not self.at_once:
            stop.wait(self.every)
        while not stop.is_set():
            self._do(database)
            stop.wait(self.every)

    def _do(self, database: Database) -> None:
        try:
            with using(database):
                self.act()
        except DATABASE_LOST as error:
            log.warning("%s: trying again: %s", self.name, error.args[-1])
        except Exception as error:  # noqa: BLE001  # chores belong to other rooms; the worker outlives their faults
            log_fault("chore", self.name, error)
