"""What a view may ask of the application and the request around it."""

from __future__ import annotations

from typing import cast

from flask import current_app, g, request
from flask_login import current_user

from zone.accounts.principal import Principal
from zone.language import Language, known, language
from zone.parts import Parts
from zone.secret import Secret

LANGUAGE_COOKIE = "zone_language"
BROWSER_COOKIE = "zone_browser"


def parts() -> Parts:
    """The parts of this installation."""
    return cast(Parts, current_app.extensions["zone"])


def find_principal() -> Principal | None:
    """Who is signed in, if anyone: nobody while the database fails, so that the error page can be made."""
    if "principal" not in g:
        g.principal = None
        if "connection" in g and current_user.is_authenticated:
            g.principal = current_user.principal
    return cast("Principal | None", g.principal)


def principal() -> Principal:
    """Who is signed in; only for views whose access rule asks for somebody."""
    return cast(Principal, current_user.principal)


def client_id() -> int:
    """The client whose pages these are; only for views of the client."""
    found = principal().client_id
    if found is None:
        raise PermissionError("this account belongs to no client")
    return found


def words() -> Language:
    """The language of this page: the browser's choice, else the account's, else Slovak."""
    if "words" not in g:
        someone = find_principal()
        chosen = request.cookies.get(LANGUAGE_COOKIE) or (someone.language if someone else None)
        g.words = language(known(chosen), parts().config.timezone)
    return cast(Language, g.words)


def wants_partial() -> bool:
    """Whether HTMX asks, and so needs nothing but the partial."""
    return request.headers.get("HX-Request") == "true" and "HX-Boosted" not in request.headers


def address() -> str:
    """Where the request came from (behind proxies, as `ZONE_TRUSTED_PROXIES` allows)."""
    return request.remote_addr or "unknown"


def browser() -> Secret | None:
    """The token by which this browser is known from an earlier sign-in."""
    token = request.cookies.get(BROWSER_COOKIE)
    return Secret(token) if token else None


def back_to(path: str | None, default: str) -> str:
    """`path` if it leads to a place in this zone, else `default`: no page may send people elsewhere."""
    local = path and path.startswith("/") and not path.startswith(("//", "/\\")) and "\\" not in path
    return path if path and local and path.isprintable() else default
