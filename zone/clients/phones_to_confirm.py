"""The worklist of numbers on file that were never confirmed, or too long ago (rule 7 of DESIGN.md)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from peewee import ModelSelect, Tuple

from zone.clients import people, phones
from zone.clients.models import Client, Phone
from zone.clock import now
from zone.config import Limits
from zone.storage import marks
from zone.storage.capped import Capped, capped_count
from zone.storage.marks import Mark

PAGE = 25
NEVER = 0


@dataclass(frozen=True)
class ToConfirm:
    """A client, their number as it may be shown, and when it was last confirmed, if ever."""

    client: Client
    phone_masked: str
    confirmed_at: datetime | None


@dataclass(frozen=True)
class Page:
    """Some of them. `next` is where the next page begins; none when this is the last."""

    rows: list[ToConfirm]
    next: Mark | None


def page(*, after: Mark | None = None, limits: Limits) -> Page:
    """Those that were never confirmed, then the longest ago first; in three queries at most."""
    found: list[Phone] = []
    if after is None or after.place == NEVER:
        never = _never().where(Phone.id > after.row) if after else _never()
        found = list(never.order_by(Phone.confirmed_at, Phone.id).limit(PAGE + 1))
    if len(found) <= PAGE:
        long_ago = _long_ago(limits).order_by(Phone.confirmed_at, Phone.id)
        if after is not None and after.place != NEVER:
            moment = Phone.confirmed_at.db_value(after.moment)
            long_ago = long_ago.where(Tuple(Phone.confirmed_at, Phone.id) > Tuple(moment, after.row))
        found += list(long_ago.limit(PAGE + 1 - len(found)))
    shown = found[:PAGE]
    clients = people.by_ids([phone.client_id for phone in shown])
    rows = [_row(phone, clients[phone.client_id]) for phone in shown if phone.client_id in clients]
    return Page(rows, _mark(shown[-1]) if len(found) > PAGE else None)


def count(*, limits: Limits) -> Capped:
    """How many there are."""
    return capped_count(_never(), _long_ago(limits))


def _never() -> ModelSelect[Phone]:
    return _on_file().where(Phone.confirmed_at.is_null())


def _long_ago(limits: Limits) -> ModelSelect[Phone]:
    """As `phone_rules.check_confirmed` has it."""
    return _on_file().where(Phone.confirmed_at < now() - limits.phone_confirmation_valid)


def _on_file() -> ModelSelect[Phone]:
    return Phone.select().where(Phone.replaced_at.is_null())


def _row(phone: Phone, client: Client) -> ToConfirm:
    return ToConfirm(client, phones.mask(phone.number), phone.confirmed_at)


def _mark(phone: Phone) -> Mark:
    return marks.at(phone.confirmed_at, phone.id) if phone.confirmed_at else Mark(NEVER, phone.id)
