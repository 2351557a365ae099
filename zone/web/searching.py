"""Searching as one types: the form, and the page with what was found.

What is typed is a name or a phone number, and where the next page begins tells of somebody; so they go in the body of a
POST that changes nothing: an address would keep them in the browser's history and in the server's log.
"""

from __future__ import annotations

from typing import Protocol, TypeVar

from flask import Response, make_response, render_template
from wtforms import HiddenField, SearchField

from zone.clients import search
from zone.clients.allowance import TooMuchRead
from zone.clients.search import ClientRow, Page, PolicyRow
from zone.web.forms import TranslatedForm, at_most
from zone.web.here import wants_partial, words

Row = TypeVar("Row", PolicyRow, ClientRow)


class SearchForm(TranslatedForm):
    """What somebody knows of the client; the heirs say what that may be.

    `after` is where the next page of what was found begins.
    """

    typed = SearchField("", [at_most(100)])
    after = HiddenField(validators=[at_most(400)])


class Read(Protocol[Row]):
    """A search under an allowance. Raises `TooMuchRead`."""

    def __call__(self, typed: str, *, after: str | None) -> Page[Row]: ...


def search_page(form: SearchForm, read: Read[Row], folder: str, page: str) -> Response:
    """The template `page` with what `read` found, or for HTMX its partial `_found.html` alone."""
    asked = form.validate_on_submit()
    typed = (form.typed.data or "").strip() if asked else ""
    after = form.after.data if asked else None
    found = None if form.errors else _read(form, read, typed, after)
    template = f"{folder}/_found.html" if wants_partial() else f"{folder}/{page}.html"
    facts = {"form": form, "page": found, "typed": _repeated(typed, found), "first": not after}
    return make_response(render_template(template, **facts), 422 if form.errors else 200)


def _read(form: SearchForm, read: Read[Row], typed: str, after: str | None) -> Page[Row] | None:
    try:
        return read(typed, after=after)
    except TooMuchRead as refusal:
        form.add_error("typed", refusal.in_words(words()))
        return None


def _repeated(typed: str, page: Page[Row] | None) -> str:
    """What the page may say again of what was typed: no birth number, which somebody will try."""
    return "" if not (page and page.rows) and search.is_birth_number(typed) else typed
