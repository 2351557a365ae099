"""A client's policy: what it is, what was asked for on it, and the way to a new request."""

from __future__ import annotations

from flask import render_template, request

from zone.audit import Role
from zone.clients.models import Policy
from zone.letter_passwords.overview import overview
from zone.requests.overview import Page, page
from zone.web.access import allow
from zone.web.broker.addresses import POLICY, under_mandate
from zone.web.broker.blueprint import broker
from zone.web.here import parts, row_number, wants_partial, words
from zone.web.request_words import listed


@broker.get(POLICY)
@allow(Role.BROKER)
def policy(policy_id: int) -> str:
    """The policy, or for HTMX the list of its requests."""
    before = request.args.get("before", type=row_number)
    found = under_mandate(policy_id)
    if wants_partial():
        return render_template("broker/_requests.html", **_requests(found, page(found.id, before=before)))
    seen = overview(found.client_id, limits=parts().config.limits)
    return render_template("broker/policy.html", seen=seen, **_requests(found, page(found.id, before=before)))


@broker.get(f"{POLICY}/edit")
@allow(Role.BROKER)
def edit_policy(policy_id: int) -> str:
    """What can be done with the policy."""
    return render_template("broker/edit_policy.html", policy=under_mandate(policy_id))


@broker.get(f"{POLICY}/requests/new")
@allow(Role.BROKER)
def new_request(policy_id: int) -> str:
    """What can be asked for."""
    return render_template("broker/new_request.html", policy=under_mandate(policy_id))


def _requests(policy: Policy, found: Page) -> dict[str, object]:
    rows = [listed(seen, words()) for seen in found.requests]
    return {"policy": policy, "rows": rows, "older": found.older}
