"""The broker's portfolio: a box to search in, and the policies that were found, or all of them by number.

What is typed is a name or a phone number, and where the next page begins is a policy's; so they go in the body of a
POST that changes nothing: an address would keep them in the browser's history and in the server's log.
"""

from __future__ import annotations

from flask import Response, make_response, render_template
from wtforms import HiddenField, SearchField

from zone.audit import Role
from zone.clients import reading, search
from zone.clients.reading import TooMuchRead
from zone.clients.search import Page, PolicyRow
from zone.language import N_
from zone.web.access import allow
from zone.web.broker.blueprint import broker
from zone.web.forms import TranslatedForm, at_most
from zone.web.here import parts, principal, wants_partial, words


class SearchForm(TranslatedForm):
    """What a broker knows of the client. `after` is where the next page of what was found begins."""

    typed = SearchField(N_("Name, policy number, or phone number"), [at_most(100)])
    after = HiddenField(validators=[at_most(400)])


@broker.route("/", methods=("GET", "POST"))
@allow(Role.BROKER)
def portfolio() -> Response:
    """The search with what it found, or for HTMX that alone."""
    form = SearchForm()
    asked = form.validate_on_submit()
    typed = (form.typed.data or "").strip() if asked else ""
    after = form.after.data if asked else None
    page = None if form.errors else _read(form, typed, after)
    template = "broker/_found.html" if wants_partial() else "broker/portfolio.html"
    facts = {"form": form, "page": page, "typed": _repeated(typed, page), "first": not after}
    return make_response(render_template(template, **facts), 422 if form.errors else 200)


def _read(form: SearchForm, typed: str, after: str | None) -> Page[PolicyRow] | None:
    try:
        return reading.portfolio(principal().actor, typed, after=after, limits=parts().config.limits)
    except TooMuchRead as refusal:
        form.add_error("typed", refusal.in_words(words()))
        return None


def _repeated(typed: str, page: Page[PolicyRow] | None) -> str:
    """What the page may say again of what was typed: no birth number, which somebody will try."""
    return "" if not (page and page.rows) and search.is_birth_number(typed) else typed
