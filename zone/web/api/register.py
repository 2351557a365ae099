"""Putting the API onto the application."""

from __future__ import annotations

from io import BytesIO

from flask import Flask, Request, Response, g, request
from flask_wtf.csrf import CSRFProtect

from zone.config import Config
from zone.language import Refusal, language
from zone.web.api import clients, description, letters, mandates
from zone.web.api.blueprint import api
from zone.web.api.problems import Problem, asked_by_program, of_refusal

# Each adds its routes to the blueprint when it is imported.
SUBJECTS = (clients, description, letters, mandates)
# Werkzeug reads 64 KiB at a time and holds back what could begin a boundary, be it a mere line break. With room for
# no more than that, most large files would be too large.
FORM_MEMORY = 128 * 1024


class InMemory(Request):
    """A request whose files stay in memory: else Werkzeug puts large ones on the disk in clear.

    `max_content_length` bounds them.
    """

    def _get_file_stream(self, *_: object, **__: object) -> BytesIO:
        return BytesIO()


def prepare(app: Flask, config: Config) -> None:
    """Before anything looks at a request: nobody is signed in at the API, and a letter may be as large as letters."""
    app.request_class = InMemory
    app.url_map.merge_slashes = False  # a redirection is no problem+json

    @app.before_request
    def ask_as_program() -> None:
        if asked_by_program():
            g.principal = None
            g.words = language("en", config.timezone)
        if request.endpoint == f"{api.name}.{letters.receive_letter.__name__}":
            request.max_content_length = config.letters.max_bytes + config.limits.form_bytes
            request.max_form_memory_size = FORM_MEMORY


def register(app: Flask, csrf: CSRFProtect) -> None:
    """The routes. No cookie opens them, so nobody can be made to send a request that counts as theirs."""
    csrf.exempt(api)
    app.register_blueprint(api)


@api.errorhandler(Problem)
def told(problem: Problem) -> Response:
    """The problem, as the program gets it."""
    return problem.response()


@api.errorhandler(Refusal)
def refused(refusal: Refusal) -> Response:
    """What a capability refuses."""
    return of_refusal(refusal).response()
