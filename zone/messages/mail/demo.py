"""A mail server for the demo: its mailboxes are files."""

from __future__ import annotations

from collections.abc import Iterable
from email.message import EmailMessage
from pathlib import Path

from zone.messages.demo import Carrier, Fate
from zone.messages.handover import Receipt
from zone.messages.mail import mailbox

# By what stands before the @, so that every status can be seen; all others are taken.
FATES = {
    "refused": Fate(refused=True),
    "later": Fate(turned_away=2),
    "unclear": Fate(answer_lost=True),
}
TAKEN = Fate()


class DemoMail:
    """Writes each e-mail into the demo's `folder`; the settings of a real zone refuse it."""

    name = "demo"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._carrier = Carrier()

    def send(self, *, reference: str, message: EmailMessage) -> None:
        """As `MailGateway.send` says."""
        fate = FATES.get(str(message["To"]).partition("@")[0], TAKEN)
        with self._carrier.takes(reference, fate):
            mailbox.keep(self._folder, reference, message)

    def close(self) -> None:
        """There is nothing to let go of."""

    def receipts(self) -> Iterable[Receipt]:
        """None, as with any mail server."""
        return ()
