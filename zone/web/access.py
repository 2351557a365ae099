"""Who may come to which route. Deny by default: a route that does not say fails the start."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, Response, abort, current_app, make_response, redirect, request, url_for

from zone.accounts.api_keys import Scope
from zone.audit import Role
from zone.web.api import bearer
from zone.web.here import find_principal, wants_partial

View = TypeVar("View", bound=Callable[..., Any])
STAFF_AND_CLIENTS = (Role.CLIENT, Role.BROKER, Role.SUPPORT)


class UndeclaredAccess(Exception):
    """A route without an access rule."""


@dataclass(frozen=True)
class Access:
    """The rule of one route. `roles` None means everybody, signed in or not.

    A `polling` route is asked by the page itself: it never keeps a session alive, and answers 401 when that has ended.
    A route with a `scope` is for programs whose key has it; no session opens it.
    """

    roles: frozenset[Role] | None
    polling: bool = False
    scope: Scope | None = None


def public(view: View) -> View:
    """Everybody may."""
    return _declare(view, Access(None))


def allow(*roles: Role, polling: bool = False) -> Callable[[View], View]:
    """Those who are signed in under one of `roles` may."""
    return lambda view: _declare(view, Access(frozenset(roles), polling))


def program(scope: Scope) -> Callable[[View], View]:
    """Programs whose API key has `scope` may."""
    return lambda view: _declare(view, Access(frozenset({Role.PROGRAM}), scope=scope))


def _declare(view: View, access: Access) -> View:
    view.__dict__["access"] = access
    return view


def of(endpoint: str | None) -> Access | None:
    """The rule of `endpoint`; none when there is no such route."""
    view = current_app.view_functions.get(endpoint or "")
    return getattr(view, "access", None)


def check_declared(app: Flask) -> None:
    """Raises `UndeclaredAccess` naming the routes that say nothing about who may."""
    silent = sorted(name for name, view in app.view_functions.items() if not hasattr(view, "access"))
    if silent:
        raise UndeclaredAccess(f"declare @public, @allow(…) or @program(…) for: {', '.join(silent)}")


def register(app: Flask) -> None:
    """Guard every request."""

    @app.before_request
    def guard() -> Response | None:
        access = of(request.endpoint)
        if access is None or access.roles is None:
            return None  # no route: the error page says so; or everybody may
        if access.scope is not None:
            bearer.admit(access.scope)
            return None
        someone = find_principal()
        if someone is None:
            return _ask_to_sign_in(access)
        if someone.role not in access.roles:
            abort(403)
        return None


def _ask_to_sign_in(access: Access) -> Response:
    if wants_partial() or access.polling:
        response = make_response("", 401)
        response.headers["HX-Redirect"] = url_for("auth.sign_in")
        return response
    come_back = request.full_path.rstrip("?") if request.method == "GET" else None
    return make_response(redirect(url_for("auth.sign_in", next=come_back), 303))
