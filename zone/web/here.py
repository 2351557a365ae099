"""What a view may ask of the application and the request around it."""

from __future__ import annotations

from typing import cast

from flask import current_app, g, request
from flask_login import current_user

from zone.accounts.acting_for import ActingFor
from zone.accounts.principal import Principal
from zone.audit import Role
from zone.language import Language, Refusal, known, language
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


def acting() -> ActingFor | None:
    """Whom a support agent acts for, on this page or in the client's own; none once that is over."""
    if find_principal() is None:
        return None
    found = cast("ActingFor | None", g.get("acting"))
    return found if found and found.in_force else None


def clients_language() -> str:
    """What the client's messages are written in: the language of the page, unless somebody else reads it for them."""
    under = principal().impersonation
    return under.client_language if under else words().code


def words() -> Language:
    """The language of this page: the browser's choice, else the account's, else Slovak."""
    if "words" not in g:
        someone = find_principal()
        chosen = request.cookies.get(LANGUAGE_COOKIE) or (someone.language if someone else None)
        g.words = language(known(chosen), parts().config.timezone)
    return cast(Language, g.words)


def in_words(refusal: Refusal) -> str:
    """Why it was refused, said to who is signed in: to the client of what is theirs, or to who acts for a client.

    A support agent is one of the latter in the client's own pages too.
    """
    someone = find_principal()
    return refusal.in_words(words(), for_others=someone is not None and someone.role is not Role.CLIENT)


def wants_partial() -> bool:
    """Whether HTMX asks, and so needs nothing but the partial."""
    return request.headers.get("HX-Request") == "true" and "HX-Boosted" not in request.headers


def row_number(text: str) -> int:
    """The number of a row. Raises `ValueError` for one that no database can have."""
    number = int(text)
    if not 0 <= number < 2**63:
        raise ValueError
    return number


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
