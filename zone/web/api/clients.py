"""Clients and their policies, as the insurer's own system tells of them."""

from __future__ import annotations

from flask import Response

from zone.accounts.api_keys import Scope
from zone.clients import people, phones, policies
from zone.clients.models import Client, ClientKind, Policy
from zone.clients.people import UnknownClient
from zone.clients.rows import BadRow, validate
from zone.language.language import LOCALES
from zone.letter_passwords.enrol import enrol
from zone.letter_passwords.versions import current
from zone.web.access import program
from zone.web.api.answers import put
from zone.web.api.bearer import actor
from zone.web.api.blueprint import api
from zone.web.api.fields import DAY, IN_PATH, Field, from_json, read
from zone.web.api.problems import blaming, invalid
from zone.web.here import parts

REFERENCE = {
    "reference": Field(
        "The insurer's own reference of the client.", "K-1001", 64, required=True, like=IN_PATH
    )
}
NUMBER = {"number": Field("The number of the policy.", "PZ-2001", 32, required=True, like=IN_PATH)}
CLIENT = {
    "kind": Field("A company has no birth number.", "person", 16, required=True, among=tuple(ClientKind)),
    "name": Field("As letters are addressed.", "Jana Kováčová", 200, required=True),
    "email": Field("Where letters go.", "jana.kovacova@example.org", 254, required=True),
    "phone": Field("The mobile number that passwords go to; without it there is none.", "0905 100 101", 32),
    "phone_confirmed": Field(
        "The day when the client last confirmed the number.", "2026-05-31", 10, like=DAY
    ),
    "birth_number": Field(
        "Rodné číslo; the default password comes from it. Kept sealed and never given out.",
        "865514/2375",
        16,
        secret=True,
    ),
    "language": Field("Without it the present one stays.", "sk", 2, among=tuple(LOCALES)),
    "policy_number": Field("One of the client's policies; others stay.", "PZ-2001", 32),
    "product": Field("What that policy insures.", "Poistenie domácnosti", 120),
}
POLICY = {
    "client": Field("The reference of the client whose policy it is.", "K-1001", 64, required=True),
    "product": Field("What the policy insures.", "Poistenie domácnosti", 120, required=True),
}


@api.get("/clients/<path:reference>")
@program(Scope.CLIENTS_READ)
def client(reference: str) -> dict[str, object]:
    """What the zone knows of a client; neither birth number nor phone in clear."""
    return _client(people.find(read(REFERENCE, {"reference": reference})["reference"]))


@api.put("/clients/<path:reference>")
@program(Scope.CLIENTS_WRITE)
def put_client(reference: str) -> Response:
    """Make or replace a client, who has a letter password from then on."""
    row = read(REFERENCE, {"reference": reference}) | from_json(CLIENT)
    try:
        details = validate(row, parts().config.phone_countries)
    except BadRow as error:
        raise invalid(error.problems) from error
    done = enrol(parts().vault, actor(), details, tell=parts().config.tell_imported_phone_changes)
    return put(_client(done.client), created=done.created)


@api.get("/policies/<path:number>")
@program(Scope.CLIENTS_READ)
def policy(number: str) -> dict[str, object]:
    """Whose policy it is."""
    return _policy(policies.find(read(NUMBER, {"number": number})["number"]))


@api.put("/policies/<path:number>")
@program(Scope.CLIENTS_WRITE)
def put_policy(number: str) -> Response:
    """Make a policy, or replace what is said of it; it stays the client's whose it is."""
    texts = read(NUMBER, {"number": number}) | from_json(POLICY)
    with blaming(client=UnknownClient):
        owner = people.find(texts["client"])
    created = policies.put(actor(), owner, texts["number"], texts["product"])
    return put(_policy(policies.find(texts["number"])), created=created)


def _client(found: Client) -> dict[str, object]:
    phone = phones.current(found.id)
    return {
        "reference": found.reference,
        "kind": found.kind,
        "name": found.name,
        "email": found.email,
        "language": found.language,
        "phone": phones.mask(phone.number) if phone else None,
        "password_origin": current(found.id).origin,
    }


def _policy(found: Policy) -> dict[str, object]:
    return {"number": found.number, "client": found.client.reference, "product": found.product}
