"""What an agent sees of a client leaves a trace, and no part of a page comes without saying for whom one acts."""

from __future__ import annotations

from flask import Flask, Response, render_template, request

from zone.accounts.impersonation_views import viewed
from zone.web import access
from zone.web.here import acting, find_principal

WHOLE_PAGE = "<!doctype html>"  # has its banner


def register(app: Flask) -> None:
    """Look at every answer under an impersonation before it goes out."""

    @app.after_request
    def follow(response: Response) -> Response:
        if response.mimetype != "text/html" or response.location or acting() is None:
            return response
        if response.status_code == 200 and request.method == "GET":
            _leave_trace()
        text = response.get_data(as_text=True)
        if text and not text.startswith(WHOLE_PAGE):
            response.set_data(text + render_template("impersonation/_impersonation.html", oob=True))
        return response


def _leave_trace() -> None:
    """Not of what the page asks for by itself."""
    someone, rule = find_principal(), access.of(request.endpoint)
    if someone and someone.impersonation and request.endpoint and rule and not rule.polling:
        viewed(someone, request.endpoint, (request.view_args or {}).get("reference"))
