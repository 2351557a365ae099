"""The demo's phones: every SMS that came, one file each, in clear, as on a phone. No real zone has them."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

from zone.clock import now
from zone.messages import demo
from zone.messages.handover import Reason, Status


@dataclass(frozen=True)
class DemoText:
    """One SMS. At `due` it comes to its `outcome`; without one it stays sent."""

    reference: str
    to: str
    text: str = field(repr=False)
    at: datetime
    due: datetime
    outcome: Status | None
    reason: Reason | None
    reported: bool

    @property
    def status(self) -> Status:
        """What has become of it by now."""
        return self.outcome if self.outcome and self.due <= now() else Status.SENT


def messages(folder: Path) -> list[DemoText]:
    """Every SMS in the demo's `folder`, newest first."""
    texts = [_read(path) for path in (folder / "phone").glob("[!.]*.json")]
    return sorted(texts, key=lambda text: text.at, reverse=True)


def keep(folder: Path, sms: DemoText) -> None:
    """Write one SMS into the demo's `folder`, or over its older self."""
    content = json.dumps(asdict(sms), default=datetime.isoformat, ensure_ascii=False)
    demo.keep(folder / "phone" / f"{sms.reference}.json", content.encode())


def _read(path: Path) -> DemoText:
    found = json.loads(path.read_bytes())
    return DemoText(
        reference=found["reference"],
        to=found["to"],
        text=found["text"],
        at=datetime.fromisoformat(found["at"]),
        due=datetime.fromisoformat(found["due"]),
        outcome=found["outcome"] and Status(found["outcome"]),
        reason=found["reason"] and Reason(found["reason"]),
        reported=found["reported"],
    )
