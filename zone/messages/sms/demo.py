"""An SMS carrier for the demo: its phones are files, and it plays delivery."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import cached_property
from pathlib import Path

from zone.clock import now
from zone.messages.demo import Carrier, Fate
from zone.messages.handover import Reason, Receipt, Status
from zone.messages.sms import phone
from zone.messages.sms.phone import DemoText
from zone.secret import Secret

DELIVERY_TAKES = timedelta(seconds=2)
# By the last digits of the number, so that every status can be seen; all others are delivered.
FATES = {
    "0001": Fate(refused=True),
    "0002": Fate(receipt=Status.FAILED, reason=Reason.EXPIRED),  # the phone stays off
    "0003": Fate(turned_away=2, receipt=Status.DELIVERED),
    "0004": Fate(answer_lost=True, receipt=Status.DELIVERED),
    "0005": Fate(),  # sent, and no receipt ever
}
DELIVERED = Fate(receipt=Status.DELIVERED)


class DemoSms:
    """Writes each SMS in clear into the demo's `folder`; the settings of a real zone refuse it.

    Receipts outlive the process: one that fell due while none ran is reported by the next.
    """

    name = "demo"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._carrier = Carrier()

    def send(self, *, reference: str, to: str, text: Secret) -> None:
        """As `SmsGateway.send` says."""
        fate = FATES.get(to[-4:], DELIVERED)
        at = now()
        sms = DemoText(
            reference=reference,
            to=to,
            text=text.reveal(),
            at=at,
            due=at + DELIVERY_TAKES,
            outcome=fate.receipt,
            reason=fate.reason,
            reported=fate.receipt is None,
        )
        with self._carrier.takes(reference, fate):
            phone.keep(self._folder, sms)
            self._unreported[reference] = sms

    def close(self) -> None:
        """There is nothing to let go of."""

    def receipts(self) -> Iterator[Receipt]:
        """What fell due. Each counts as reported when the next is asked for, so that none is lost."""
        for sms in [sms for sms in self._unreported.values() if sms.status != Status.SENT]:
            yield Receipt(sms.reference, sms.status, sms.reason)
            phone.keep(self._folder, replace(sms, reported=True))
            del self._unreported[sms.reference]

    @cached_property
    def _unreported(self) -> dict[str, DemoText]:
        return {sms.reference: sms for sms in phone.messages(self._folder) if not sms.reported}
