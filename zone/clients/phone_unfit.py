"""What all reasons have in common for which no password may go to a client's phone."""

from __future__ import annotations

from zone.language import Refusal


class PhoneUnfit(Refusal):
    """No password may go to the client's phone. The message says why and what to do."""
