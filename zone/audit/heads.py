"""Signed heads: where every shard of the trail ended at one moment, under the installation's Ed25519 signature.

Whoever keeps one outside can tell afterwards whether anything up to there was changed, taken out or cut off, even by
who holds database and keyring. A head's file is JSON: `head`, what was said; `signature` in base64 over the same as
JSON with its names sorted, without white space and in ASCII.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from peewee import ModelSelect

from zone.audit.chain import SHARDS, End, last_of
from zone.audit.models import SignedHead
from zone.clock import now
from zone.storage import transaction
from zone.vault import Vault
from zone.vault.signing import is_signed

FORMAT = "zone-trail-head-1"
MOST = 2**63 - 1  # that the database holds
# Also while nothing happens, so that a head that stays away is noticed.
AT_LEAST_EVERY = timedelta(days=1)


class NotAHead(ValueError):
    """A file is no signed head; the message says what is wrong with it."""


@dataclass(frozen=True)
class Head:
    """What a head says, and its text as it is kept. Heads are numbered from 1 without a gap."""

    number: int
    at: datetime
    installation: str
    ends: tuple[End, ...]
    signed: bytes
    signature: bytes
    text: str

    @property
    def events(self) -> int:
        """How many events it stands for."""
        return sum(end.number for end in self.ends)

    def is_signed_by(self, public_keys: Iterable[bytes]) -> bool:
        """Whether one of `public_keys` made its signature."""
        return any(is_signed(key, self.signature, self.signed) for key in public_keys)


def make(vault: Vault, installation: str) -> Head:
    """A new head of the trail as it is, signed and kept. Raises `NoSigningKey`."""
    last = _last(vault)
    number = last.number if last else 0
    while True:
        number += 1
        with transaction():
            head = parse(_sign(vault, number, installation))
            new = SignedHead.insert(number=head.number, at=head.at, text=head.text)
            taken = new.on_conflict(action="NOTHING", conflict_target=(SignedHead.number,))
            if list(taken.returning(SignedHead.number).execute()):
                return head


def make_if_due(vault: Vault, installation: str, every: timedelta) -> Head | None:
    """A new head, if the last is as old as `every`, and events came since or it is a day old."""
    last = _last(vault)
    if last is not None:
        age = now() - last.at
        if age < every or (age < AT_LEAST_EVERY and list(last.ends) == _ends()):
            return None
    return make(vault, installation)


def _last(vault: Vault) -> Head | None:
    """The newest head that is kept here and that this installation signed.

    Whatever else lies among them was put there or bent, and keeps off no other; `verify` names it.
    """
    keys, rows = vault.public_keys().values(), kept().order_by(SignedHead.number.desc())
    row = rows.first()
    while row is not None:
        with suppress(NotAHead):
            head = parse(row.text)
            if head.number == row.number and head.is_signed_by(keys):
                return head
        row = rows.where(SignedHead.number < row.number).first()
    return None


def find(number: int) -> Head | None:
    """The head of that number, if it is kept here."""
    row = kept().where(SignedHead.number == number).first()
    return None if row is None else parse(row.text)


def kept() -> ModelSelect[SignedHead]:
    """The heads that are kept here, without the moments beside them, which may be bent: the text says when."""
    return SignedHead.select(SignedHead.number, SignedHead.text)


def parse(text: str) -> Head:
    """The head in a file's text, whoever signed it. Raises `NotAHead`."""
    try:
        content = json.loads(text)
        said = content["head"]
        if said["format"] != FORMAT:
            raise NotAHead(f"it is of the format {said['format']!r}, and not {FORMAT!r}")
        ends = tuple(End(_number(number), bytes.fromhex(digest)) for number, digest in said["shards"])
        return Head(
            number=_number(said["number"]),
            at=datetime.fromisoformat(said["at"]),
            installation=str(said["installation"]),
            ends=ends,
            signed=_canonical(said),
            signature=base64.b64decode(content["signature"], validate=True),
            text=text,
        )
    except NotAHead:
        raise
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise NotAHead("it is no signed head of a trail, or damaged") from error


def _number(said: object) -> int:
    """A number as the database counts; raises `ValueError`."""
    if not isinstance(said, int) or not 0 <= said <= MOST:
        raise ValueError("no number of a head or an event")
    return said


def _sign(vault: Vault, number: int, installation: str) -> str:
    ends = _ends()
    said = {
        "format": FORMAT,
        "number": number,
        "at": now().astimezone(UTC).isoformat(),
        "installation": installation,
        "events": sum(end.number for end in ends),
        "shards": [[end.number, end.hash.hex()] for end in ends],
        "key": vault.signing_key_id(),
    }
    signature = base64.b64encode(vault.sign(_canonical(said))).decode()
    content = {"head": said, "signature": signature}
    return json.dumps(content, indent=1, sort_keys=True)


def _ends() -> list[End]:
    found = last_of(range(SHARDS))
    return [found.get(shard, End()) for shard in range(SHARDS)]


def _canonical(said: Mapping[str, Any]) -> bytes:
    return json.dumps(said, sort_keys=True, separators=(",", ":")).encode("ascii")
