"""One channel's way out of the outbox: take, render, begin, hand over, record; one message at a time."""

from __future__ import annotations

import logging
import threading
import traceback
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Protocol

from peewee import Database

from zone.clock import now
from zone.messages import claims, wake
from zone.messages.claims import Leases
from zone.messages.handover import NotTaken, Reason, Receipt, Refused, Status, Unclear
from zone.messages.models import Channel, Kind, Message
from zone.messages.receipts import settle
from zone.messages.render import CannotRender, Mail, Renderer, Sms
from zone.storage import DATABASE_LOST, using

log = logging.getLogger(__name__)

# Seconds between looks at receipts, at leases, and for messages whose nudge was lost.
LOOK_EVERY = 1.0
# Seconds without attempts after the carrier could not be reached once, twice …; the last one repeats.
PAUSES = (1.0, 2.0, 5.0, 15.0)


class Gateway(Protocol):
    """What both kinds of gateways have in common."""

    @property
    def name(self) -> str: ...

    def receipts(self) -> Iterable[Receipt]: ...


class Lane:
    """Sends the messages of one channel. What is wrong with one of them is logged and ends there."""

    def __init__(
        self,
        channel: Channel,
        gateway: Gateway,
        send: Callable[[str, Sms | Mail], None],
        renderers: Mapping[Kind, Renderer],
        *,
        worker: str,
        leases: Leases,
    ) -> None:
        self._channel = channel
        self._gateway = gateway
        self._send = send
        self._renderers = renderers
        self._worker = worker
        self._leases = leases
        self._unrecorded: Callable[[], bool] | None = None
        self._unreachable = 0
        self._paused_until = 0.0

    def run(self, database: Database, stop: threading.Event) -> None:
        """Work until `stop` is set, which is noticed within a second or after the message in hand."""
        while not stop.is_set():
            try:
                with using(database), wake.listening(self._channel) as bell:
                    self._work(bell, stop)
            except DATABASE_LOST as error:
                log.warning("%s lane: trying the database again: %s", self._channel, error.args[-1])
                stop.wait(LOOK_EVERY)

    def _work(self, bell: wake.Bell, stop: threading.Event) -> None:
        self._record()
        look_at = monotonic()
        while not stop.is_set():
            if monotonic() >= look_at:
                self._settle_receipts()
                claims.give_up_interrupted(self._channel)
                look_at = monotonic() + LOOK_EVERY
            if not self._send_next():
                bell.wait(max(0.0, look_at - monotonic()))

    def _send_next(self) -> bool:
        """Whether there was a message to deal with."""
        if monotonic() < self._paused_until:
            return False
        message = claims.take(self._channel, self._worker, self._leases.render)
        if message is None:
            return False
        carried = self._render(message)
        if carried and claims.begin(message, self._gateway.name, self._leases.handover):
            self._unrecorded = self._hand_over(message, carried)
            self._record()
        return True

    def _render(self, message: Message) -> Sms | Mail | None:
        """What the message carries; none if it has failed."""
        try:
            if message.expires_at <= now():
                raise CannotRender(Reason.EXPIRED)
            return self._renderers[Kind(message.kind)](message)
        except CannotRender as error:
            claims.finish(message, Status.FAILED, error.reason)
        except Refused as error:  # by our own composing, before any carrier
            claims.finish(message, Status.FAILED, error.reason, error.detail)
        except NotTaken as error:  # what it should carry cannot be reached just now
            claims.put_back(message, error.reason, error.detail)
        except DATABASE_LOST:
            raise
        except Exception as error:  # noqa: BLE001  # renderers belong to other rooms; the lane outlives their faults
            log_fault("rendering", message.reference, error)
            claims.finish(message, Status.FAILED, Reason.UNRENDERABLE)
        return None

    def _hand_over(self, message: Message, carried: Sms | Mail) -> Callable[[], bool]:
        """Hand it to the carrier. Returns what is to be recorded."""
        unreachable, self._unreachable = self._unreachable, 0
        try:
            self._send(message.reference, carried)
        except NotTaken as error:
            if error.reason == Reason.UNAVAILABLE:
                self._unreachable = unreachable + 1
                self._paused_until = monotonic() + PAUSES[min(self._unreachable, len(PAUSES)) - 1]
            return partial(claims.put_back, message, error.reason, error.detail)
        except Refused as error:
            return partial(claims.finish, message, Status.FAILED, error.reason, error.detail)
        except Unclear as error:
            return partial(claims.finish, message, Status.UNKNOWN, error.reason, error.detail)
        except Exception as error:  # noqa: BLE001  # a gateway talks to the world; the lane outlives its faults
            log_fault("handing over", message.reference, error)
            return partial(claims.finish, message, Status.UNKNOWN, Reason.INTERRUPTED)
        return partial(claims.finish, message, Status.SENT)

    def _record(self) -> None:
        """Kept until the database has it: it may have gone away during the hand-over."""
        if self._unrecorded is not None:
            self._unrecorded()
            self._unrecorded = None

    def _settle_receipts(self) -> None:
        try:
            for receipt in self._gateway.receipts():
                settle(receipt)
        except DATABASE_LOST:
            raise
        except Exception as error:  # noqa: BLE001  # a gateway talks to the world; the lane outlives its faults
            log_fault("receipts", self._gateway.name, error)


def log_fault(doing: str, what: str, error: Exception) -> None:
    """Type and place only: an exception's words and locals may hold a password or a number."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    log.error(
        "%s of %s: %s at %s:%s", doing, what, type(error).__name__, Path(frame.filename).name, frame.lineno
    )
