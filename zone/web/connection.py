"""One database connection for each request, given back whatever happens."""

from __future__ import annotations

from contextlib import ExitStack

from flask import Flask, g

from zone.storage import using
from zone.web.here import parts


def register(app: Flask) -> None:
    """Take a connection before and return it after each request."""

    @app.before_request
    def take() -> None:
        connection = ExitStack()
        connection.enter_context(using(parts().database))
        g.connection = connection

    @app.teardown_request
    def give_back(_: BaseException | None) -> None:
        connection = g.pop("connection", None)
        if connection is not None:
            connection.close()
