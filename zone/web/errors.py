"""What people see when something cannot be: one page, in the zone's look, never a stack trace."""

from __future__ import annotations

import logging
import sys
import traceback
from types import TracebackType

from flask import Flask, Response, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from zone.language import N_, Away, Refusal
from zone.storage import DATABASE_LOST
from zone.vault import Busy
from zone.web.api.problems import RETRY_SECONDS, Problem, asked_by_program
from zone.web.here import acting, in_words, words

log = logging.getLogger(__name__)

PAGES = {
    400: (N_("This did not work"), N_("Please go back, reload the page and try it once more.")),
    403: (
        N_("This page is not for you"),
        N_("Your account does not open it. You may be signed in as somebody else."),
    ),
    404: (N_("There is no such page"), N_("It may have moved, or the address was not copied whole.")),
    405: (N_("This did not work"), N_("Please go back, reload the page and try it once more.")),
    413: (
        N_("That was too much at once"),
        N_("What you sent is larger than this page takes. Nothing was changed."),
    ),
    429: (N_("Too many attempts"), N_("Please wait a few minutes and try again.")),
    503: (
        N_("Many people are here just now"),
        N_("Please wait a few seconds and try again. Nothing is lost."),
    ),
    500: (
        N_("Something broke on our side"),
        N_("We have been told. Please try again in a few minutes."),
    ),
}


def register(app: Flask) -> None:
    """One page for every kind of failure, and a log of the unexpected ones that quotes nothing."""
    app.log_exception = _log_place  # type: ignore[method-assign]  # Flask's own logs the message as well

    @app.errorhandler(HTTPException)
    def failed(error: HTTPException) -> Response:
        if error.response is not None:
            return make_response(error.get_response())
        response = page(error.code or 500)
        response.headers.update(
            (name, value) for name, value in error.get_headers() if name != "Content-Type"
        )
        return response

    @app.errorhandler(CSRFError)
    def stale(_: CSRFError) -> Response:
        title = N_("The page was open for too long")
        if acting():
            # Its form belongs to another impersonation, or to the time before this one.
            return page(400, title, N_("You act for another client by now. Nothing was changed."))
        return page(400, title, N_("Go back, reload it and send the form again."))

    @app.errorhandler(Busy)
    def busy(_: Busy) -> Response:
        return _later()

    def away(_: Exception) -> Response:
        """The database is locked for too long, cannot be reached, or may only be read."""
        _log_place(sys.exc_info())
        return _later(N_("The zone cannot be reached just now"))

    for kind in DATABASE_LOST:
        app.register_error_handler(kind, away)

    @app.errorhandler(Away)
    def not_now(_: Away) -> Response:
        return _later(N_("The letters cannot be reached just now"))

    @app.errorhandler(Refusal)
    def refused(refusal: Refusal) -> Response:
        return page(409, N_("This cannot be done now"), in_words(refusal))


def _later(title: str | None = None) -> Response:
    response = page(503, title)
    response.headers["Retry-After"] = RETRY_SECONDS
    return response


def page(code: int, title: str | None = None, text: str | None = None) -> Response:
    """The error page with status `code`; for a program a problem."""
    if asked_by_program():
        return Problem(code).response()
    usual = PAGES.get(code, PAGES[400])
    gettext = words().gettext
    return make_response(
        render_template("error.html", title=gettext(title or usual[0]), text=gettext(text or usual[1])), code
    )


def _log_place(exc_info: tuple[type, BaseException, TracebackType] | tuple[None, None, None]) -> None:
    """Type and place only: an exception's message may quote what a person typed, and so may an address."""
    kind, _, trace = exc_info
    places = [f"{frame.filename}:{frame.lineno}:{frame.name}" for frame in traceback.extract_tb(trace)]
    log.error("%s in %s\n%s", kind.__name__ if kind else None, request.endpoint, "\n".join(places))
