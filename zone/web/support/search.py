"""Finding a client among everybody, as one types."""

from __future__ import annotations

from functools import partial

from flask import Response
from wtforms import SearchField

from zone.audit import Role
from zone.clients import looking
from zone.language import N_
from zone.web.access import allow
from zone.web.forms import at_most
from zone.web.here import parts, principal
from zone.web.searching import SearchForm, search_page
from zone.web.support.blueprint import support


class ClientForm(SearchForm):
    """What a support agent is told by who calls."""

    typed = SearchField(
        N_("Name, reference, policy number, e-mail, or the end of a phone number"), [at_most(100)]
    )


@support.route("/", methods=("GET", "POST"))
@allow(Role.SUPPORT)
def search() -> Response:
    """The search with what it found, or for HTMX that alone."""
    read = partial(looking.everybody, principal().actor, limits=parts().config.limits)
    return search_page(ClientForm(), read, "support", "search")
