"""Mandates: which broker acts for a client, on which policy, and from when until when."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Response

from zone.accounts.accounts import NoSuchBroker, broker_called, email_of
from zone.accounts.api_keys import Scope
from zone.clients import mandates, policies
from zone.clients.mandates import EndsBeforeItStarts, UnknownPolicy
from zone.clients.models import Mandate
from zone.web.access import program
from zone.web.api.answers import moment, put
from zone.web.api.bearer import actor
from zone.web.api.blueprint import api
from zone.web.api.fields import IN_PATH, MOMENT, Field, from_json, read
from zone.web.api.problems import blaming, invalid

REFERENCE = {
    "reference": Field("The insurer's own reference of the mandate.", "M-1", 64, required=True, like=IN_PATH)
}
MANDATE = {
    "policy": Field("The number of the policy.", "PZ-2001", 32, required=True),
    "broker": Field(
        "The e-mail that the broker signs in with.", "milan.broker@example.org", 254, required=True
    ),
    "starts": Field(
        "From when on the broker may act.", "2026-01-01T00:00:00Z", 35, required=True, like=MOMENT
    ),
    "ends": Field(
        "From when on no more; a moment that is past ends it at once.",
        "2027-01-01T00:00:00Z",
        35,
        like=MOMENT,
    ),
}


@api.get("/mandates/<path:reference>")
@program(Scope.MANDATES_READ)
def mandate(reference: str) -> dict[str, object]:
    """A mandate, in force or not."""
    return _mandate(mandates.find(read(REFERENCE, {"reference": reference})["reference"]))


@api.put("/mandates/<path:reference>")
@program(Scope.MANDATES_WRITE)
def put_mandate(reference: str) -> Response:
    """Make or replace a mandate. Ending one takes effect at once."""
    texts = read(REFERENCE, {"reference": reference}) | from_json(MANDATE)
    starts, ends = _moments(texts)
    with blaming(policy=UnknownPolicy, broker=NoSuchBroker, ends=EndsBeforeItStarts):
        created = mandates.put(
            actor(),
            texts["reference"],
            broker_id=broker_called(texts["broker"]),
            policy=policies.find(texts["policy"]),
            starts=starts,
            ends=ends,
        )
    return put(_mandate(mandates.find(texts["reference"])), created=created)


def _moments(texts: dict[str, str]) -> tuple[datetime, datetime | None]:
    """When it starts and when it ends. Raises `Problem` for a day or an hour that there is not."""
    found, faults = {}, {}
    for name in ("starts", "ends"):
        try:
            found[name] = datetime.fromisoformat(texts[name]).astimezone(UTC) if name in texts else None
        except ValueError:
            faults[name] = "There is no such day or time. Check it."
    starts = found.get("starts")
    if faults or starts is None:
        raise invalid(faults)
    return starts, found["ends"]


def _mandate(found: Mandate) -> dict[str, object]:
    return {
        "reference": found.reference,
        "policy": found.policy.number,
        "client": found.policy.client.reference,
        "broker": email_of(found.broker_id),
        "starts": moment(found.starts_at),
        "ends": moment(found.ends_at),
    }
