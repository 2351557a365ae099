"""One request: what was asked for, by whom, and what came of it."""

from __future__ import annotations

from flask import render_template, url_for

from zone.audit import Role
from zone.clients import mandates
from zone.clients.models import Policy
from zone.requests.models import RequestKind
from zone.requests.overview import one
from zone.web.access import allow
from zone.web.broker.addresses import REQUEST, under_mandate
from zone.web.broker.blueprint import broker
from zone.web.here import principal, words
from zone.web.request_words import ASK_FOR, by, outcome


@broker.get(REQUEST)
@allow(Role.BROKER)
def request_made(policy_id: int, reference: str) -> str:
    """The request's page."""
    return render_template("broker/request.html", **_facts(under_mandate(policy_id), reference))


@broker.get(f"{REQUEST}/outcome")
@allow(Role.BROKER, polling=True)
def request_outcome(policy_id: int, reference: str) -> str:
    """What came of it so far, which the page asks for until all is final: nobody looks anew."""
    policy = mandates.policy(principal().actor, policy_id)
    return render_template("requests/_outcome.html", **_facts(policy, reference))


def _facts(policy: Policy, reference: str) -> dict[str, object]:
    seen = one(principal().actor, policy.id, reference)
    return {
        "policy": policy,
        "page_url": url_for("broker.request_made", policy_id=policy.id, reference=reference),
        "outcome_url": url_for("broker.request_outcome", policy_id=policy.id, reference=reference),
        "seen": seen,
        "by": by(seen, words()),
        "kind": words().gettext(ASK_FOR[RequestKind(seen.request.kind)]),
        "outcome": outcome(seen, words()),
    }
