"""The broker portal: the portfolio."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from zone.audit import Role
from zone.clients import portfolio as portfolios
from zone.web.access import allow
from zone.web.here import principal

broker = Blueprint("broker", __name__, url_prefix="/broker")


@broker.get("/")
@allow(Role.BROKER)
def portfolio() -> str:
    """The policies under a live mandate, by number."""
    after = request.args.get("after", "")
    page = portfolios.page(principal().account_id, after=after)
    return render_template("broker/portfolio.html", page=page, first=not after)
