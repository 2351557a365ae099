"""The broker's portfolio: a box to search in, and the policies that were found, or all of them by number."""

from __future__ import annotations

from functools import partial

from flask import Response
from wtforms import SearchField

from zone.audit import Role
from zone.clients import reading
from zone.language import N_
from zone.web.access import allow
from zone.web.broker.blueprint import broker
from zone.web.forms import at_most
from zone.web.here import parts, principal
from zone.web.searching import SearchForm, search_page


class PortfolioForm(SearchForm):
    """What a broker knows of the client."""

    typed = SearchField(N_("Name, policy number, or phone number"), [at_most(100)])


@broker.route("/", methods=("GET", "POST"))
@allow(Role.BROKER)
def portfolio() -> Response:
    """The search with what it found, or for HTMX that alone."""
    read = partial(reading.portfolio, principal().actor, limits=parts().config.limits)
    return search_page(PortfolioForm(), read, "broker", "portfolio")
